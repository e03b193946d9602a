"""`worksample challenges`: list the challenges."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from worksample.messages import message

if TYPE_CHECKING:
    from worksample.catalogue import Challenge


@click.command("challenges")
@click.option("--json", "as_json", is_flag=True, help="Print everything as JSON.")
def command(as_json: bool) -> None:
    """List the challenges, with their skills, kinds of work and size."""
    import orjson

    from worksample.catalogue import load_all

    challenges = load_all()
    if as_json:
        data = [challenge.describe() for challenge in challenges]
        click.echo(orjson.dumps(data, option=orjson.OPT_INDENT_2).decode())
        return
    for challenge in challenges:
        _print(challenge)
    click.echo("Start one: worksample start CHALLENGE --stack STACK [DIR]")


def _print(challenge: Challenge) -> None:
    kinds = ", ".join(f"{kind} ({hours:.0f} h)" for kind, hours in challenge.kinds.items())
    size = message(
        "{stages} stages, {checks} checks",
        stages=len(challenge.stages),
        checks=len(challenge.checks),
    )
    click.echo(f"{click.style(challenge.id, bold=True)}  {challenge.title}")
    lines = [
        ("", challenge.summary),
        ("work", f"{kinds}; {size}"),
        (
            "stacks",
            message("{stacks} (or a project of your own)", stacks=", ".join(challenge.stacks)),
        ),
        ("skills", ", ".join(challenge.skills)),
    ]
    for name, text in lines:
        body = click.wrap_text(text, width=92, initial_indent="", subsequent_indent=" " * 10)
        click.echo(f"  {name:<7} {body}")
    click.echo()
