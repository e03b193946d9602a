"""What `check` does: make the order, follow the run, keep its report and show it."""

from __future__ import annotations

import os
import secrets
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import click

from worksample.catalogue import load
from worksample.cli._loop import run_to_the_end
from worksample.errors import UserError
from worksample.grading import Order, Report, Selection, Workspace, grade
from worksample.reports.progress import follow

if TYPE_CHECKING:
    from collections.abc import Sequence


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is to be judged, as the command line says it; empty means the default."""

    folder: Path
    challenge: str = ""
    stage: int = 0
    only: str = ""
    seed: int = 0
    url: str = ""
    postgres: str = ""

    def order(self) -> tuple[Workspace, Order]:
        """Return the workspace and the order to judge it, from what lies there now.

        Raises `UserError` for a folder that is no workspace and a challenge that does not exist.
        """
        workspace = Workspace.open(self.folder, self.challenge)
        order = Order(
            challenge=load(workspace.challenge),
            folder=workspace.folder,
            settings=workspace.settings,
            selection=Selection(self.stage, _names(self.only)),
            seed=self.seed,
            url=self.url,
            postgres=self.postgres,
        )
        return workspace, order


@dataclass(frozen=True, slots=True)
class Showing:
    """Where a report goes, and how it is shown."""

    html: Path | None = None
    no_html: bool = False
    as_json: bool = False
    junit: Path | None = None
    whole: bool = False

    def refuse_bad_places(self) -> None:
        """Raise `UserError` now for a file that could not be written after a long run."""
        for path in (self.html, self.junit):
            if path is not None and not os.access(path.parent, os.W_OK | os.X_OK):
                raise UserError(
                    f"{path} cannot be written: {path.parent} is no folder, or not yours.",
                    hint="Name a file in a folder that exists.",
                )


def new_seed() -> int:
    """Return a seed that nobody asked for."""
    return secrets.randbelow(1_000_000)


def check_once(wanted: Wanted, showing: Showing) -> Report:
    """Judge once; keep the report in the workspace, show it, and return it."""
    workspace, order = wanted.order()
    with follow(sys.stderr) as progress:
        report = run_to_the_end(grade(order, progress))
    kept = workspace.keep(report)
    places = _written(report, kept, showing)
    if showing.as_json:
        _print_json(report)
    else:
        from worksample.reports import terminal

        terminal.show(report, whole=showing.whole)
    _say_places(places, kept, workspace)
    return report


def _print_json(report: Report) -> None:
    from worksample.reports import json_form

    click.echo(json_form.render(report), nl=False)


def _written(report: Report, kept: Path | None, showing: Showing) -> list[tuple[str, Path]]:
    """Write the files that are wanted; return their forms and places."""
    from worksample.cli._kept import write
    from worksample.reports import form

    places: list[tuple[str, Path]] = []
    if not showing.no_html:
        places += [("html", kept / "report.html")] if kept else []
        places += [("html", showing.html)] if showing.html else []
    places += [("junit", showing.junit)] if showing.junit else []
    return [(name, write(form(name).render(report), path)) for name, path in places]


def _say_places(places: Sequence[tuple[str, Path]], kept: Path | None, at: Workspace) -> None:
    if kept is None:
        click.echo(f"Nothing can be written in {at.folder}: this run was not kept.", err=True)
    for name, path in places:
        click.echo(f"{name.upper() if name == 'html' else 'JUnit'} report: {short(path)}", err=True)


def short(path: Path) -> str:
    """Return `path` from here, where that is shorter."""
    absolute = str(path.absolute())
    relative = os.path.relpath(absolute)
    return relative if len(relative) < len(absolute) else absolute


def _names(only: str) -> tuple[str, ...]:
    return tuple(filter(None, (name.strip() for name in only.split(","))))
