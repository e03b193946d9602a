"""`worksample start`: a workspace to begin in."""

from __future__ import annotations

from pathlib import Path

import click


@click.command("start")
@click.argument("challenge")
@click.option("--stack", default="", help="The language and framework to begin with.")
@click.argument("folder", required=False, metavar="[DIR]", type=click.Path(path_type=Path))
def command(challenge: str, stack: str, folder: Path | None) -> None:
    """Make a workspace for CHALLENGE in DIR (default: a new folder of its name).

    It holds the brief, the contract, a starter that already starts, and a README with the three
    commands to know.
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
    click.echo("  worksample check --stage 1   build it, start it, question it")
    click.echo("  worksample check --watch     the same, again at every change")
