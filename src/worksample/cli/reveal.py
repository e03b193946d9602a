"""`worksample reveal`: show the answer to a task, after it is solved or given up."""

from __future__ import annotations

from pathlib import Path

import click


@click.command("reveal")
@click.argument("folder", required=False, metavar="[DIR]", type=click.Path(path_type=Path))
@click.option(
    "--give-up", is_flag=True, help="Show it before the task is accepted; it proves nothing then."
)
@click.option("--no-proof", is_flag=True, help="Do not run the checks that fail on a defect.")
def command(folder: Path | None, give_up: bool, no_proof: bool) -> None:
    """Show cause and smallest known fix of the task in DIR (default: here).

    That is for a task that the last whole check accepted. With --give-up it is shown before, and
    every later report says so.

    Then, for a review, the server of the pull request is started, and the checks that fail on its
    defects show how.
    """
    from worksample.catalogue import load
    from worksample.cli._async_runner import run_interruptible
    from worksample.cli._proving import show_proofs_of
    from worksample.errors import UserError
    from worksample.grading import RunRequest, Workspace
    from worksample.grading.giving_up import give_up as write_down
    from worksample.grading.giving_up import is_accepted
    from worksample.grading.kinds import Proving, Revealing, kind_of
    from worksample.messages import message

    workspace = Workspace.open(folder or Path())
    challenge = load(workspace.challenge)
    kind = kind_of(challenge, workspace.settings)
    if not isinstance(kind, Revealing):
        raise UserError(
            message("The kind of work {kind} has nothing to reveal.", kind=kind.id),
            hint="A task that was made from a defect has: `worksample start ID --kind fix`.",
        )
    accepted = is_accepted(workspace)
    if not (give_up or accepted):
        raise UserError(
            message("The task in {folder} is not accepted yet.", folder=workspace.folder),
            hint="`worksample check` accepts it, without --stage and --only. Or give up: "
            "`worksample reveal --give-up` shows the answer, and the task proves nothing then.",
        )
    answers = run_interruptible(kind.reveal(challenge, workspace.folder))
    if not accepted:
        write_down(workspace)
    for number, answer in enumerate(answers, 1):
        click.secho(f"{number}. {answer.title}", bold=True)
        click.echo(f"\n{answer.where}: {answer.says}\n\n{answer.fix}")
    if isinstance(kind, Proving) and not no_proof:
        show_proofs_of(kind, RunRequest(challenge, workspace.folder, workspace.settings))
