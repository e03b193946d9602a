"""`worksample doctor`: what this machine has and lacks."""

from __future__ import annotations

import shutil
from itertools import groupby
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from worksample.cli._machine import Fact

_WIDEST = 100
_COLUMN = 14


@click.command("doctor")
def command() -> None:
    """Say what this machine has for building and checking servers, what lacks, and how to get it.

    Exits with 0 when servers of at least one language can be checked: the language, a service
    (PostgreSQL), and room for both. Else with 1.
    """
    from worksample.cli._machine import enough, examine

    facts = examine()
    for kind, members in groupby(sorted(facts, key=_order), lambda fact: fact.kind):
        click.secho(str(kind), bold=True)
        for fact in members:
            _say(fact)
        click.echo("")
    if enough(facts):
        click.echo("Everything is there that `worksample check` needs.")
        return
    click.echo("Something is missing without which nothing can be checked: see ✗ above.")
    raise SystemExit(1)


def _order(fact: Fact) -> int:
    from worksample.cli._machine import Kind

    return list(Kind).index(fact.kind)


def _say(fact: Fact) -> None:
    from worksample.checks.words import printable

    width = min(shutil.get_terminal_size().columns, _WIDEST)
    mark, colour = ("✓", "green") if fact.there else ("✗", "red") if fact.needed else ("·", None)
    indent = " " * (_COLUMN + 4)
    text = click.wrap_text(printable(fact.text), width, indent, indent).lstrip()
    click.echo(f"  {click.style(mark, fg=colour)} {fact.name:<{_COLUMN}}{text}")
    if fact.how and not fact.there:
        click.echo(click.wrap_text(f"→ {printable(fact.how)}", width, indent, indent + "  "))
