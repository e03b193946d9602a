"""With a cache of its own, which is empty; and a second run on what the first has left."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from tests.scenarios._harness.workdir import Workdir


@contextmanager
def around(workdir: Workdir) -> Iterator[None]:
    """Let the cache be new, and see that what is left of it does no harm."""
    workdir.own_cache()
    yield
    again = workdir.run("check", "workspace", "--seed", "7")
    assert again.returncode == 0, again.stderr
