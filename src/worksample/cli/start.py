"""`worksample start`: make a workspace for a challenge."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

import click

from worksample.messages import message

if TYPE_CHECKING:
    from worksample.catalogue import Challenge
    from worksample.grading.kinds import Kind, Step


@click.command("start")
@click.argument("challenge", metavar="CHALLENGE|FILE")
@click.option("--kind", default="", help="The kind of work (default: build, or the only one).")
@click.option("--stack", default="", help="The language and framework to use.")
@click.option(
    "--database",
    default="",
    help="The database to use: postgres or mysql (default: the first one that CHALLENGE offers).",
)
@click.option(
    "--seed",
    type=click.IntRange(min=0),
    help="Which task, where there are several (default: a random one).",
)
@click.option(
    "--pack",
    type=click.Path(dir_okay=False, path_type=Path),
    metavar="FILE",
    help="Write the task to FILE, for somebody who has no answers to make it from.",
)
@click.argument("folder", required=False, metavar="[DIR]", type=click.Path(path_type=Path))
def command(
    challenge: str,
    kind: str,
    stack: str,
    database: str,
    seed: int | None,
    pack: Path | None,
    folder: Path | None,
) -> None:
    """Make a workspace for CHALLENGE in DIR (default: a new folder of its name).

    The workspace contains the brief, what the kind of work begins with (for `build`: the contract
    and a starter that already runs; for `fix`: a repository and tickets; for `speed-up`: a slow one
    and a complaint; for `test`: a first test), and the commands to know.

    FILE is a task that somebody packed with --pack.
    """
    from worksample.catalogue import load
    from worksample.grading.kinds import offered_kind

    if Path(challenge).is_file():
        if kind or stack or database or seed is not None or pack:
            raise click.UsageError("A packed task is one already: name only FILE and DIR.")
        _open_packed(Path(challenge), folder)
        return
    found = load(challenge)
    chosen = offered_kind(found, kind)
    if pack is None:
        _start(found, chosen, stack, seed, folder, database)
    elif database:
        raise click.UsageError("A packed task comes with its database: leave out --database.")
    elif folder is None:
        _pack(found, chosen, stack, seed, pack)
    else:
        raise click.UsageError("--pack writes the task to FILE: leave out DIR.")


def _open_packed(file: Path, folder: Path | None) -> None:
    """Make the workspace of the packed task `file`."""
    from worksample.catalogue import load
    from worksample.grading import opened_tasks
    from worksample.grading.kinds import kind_of
    from worksample.grading.task_packs import open_pack
    from worksample.grading.task_starting import steps_in

    target = folder or Path(file.stem)
    opened = open_pack(file, target)
    opened_tasks.record(opened.challenge, opened.settings.kind)
    found = load(opened.challenge)
    click.echo(message("{target} is ready: {title}.", target=target, title=found.title))
    _show_next(target, steps_in(target, kind_of(found, opened.settings)))


def _pack(challenge: Challenge, kind: Kind, stack: str, seed: int | None, file: Path) -> None:
    """Write a task to `file`."""
    from worksample.grading.task_packs import write_pack
    from worksample.grading.task_starting import start_task

    write_pack(lambda place: start_task(challenge, kind, stack, seed, place), file)
    click.echo(message("{file} is ready: {title}.", file=file, title=challenge.title))
    click.echo(message("\n  worksample start {file}", file=file))


def _start(
    challenge: Challenge,
    kind: Kind,
    stack: str,
    seed: int | None,
    folder: Path | None,
    database: str,
) -> None:
    """Make a workspace, and show what to do next."""
    from worksample.grading import opened_tasks
    from worksample.grading.kinds import Revealing
    from worksample.grading.task_starting import start_task

    target = folder or Path(challenge.id)
    started = start_task(challenge, kind, stack, seed, target, database)
    if isinstance(kind, Revealing):
        opened_tasks.record(challenge.id, kind.id)
    click.echo(
        message(
            "{target} is ready: {title}, in {what}.",
            target=target,
            title=challenge.title,
            what=started.made_of,
        )
    )
    _show_next(target, started.steps)
    _say_missing_language(started.stack)


def _say_missing_language(stack: str) -> None:
    """Say what this machine lacks to check work in `stack`, if it lacks the language."""
    from worksample.stacks.availability import missing_language

    if tool := missing_language(stack):
        said = "\n{language} is missing on this machine; a check needs it: {remedy}."
        click.echo(message(said, language=tool.name, remedy=tool.remedy))


def _show_next(folder: Path, steps: Iterable[Step]) -> None:
    click.echo(message("\n  cd {folder}", folder=folder))
    for step in steps:
        click.echo(f"  {step.command:<28} {step.says}")
