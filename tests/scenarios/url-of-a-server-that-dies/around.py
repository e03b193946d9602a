"""A server that somebody else started."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from tests.scenarios._harness.workdir import Workdir


@contextmanager
def around(workdir: Workdir) -> Iterator[None]:
    """Start the server of the workspace, and name its address."""
    with workdir.serving() as url:
        workdir.arguments += ["--url", url]
        yield
