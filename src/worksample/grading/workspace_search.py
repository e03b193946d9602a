"""Find the workspaces with saved runs in, below and above a folder."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

from worksample.grading.workspace import STATE_FOLDER
from worksample.stacks.copying import Generated

_BUILD_FOLDERS = frozenset(("target", "build", "dist"))
_MAX_DEPTH = 4
_MAX_FOLDERS = 5000


def saved_reports(folder: Path) -> Iterator[tuple[Path, Path]]:
    """Yield (workspace, report file) for each saved run of the workspaces in and below `folder`."""
    for workspace in _workspaces(folder):
        for path in sorted((workspace / STATE_FOLDER / "runs").glob("*/report.json")):
            yield workspace, path


def nearest_run(folder: Path) -> tuple[Path, str] | None:
    """Return (workspace, run) of the latest run nearest to `folder`; None if there is none.

    The folders above come before those below, and both from the nearest to the farthest. Of
    several below that are equally near, the one with the latest run is taken.
    """
    root = folder.resolve()
    for above in (root, *root.parents):
        if runs := _runs_of(above):
            return above, runs[-1]
    below = [(path, runs[-1]) for path in _workspaces(root) if (runs := _runs_of(path))]
    nearest = min((len(path.parts) for path, _ in below), default=0)
    near = [found for found in below if len(found[0].parts) == nearest]
    return max(near, key=lambda found: found[1], default=None)


def _runs_of(workspace: Path) -> list[str]:
    """Return the ids of the saved runs of a folder, oldest first."""
    found = (workspace / STATE_FOLDER / "runs").glob("*/report.json")
    return sorted(path.parent.name for path in found)


def _workspaces(folder: Path) -> Iterator[Path]:
    root, generated = folder.resolve(), Generated.of_all_stacks()
    for number, (place, folders, _) in enumerate(os.walk(root)):
        if number > _MAX_FOLDERS:
            return
        path = Path(place)
        if (path / STATE_FOLDER / "runs").is_dir():
            yield path
        deep = len(path.parts) - len(root.parts) >= _MAX_DEPTH
        skipped = generated.ignore(place, folders) | _BUILD_FOLDERS
        folders[:] = [] if deep else sorted(f for f in folders if f[:1] != "." and f not in skipped)
