"""The second port: one that is free, and then always the same."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from tests.scenarios._harness.workdir import Workdir
from worksample.sandbox.ports import free_port


@contextmanager
def around(workdir: Workdir) -> Iterator[None]:
    """Choose the port."""
    (workdir.workspace / "metrics-port").write_text(str(free_port()))
    yield
