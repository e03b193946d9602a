"""Add a module that raises when it is imported to the challenge."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from tests.scenarios._harness.workdir import Workdir


@contextmanager
def around(workdir: Workdir) -> Iterator[None]:
    """Add the module to the challenge."""
    workdir.add_to_challenge("broken.py", "raise RuntimeError('in the module')\n")
    yield
