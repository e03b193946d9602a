"""`worksample start`: make a workspace for a challenge."""

from __future__ import annotations

from pathlib import Path

import click


@click.command("start")
@click.argument("challenge")
@click.option("--stack", default="", help="The language and framework to use.")
@click.argument("folder", required=False, metavar="[DIR]", type=click.Path(path_type=Path))
def command(challenge: str, stack: str, folder: Path | None) -> None:
    """Make a workspace for CHALLENGE in DIR (default: a new folder of its name).

    The workspace contains the brief, the contract, a starter that already runs, and a README with
    the three commands to know.
    """
    from worksample.catalogue import load
    from worksample.catalogue.workspace import make_workspace

    found = load(challenge)
    target = folder or Path(found.id)
    made = make_workspace(found, stack, target)
    click.echo(f"{target} is ready: {found.title}, in {made}.")
    click.echo("")
    click.echo(f"  cd {target}")
    click.echo("  less brief.md                what the customer wants, stage by stage")
    click.echo("  worksample check --stage 1   build it, start it, check it")
    click.echo("  worksample check --watch     the same, after every change")
