"""Use the challenge `notes`."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from tests.scenarios._harness.workdir import HERE, Workdir


@contextmanager
def around(workdir: Workdir) -> Iterator[None]:
    """Let the program find the challenge."""
    workdir.environment["WORKSAMPLE_CHALLENGES"] = str(HERE / "_notes")
    yield
