"""How a run is followed while it goes on: a block on a terminal, lines everywhere else."""

from __future__ import annotations

import os
from typing import TextIO

from worksample.reports.progress.block import Block
from worksample.reports.progress.lines import Lines


def open_progress(file: TextIO) -> Block | Lines:
    """Return what shows the progress of one run on `file`; use it as a context manager.

    Both are a `worksample.grading.Progress`. The block is for a terminal that can move its cursor
    (`TERM` is not `dumb`).
    """
    if file.isatty() and os.environ.get("TERM", "dumb") != "dumb":
        return Block(file)
    return Lines(file)


__all__ = ["open_progress"]
