"""docs/commands.md names every command."""

from __future__ import annotations

import re
from pathlib import Path

import click

from worksample.cli import program

PAGE = Path(__file__).parents[2] / "docs" / "commands.md"


def test_table_has_every_command_and_no_other() -> None:
    rows = [line for line in PAGE.read_text().splitlines() if line.startswith("| `")]
    named = re.findall(r"`([a-z]+)[^`]*`", " ".join(row.split(" | ")[0] for row in rows))
    assert sorted(named) == program.list_commands(click.Context(program))
