"""A home that belongs to somebody else."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager

from tests.scenarios._harness.workdir import Workdir


@contextmanager
def around(workdir: Workdir) -> Iterator[None]:
    """Take the home away from its user."""
    os.chown(workdir.home, 0, 0)
    yield
    assert list(workdir.home.iterdir()) == []
