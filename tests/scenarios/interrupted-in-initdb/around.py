"""Use an empty cache, and run a second time on what the interrupted run has left in it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from tests.scenarios._harness.workdir import Workdir


@contextmanager
def around(workdir: Workdir) -> Iterator[None]:
    """Use a new cache; assert afterwards that the next run is accepted."""
    workdir.own_cache()
    yield
    again = workdir.run("check", "workspace", "--seed", "7")
    assert again.returncode == 0, again.stderr
