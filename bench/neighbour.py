"""A neighbour that keeps one core busy, as on a shared machine."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

_BURNER = """
import os, time
if hasattr(os, "sched_setaffinity"):
    os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})
end, parent = time.monotonic() + float("%f"), os.getppid()
while time.monotonic() < end and os.getppid() == parent:
    sum(range(100_000))
"""


@contextmanager
def busy_neighbour(busy: bool, seconds: float) -> Iterator[None]:
    """Within the block, keep one core busy. The program ends with this process at the latest."""
    if not busy:
        yield
        return
    burner = subprocess.Popen([sys.executable, "-c", _BURNER % seconds])
    try:
        yield
    finally:
        burner.kill()
        burner.wait()
