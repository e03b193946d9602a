"""Feedback in a terminal: comments as a reviewer writes them, with the learner's replies."""

from __future__ import annotations

from collections.abc import Mapping

from worksample.checks.formatting import printable
from worksample.messages import message, plural
from worksample.reports.feedback.model import Comment, Feedback, Reply, State
from worksample.reports.support.formatting import pluralize, stage_label, truncate
from worksample.reports.text.page import Page, Part
from worksample.reports.text.screen_causes import show_field

_IN_PART = 3
_IN_A_LINE = 8
_MAX_FILES = 4
_MAX_REPLY = 300
_STYLES = {State.MENDED: "bold green", State.ANSWERED: "bold yellow", State.OPEN: "bold red"}


def show_feedback(page: Page, feedback: Feedback, *, full: bool = False) -> None:
    """Write where each comment stands: the mended ones, the answered ones, and the open ones.

    Of the open ones, the first are written in part, and the others in a line each; with `full`,
    all are written in full.
    """
    _show_head(page, feedback)
    for state in State:
        found = feedback.in_state(state)
        if not found:
            continue
        page.heading(message("{state} ({count})", state=str(state).capitalize(), count=len(found)))
        in_part = 0 if state is not State.OPEN else len(found) if full else _IN_PART
        in_a_line = len(found) if full else in_part + _IN_A_LINE
        for index, each in enumerate(found[:in_a_line]):
            if full:
                show_comment(page, each)
            elif index < in_part:
                _show_part(page, each)
            else:
                page.single(*_title(each))
                _show_replies(page, each)
        if left := len(found[in_a_line:]):
            page.line(
                (message("and {count} more: `--all` shows them", count=left), "dim"), indent=5
            )


def show_comment(page: Page, comment: Comment) -> None:
    """Write one comment in full, with its replies."""
    page.line(*_title(comment), hang=5)
    for label, text, style in _fields(comment):
        if text:
            page.field(label, (text, style))
    if comment.finding and comment.state is not State.MENDED:
        command = message(
            "worksample replay {number} --run {run}", number=comment.finding, run=comment.run
        )
        page.field("see it again", (command, "bold"))
    _show_replies(page, comment)


def files_of(changes: Mapping[str, int]) -> str:
    """Return "app.py (12 lines), README.md (1 line) and 3 more files"."""
    names = sorted(changes, key=lambda name: (-changes[name], name))
    shown = [
        message(
            "{name} ({lines})",
            name=truncate(printable(name), 80),
            lines=pluralize(changes[name], "line"),
        )
        for name in names[:_MAX_FILES]
    ]
    left = len(names) - len(shown)
    listed = ", ".join(shown)
    if not left:
        return listed
    return plural(
        left, "{files} and {count} more file", "{files} and {count} more files", files=listed
    )


def _show_head(page: Page, feedback: Feedback) -> None:
    latest, comments = feedback.rounds[-1], feedback.comments
    words = message(
        "Round {number}: run {run}, {verdict}",
        number=len(feedback.rounds),
        run=latest.run,
        verdict=latest.verdict,
    )
    page.line((words, "bold"))
    if not comments:
        page.line("No comments: this run found nothing to mend.")
        return
    counts = [(len(feedback.in_state(state)), state) for state in State]
    told = [
        message("{count} {state}", count=count, state=state) for count, state in counts if count
    ]
    total = pluralize(len(comments), "comment")
    page.line(message("{total}: {counts}.", total=total, counts=", ".join(told)), hang=2)
    if len(feedback.rounds) > 1:
        page.line(_changed(latest.changes), hang=2)


def _changed(changes: Mapping[str, int]) -> str:
    if not changes:
        return "You changed nothing since the round before."
    return message("Since the round before you changed {files}.", files=files_of(changes))


def _title(comment: Comment) -> list[Part]:
    about = (comment.severity, stage_label(comment.stage), comment.place)
    where = ", ".join(str(each) for each in about if each)
    return [
        (f"{comment.number:>3}  ", _STYLES[comment.state]),
        (comment.title, "" if comment.mended_in else "bold"),
        (f"  [{where}]", "dim"),
    ]


def _fields(comment: Comment) -> list[tuple[str, str, str]]:
    """Return label, text and style of each field; the text may be empty."""
    more = plural(
        comment.further,
        "{count} more check fails, or waits for it",
        "{count} more checks fail, or wait for it",
    )
    return [
        ("seen", comment.shown, ""),
        ("expected", comment.expected, "green"),
        ("actual", comment.actual, "red"),
        ("the brief", f"{comment.rule}  {comment.clause}" if comment.clause else "", ""),
        ("why it matters", comment.why, ""),
        ("further", more if comment.further else "", ""),
    ]


def _show_part(page: Page, comment: Comment) -> None:
    """Write title, request, what was expected and the rule, each in at most two lines."""
    with page.at_most(2):
        page.line(*_title(comment), hang=5)
    for label, text, style in _fields(comment)[:4]:
        show_field(page, label, text, style, lines=1 if style else 2)
    _show_replies(page, comment)


def _show_replies(page: Page, comment: Comment) -> None:
    for each in comment.replies:
        page.field("you", truncate(each.text, _MAX_REPLY), _until_then(each))


def _until_then(reply: Reply) -> tuple[str, str]:
    if not reply.changes:
        return (message("  ({when})", when=reply.when), "dim")
    return (
        message("  ({when}, after {files})", when=reply.when, files=files_of(reply.changes)),
        "dim",
    )
