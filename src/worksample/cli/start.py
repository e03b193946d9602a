"""`worksample start`: make a workspace for a challenge."""

from __future__ import annotations

from pathlib import Path

import click

from worksample.messages import message


@click.command("start")
@click.argument("challenge")
@click.option("--kind", default="", help="The kind of work (default: build, or the only one).")
@click.option("--stack", default="", help="The language and framework to use.")
@click.argument("folder", required=False, metavar="[DIR]", type=click.Path(path_type=Path))
def command(challenge: str, kind: str, stack: str, folder: Path | None) -> None:
    """Make a workspace for CHALLENGE in DIR (default: a new folder of its name).

    The workspace contains the brief, what the kind of work begins with (for `build`: the contract
    and a starter that already runs), and a README with the commands to know.
    """
    from worksample.catalogue import load
    from worksample.grading.kinds import StartRequest, offered_kind

    found = load(challenge)
    target = folder or Path(found.id)
    started = offered_kind(found, kind).start(found, StartRequest(stack, target))
    click.echo(
        message(
            "{target} is ready: {title}, in {what}.",
            target=target,
            title=found.title,
            what=started.made_of,
        )
    )
    click.echo("")
    click.echo(f"  cd {target}")
    for step in started.steps:
        click.echo(f"  {step.command:<28} {step.says}")
