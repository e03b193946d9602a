"""A challenge with a module that does not work."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from tests.scenarios._harness.workdir import Workdir


@contextmanager
def around(workdir: Workdir) -> Iterator[None]:
    """Break the challenge."""
    workdir.add_to_challenge("broken.py", "raise RuntimeError('the author slipped')\n")
    yield
