"""Progress of a run: lines that are redrawn on a terminal, plain lines elsewhere."""

from __future__ import annotations

import os
from typing import TextIO

from worksample.reports.progress.lines import Lines
from worksample.reports.progress.live import LiveDisplay


def open_progress(file: TextIO) -> LiveDisplay | Lines:
    """Return a `worksample.grading.Progress` that writes to `file`; use it as a context manager.

    It is a `LiveDisplay` on a terminal that can move its cursor (`TERM` is not `dumb`), and `Lines`
    elsewhere.
    """
    if file.isatty() and os.environ.get("TERM", "dumb") != "dumb":
        return LiveDisplay(file)
    return Lines(file)


__all__ = ["open_progress"]
