"""`worksample work`: list the work that the catalogue offers, and what is done of it."""

from __future__ import annotations

from pathlib import Path

import click


@click.command("work")
@click.option("--kind", default="", help="Only this kind of work.")
@click.option("--stack", default="", help="Only work in this language and framework.")
@click.option("--skill", default="", help="Only work that gives evidence of this skill.")
@click.option("--json", "as_json", is_flag=True, help="Print everything as JSON.")
def command(kind: str, stack: str, skill: str, as_json: bool) -> None:
    """List the work on offer: challenges, kinds of work, stacks, skills, hours, what is done.

    What is done is found in the saved runs of all workspaces in and below this folder; in a
    workspace, of those beside it, too.
    """
    from worksample.cli._work_listing import as_data, listed_work, print_work

    found, broken = listed_work(Path(), kind=kind, stack=stack, skill=skill)
    if as_json:
        import orjson

        click.echo(orjson.dumps(as_data(found), option=orjson.OPT_INDENT_2).decode())
    else:
        print_work(found)
    for line in broken:
        click.echo(line, err=True)
