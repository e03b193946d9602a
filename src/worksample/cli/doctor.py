"""`worksample doctor`: show what this machine has and lacks."""

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
    """Show what this machine has and lacks for checking servers, and how to get what is missing.

    Exits with 0 if servers of at least one language can be checked, which takes the language, a
    service (PostgreSQL) and disk space; otherwise with 1.
    """
    from worksample.cli._diagnostics import can_check, run_diagnostics

    diagnostics = run_diagnostics()
    for category, members in groupby(
        sorted(diagnostics, key=_category_order), lambda diagnostic: diagnostic.category
    ):
        click.secho(str(category), bold=True)
        for diagnostic in members:
            _print(diagnostic)
        click.echo("")
    if can_check(diagnostics):
        click.echo("This machine has everything that `worksample check` needs.")
        return
    click.echo("`worksample check` cannot run: something that it needs is missing, see ✗ above.")
    raise SystemExit(1)


def _category_order(diagnostic: Diagnostic) -> int:
    from worksample.cli._diagnostics import Category

    return list(Category).index(diagnostic.category)


def _print(diagnostic: Diagnostic) -> None:
    from worksample.checks.formatting import printable

    width = min(shutil.get_terminal_size().columns, _WIDEST)
    mark, colour = (
        ("✓", "green") if diagnostic.found else ("✗", "red") if diagnostic.required else ("·", None)
    )
    indent = " " * (_COLUMN + 4)
    text = click.wrap_text(printable(diagnostic.text), width, indent, indent).lstrip()
    click.echo(f"  {click.style(mark, fg=colour)} {diagnostic.name:<{_COLUMN}}{text}")
    if diagnostic.remedy and not diagnostic.found:
        click.echo(
            click.wrap_text(f"→ {printable(diagnostic.remedy)}", width, indent, indent + "  ")
        )
