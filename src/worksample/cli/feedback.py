"""`worksample feedback`: the findings of the runs as a reviewer's comments, and the replies."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from worksample.errors import NoSavedRun, UserError
from worksample.messages import message

if TYPE_CHECKING:
    from worksample.grading import Report, Workspace
    from worksample.reports.feedback.model import Comment, Feedback

_MAX_TEXT = 4000
_HOW_TO_REPLY = 'Reply to a comment: `worksample feedback --answer {number} "TEXT"`.'


@click.command("feedback")
@click.argument("folder", required=False, metavar="[DIR]", type=click.Path(path_type=Path))
@click.option(
    "--answer",
    "answers",
    multiple=True,
    type=(int, str),
    metavar="N TEXT",
    help="Reply to comment N; what you changed since is recorded beside it.",
)
@click.option("--comment", "number", type=int, metavar="N", help="Show only comment N.")
@click.option("--all", "full", is_flag=True, help="Show every comment in full.")
@click.option("--json", "as_json", is_flag=True, help="Print everything as JSON.")
def command(
    folder: Path | None,
    answers: tuple[tuple[int, str], ...],
    number: int | None,
    full: bool,
    as_json: bool,
) -> None:
    """Show what the latest run of DIR (default: here) found, as the comments of a reviewer.

    The comments stay, with your replies, until a later run finds them mended: check again, and
    call this again. A cause that is new then becomes a new comment.
    """
    from worksample.cli._saved_runs import find_workspace
    from worksample.reports.feedback.storage import save_feedback

    workspace, _ = find_workspace("", folder)
    if workspace.archive is not None:
        raise UserError(
            message("{path} is an archive, which cannot be changed.", path=workspace.archive),
            hint="Name the folder that it was made of.",
        )
    if answers:
        _answer(workspace, answers)
        return
    feedback = _up_to_date(workspace)
    save_feedback(workspace, feedback)
    if as_json:
        _as_json(feedback)
    elif number is not None:
        _show_one(_comment(feedback, number))
    else:
        _show(workspace, feedback, full=full)


def _show_one(comment: Comment) -> None:
    from worksample.reports.text.feedback import show_comment
    from worksample.reports.text.page import page_for

    show_comment(page_for(None), comment)


def _show(workspace: Workspace, feedback: Feedback, *, full: bool) -> None:
    from worksample.reports.feedback.model import State
    from worksample.reports.text.feedback import show_feedback
    from worksample.reports.text.page import page_for

    page = page_for(None)
    show_feedback(page, feedback, full=full)
    left = [*feedback.in_state(State.OPEN), *feedback.in_state(State.ANSWERED)]
    page.blank_line()
    page.line((_since(workspace, feedback), "dim"), hang=2)
    if left:
        page.line((message(_HOW_TO_REPLY, number=left[0].number), "dim"), hang=2)


def _since(workspace: Workspace, feedback: Feedback) -> str:
    """Return what to do next, by what has changed in the workspace since the latest round."""
    from worksample.reports.feedback.storage import changes_since
    from worksample.reports.text.feedback import files_of
    from worksample.stacks.copying import digest_of, list_files

    if changes := changes_since(workspace):
        return message(
            "Since then you have changed {files}: `worksample check`, then `worksample feedback`, "
            "shows what is mended.",
            files=files_of(changes),
        )
    if digest_of(list_files(workspace.folder)) != feedback.rounds[-1].digest:
        return "The files are not those of that run: changes are counted from now on."
    return "When you have changed something, check again, and then ask for feedback again."


def _up_to_date(workspace: Workspace) -> Feedback:
    """Return the feedback with every run that was saved since it was last read."""
    from worksample.reports.feedback.model import Feedback
    from worksample.reports.feedback.reading import with_run
    from worksample.reports.feedback.storage import changes_since, keep_submission, load_feedback

    known = load_feedback(workspace)
    unread = _unread(workspace, known)
    if not unread:
        if known is None:
            raise _nothing_to_read(workspace)
        return known
    latest = unread[-1]
    if known is None or known.challenge != latest.challenge:
        feedback = with_run(Feedback(latest.challenge), latest, {})
    else:
        feedback, changes = known, changes_since(workspace)
        for each in unread:
            if each.challenge == latest.challenge:
                feedback = with_run(feedback, each, changes if each is latest else {})
    keep_submission(workspace)
    return feedback


def _unread(workspace: Workspace, known: Feedback | None) -> list[Report]:
    """Return the reports of the runs since the last one that was read; the latest if none was.

    Runs that asked nothing, and reports that cannot be read, are left out.
    """
    found: list[Report] = []
    for run in reversed(workspace.runs()):
        if known is not None and run <= known.latest:
            break
        try:
            report = workspace.report(run)
        except UserError:
            continue
        if report.results:
            found.append(report)
        if found and known is None:
            break
    return found[::-1]


def _nothing_to_read(workspace: Workspace) -> UserError:
    """Return why there is no run to read; raise `NoSavedRun` if none was saved."""
    latest = workspace.report()
    return NoSavedRun(
        message(
            "No run in {folder} has asked a check yet; the latest: {verdict}.",
            folder=workspace.place,
            verdict=latest.verdict,
        ),
        hint="`worksample report` shows why.",
    )


def _answer(workspace: Workspace, answers: tuple[tuple[int, str], ...]) -> None:
    """Record the replies; raise `UserError` if one cannot be recorded, and then record none."""
    import msgspec

    from worksample.reports.feedback.model import Reply
    from worksample.reports.feedback.storage import changes_since, load_feedback, save_feedback
    from worksample.reports.text.feedback import files_of

    feedback = load_feedback(workspace)
    if feedback is None:
        raise UserError(
            message("There is no feedback in {folder} to reply to yet.", folder=workspace.folder),
            hint="`worksample feedback` shows the comments on the latest run.",
        )
    comments = {each.number: each for each in feedback.comments}
    changes = changes_since(workspace)
    now = datetime.now(UTC).isoformat(timespec="minutes")
    for number, text in answers:
        known = comments.get(number) or _comment(feedback, number)
        replies = (*known.replies, Reply(_valid(number, text), now, changes))
        comments[number] = msgspec.structs.replace(known, replies=replies)
    save_feedback(workspace, msgspec.structs.replace(feedback, comments=tuple(comments.values())))
    for number, _ in answers:
        click.echo(
            message(
                "Your reply to comment {number} is recorded: {title}",
                number=number,
                title=comments[number].title,
            )
        )
    if changes:
        click.echo(message("Changed since the comments: {files}.", files=files_of(changes)))
        click.echo("`worksample check`, then `worksample feedback`, shows what is mended.")


def _valid(number: int, text: str) -> str:
    stripped = text.strip()
    if not stripped:
        raise UserError(message("The reply to comment {number} is empty.", number=number))
    if len(stripped) > _MAX_TEXT:
        raise UserError(
            message(
                "The reply to comment {number} has {length} characters; {limit} are kept.",
                number=number,
                length=len(stripped),
                limit=_MAX_TEXT,
            ),
            hint="Say the most important thing, or put the rest into a file of the repository.",
        )
    return stripped


def _comment(feedback: Feedback, number: int) -> Comment:
    for each in feedback.comments:
        if each.number == number:
            return each
    count = len(feedback.comments)
    raise UserError(
        message("There is no comment {number}.", number=number),
        hint=message("The comments are 1 to {count}.", count=count)
        if count
        else "The runs that were read found nothing to comment on.",
    )


def _as_json(feedback: Feedback) -> None:
    import msgspec

    from worksample.reports.feedback.model import State

    data = msgspec.to_builtins(feedback, enc_hook=str)
    for entry, comment in zip(data["comments"], feedback.comments, strict=True):
        entry["state"] = str(comment.state)
        del entry["signs"]
    data["counts"] = {str(state): len(feedback.in_state(state)) for state in State}
    click.echo(msgspec.json.format(msgspec.json.encode(data)).decode())
