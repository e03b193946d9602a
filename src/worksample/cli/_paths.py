"""Paths as they are shown."""

from __future__ import annotations

import os
from pathlib import Path


def display_path(path: Path) -> str:
    """Return `path` relative to the current folder, if that is shorter."""
    absolute = str(path.absolute())
    relative = os.path.relpath(absolute)
    return relative if len(relative) < len(absolute) else absolute
