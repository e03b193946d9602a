"""`check --watch`: again whenever a file of the submission changes."""

from __future__ import annotations

import sys
import time
from collections.abc import Mapping
from pathlib import Path
from typing import NoReturn

import click

from worksample.cli import say_error
from worksample.cli._checking import Showing, Wanted, check_once, short
from worksample.errors import WorksampleError
from worksample.grading import Report, Workspace
from worksample.stacks.copying import entries

Seen = Mapping[str, tuple[int, int]]
_LOOK_EVERY = 0.4


def watch(wanted: Wanted, showing: Showing) -> NoReturn:
    """Check now and after every change, until Ctrl-C; say which verdicts changed.

    Mistakes in the folder (a broken worksample.toml) are said and waited out.
    """
    folder = Workspace.open(wanted.folder, wanted.challenge).folder
    before: Report | None = None
    while True:
        seen = snapshot(folder)
        try:
            report = check_once(wanted, showing)
        except WorksampleError as error:
            say_error(error)
        else:
            for line in changes(before, report):
                click.echo(line)
            before = report
        click.echo(f"Waiting for a change in {short(folder)} (Ctrl-C ends).", err=True)
        sys.stdout.flush()
        wait_for_change(folder, seen)


def snapshot(folder: Path) -> Seen:
    """Return name, time of change (ns) and size of every file that a check would copy.

    A file that vanishes while we look counts as not there; a folder too large to copy is empty.
    """
    try:
        return {each.name: _stamp(each.path) for each in entries(folder)}
    except (OSError, WorksampleError):
        return {}


def wait_for_change(folder: Path, seen: Seen) -> None:
    """Return when the files differ from `seen` and have been the same for two looks."""
    last = seen
    while True:
        now = snapshot(folder)
        if now != seen and now == last:
            return
        last = now
        time.sleep(_LOOK_EVERY)


def changes(before: Report | None, after: Report) -> list[str]:
    """Return a line for every check whose verdict is another than in the run before."""
    if before is None:
        return []
    old = {result.check.id: result.verdict for result in before.results}
    lines = [
        f"  {old[result.check.id]} → {result.verdict}: {result.check.title}"
        for result in after.results
        if old.get(result.check.id, result.verdict) is not result.verdict
    ]
    said = f"Changed since the last run ({len(lines)}):" if lines else "No verdict has changed."
    return [said, *lines] if old and after.results else []


def _stamp(path: Path) -> tuple[int, int]:
    found = path.stat()
    return found.st_mtime_ns, found.st_size
