"""What `check` does: make the order, follow the run, keep and show its report."""

from __future__ import annotations

import secrets
import sys
from dataclasses import dataclass
from pathlib import Path

import click

from worksample.catalogue import load
from worksample.cli._loop import run_to_the_end
from worksample.grading import Order, Report, Selection, Workspace, grade
from worksample.reports import form
from worksample.reports.progress import follow


@dataclass(frozen=True, slots=True)
class Keeping:
    """Where a report goes, and how it is shown."""

    html: Path | None = None
    no_html: bool = False
    as_json: bool = False
    junit: Path | None = None
    whole: bool = False


def order_of(
    folder: Path,
    *,
    challenge: str = "",
    stage: int = 0,
    only: str = "",
    seed: int | None = None,
    url: str = "",
    postgres: str = "",
) -> tuple[Workspace, Order]:
    """Return the workspace around `folder` and the order to judge it.

    Raises `UserError` for a folder that is no workspace and a challenge that does not exist.
    """
    workspace = Workspace.open(folder, challenge)
    order = Order(
        challenge=load(workspace.challenge),
        folder=workspace.folder,
        settings=workspace.settings,
        selection=Selection(stage, tuple(filter(None, (x.strip() for x in only.split(","))))),
        seed=secrets.randbelow(1_000_000) if seed is None else seed,
        url=url,
        postgres=postgres,
    )
    return workspace, order


def check_once(workspace: Workspace, order: Order, keeping: Keeping) -> Report:
    """Judge once; keep the report in the workspace, show it, and return it."""
    with follow(sys.stderr) as progress:
        report = run_to_the_end(grade(order, progress))
    workspace.keep(report)
    if keeping.as_json:
        click.echo(form("json_form").render(report), nl=False)
    else:
        from worksample.reports import terminal

        terminal.show(report, whole=keeping.whole)
    return report
