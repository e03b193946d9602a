"""`check --watch`: check again whenever a file of the submission changes."""

from __future__ import annotations

import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import NoReturn

import click

from worksample.catalogue import load
from worksample.cli import print_error
from worksample.cli._checking import CheckOptions, OutputOptions, check_once
from worksample.cli._paths import display_path
from worksample.cli._stage_progress import latest_stages
from worksample.errors import WorksampleError
from worksample.grading import Report, Workspace
from worksample.messages import message
from worksample.reports.support.tally import StageTally, by_stage, first_not_done
from worksample.reports.text.changes import show_changed_verdicts
from worksample.reports.text.page import page_for
from worksample.stacks.copying import list_files

Snapshot = Mapping[str, tuple[int, int]]
_POLL_INTERVAL = 0.4


def watch(options: CheckOptions, output: OutputOptions) -> NoReturn:
    """Check now and after every change, until Ctrl-C; print which verdicts changed.

    Without a selection, only the stages up to the lowest open one are checked; when that is done,
    the next one begins at once. An error (a broken worksample.toml, for example) is printed, and
    the next change awaited.
    """
    workspace = Workspace.open(options.folder, options.challenge)
    folder = workspace.folder
    stage = 0 if options.is_selection else _open_stage_of(workspace)
    before: Report | None = None
    while True:
        seen = snapshot(folder)
        try:
            report = check_once(replace(options, stage=stage or options.stage), output)
        except WorksampleError as error:
            print_error(error)
        else:
            if before is not None:
                show_changed_verdicts(page_for(None), before, report)
            before = report
            following = _lowest_open(by_stage(report)) if stage else 0
            if following > stage:
                click.echo(_stage_done(report, stage, following))
                stage = following
                continue
        click.echo(
            message("Waiting for a change in {folder} (Ctrl-C ends).", folder=display_path(folder)),
            err=True,
        )
        sys.stdout.flush()
        wait_for_change(folder, seen)


def _open_stage_of(workspace: Workspace) -> int:
    """Return the stage to begin with: the lowest open one of the latest runs, or the first.

    0 if the challenge has no stages, or if all of them are done.
    """
    stages = load(workspace.challenge).stages
    if not stages:
        return 0
    latest = latest_stages(workspace)
    return _lowest_open(latest) if latest else stages[0].number


def _lowest_open(stages: Sequence[StageTally]) -> int:
    """Return the number of the first stage that is not done; 0 if all are."""
    found = first_not_done(stages)
    return found.number if found else 0


def _stage_done(report: Report, done: int, following: int) -> str:
    return message(
        "Stage {done} is done. Now stage {number}: {title}.",
        done=done,
        number=following,
        title=report.stages[following],
    )


def snapshot(folder: Path) -> Snapshot:
    """Return the mtime (ns) and size, by name, of every file that a check would copy.

    Empty if a file disappears meanwhile, or if the folder is too large to copy.
    """
    try:
        return {each.name: _file_state(each.path) for each in list_files(folder)}
    except (OSError, WorksampleError):
        return {}


def wait_for_change(folder: Path, seen: Snapshot) -> None:
    """Return when the files differ from `seen` and two snapshots in a row are equal."""
    last = seen
    while True:
        now = snapshot(folder)
        if now != seen and now == last:
            return
        last = now
        time.sleep(_POLL_INTERVAL)


def _file_state(path: Path) -> tuple[int, int]:
    found = path.stat()
    return found.st_mtime_ns, found.st_size
