"""Find the workspaces in and below a folder."""

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
