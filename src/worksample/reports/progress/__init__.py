"""How a run is followed while it goes on: lines where output is piped, a block on a terminal."""

from __future__ import annotations

from contextlib import AbstractContextManager
from typing import TextIO

from worksample.grading import Progress
from worksample.reports.progress.lines import Lines


class Following(Progress, AbstractContextManager["Following"]):
    """Progress that is shown while the context is open."""


def follow(file: TextIO) -> Lines:
    """Return what shows the progress of one run on `file`; use it as a context manager."""
    return Lines(file)


__all__ = ["follow"]
