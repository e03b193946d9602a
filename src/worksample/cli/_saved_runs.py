"""Saved runs: find the workspace, list its runs, write reports as files."""

from __future__ import annotations

from pathlib import Path

import click

from worksample.checks.formatting import printable
from worksample.cli._paths import display_path
from worksample.errors import NotAWorkspace, UserError, WorkspaceError
from worksample.grading import Report, Workspace
from worksample.grading.workspace import STATE_FOLDER
from worksample.grading.workspace_search import nearest_run
from worksample.messages import message
from worksample.whole_files import write_whole


def find_workspace(run: str, folder: Path | None) -> tuple[Workspace, str]:
    """Return the workspace of `folder` (default: the current folder) or archive, and the run id.

    Without `folder`, a `run` that exists as a file is used as the folder, so that
    `worksample report DIR` works. Raises `WorkspaceError` if there is no workspace; its hint says
    where the nearest saved run is.
    """
    if folder is None and run and Path(run).exists():
        run, folder = "", Path(run)
    place = folder or Path()
    if place.is_file():
        return Workspace.of_archive(place), run
    # A folder checked with --challenge has saved runs, but no worksample.toml.
    challenge = "any" if (place / STATE_FOLDER).is_dir() else ""
    try:
        return Workspace.open(place, challenge), run
    except NotAWorkspace as error:
        raise _outside(error, place) from None


def _outside(error: NotAWorkspace, place: Path) -> WorkspaceError:
    """Return `error`, with the nearest saved run as its hint if there is one."""
    found = nearest_run(place) if place.is_dir() else None
    if found is None:
        return error
    return WorkspaceError(
        error.message,
        hint=message(
            "The nearest saved run is {run} in {folder}: name that folder in the command.",
            run=found[1],
            folder=display_path(found[0]),
        ),
    )


def print_runs(workspace: Workspace) -> None:
    """Print the ids of the saved runs with their verdicts, the latest last."""
    for run in workspace.runs():
        try:
            verdict = str(workspace.report(run).verdict)
        except UserError as error:
            verdict = printable(error.message)
        click.echo(f"{run}  {verdict}")


def run_before(workspace: Workspace, run: str = "") -> Report | None:
    """Return the report of the run before `run` (default: of the latest one), if it can be read."""
    earlier = [name for name in workspace.runs() if not run or name < run]
    try:
        return workspace.report(earlier[-1]) if earlier else None
    except UserError:
        return None


def write(data: bytes, path: Path) -> Path:
    """Write `data` to `path` atomically and return `path`; raise `UserError` if that fails."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        write_whole(path, data)
    except OSError as error:
        raise UserError(
            message("{path} cannot be written: {reason}.", path=path, reason=error.strerror),
            hint="Name a file in a folder that you can write to.",
        ) from error
    return path
