"""Progress of a run: a block that is redrawn on a terminal, plain lines elsewhere."""

from __future__ import annotations

import os
from typing import TextIO

from worksample.reports.progress.block import Block
from worksample.reports.progress.lines import Lines


def open_progress(file: TextIO) -> Block | Lines:
    """Return a `worksample.grading.Progress` that writes to `file`; use it as a context manager.

    It is a `Block` on a terminal that can move its cursor (`TERM` is not `dumb`), else `Lines`.
    """
    if file.isatty() and os.environ.get("TERM", "dumb") != "dumb":
        return Block(file)
    return Lines(file)


__all__ = ["open_progress"]
