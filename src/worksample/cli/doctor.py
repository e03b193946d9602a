"""`worksample doctor`: what this machine has and lacks."""

from __future__ import annotations

import shutil
from itertools import groupby
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from worksample.cli._diagnostics import Diagnostic

_WIDEST = 100
_COLUMN = 14


@click.command("doctor")
def command() -> None:
    """Say what this machine has for building and checking servers, what lacks, and how to get it.

    Exits with 0 when servers of at least one language can be checked: the language, a service
    (PostgreSQL), and room for both. Else with 1.
    """
    from worksample.cli._diagnostics import can_check, run_diagnostics

    facts = run_diagnostics()
    for category, members in groupby(
        sorted(facts, key=_category_order), lambda fact: fact.category
    ):
        click.secho(str(category), bold=True)
        for fact in members:
            _print(fact)
        click.echo("")
    if can_check(facts):
        click.echo("Everything is there that `worksample check` needs.")
        return
    click.echo("Something is missing without which nothing can be checked: see ✗ above.")
    raise SystemExit(1)


def _category_order(fact: Diagnostic) -> int:
    from worksample.cli._diagnostics import Category

    return list(Category).index(fact.category)


def _print(fact: Diagnostic) -> None:
    from worksample.checks.formatting import printable

    width = min(shutil.get_terminal_size().columns, _WIDEST)
    mark, colour = ("✓", "green") if fact.found else ("✗", "red") if fact.required else ("·", None)
    indent = " " * (_COLUMN + 4)
    text = click.wrap_text(printable(fact.text), width, indent, indent).lstrip()
    click.echo(f"  {click.style(mark, fg=colour)} {fact.name:<{_COLUMN}}{text}")
    if fact.remedy and not fact.found:
        click.echo(click.wrap_text(f"→ {printable(fact.remedy)}", width, indent, indent + "  "))
