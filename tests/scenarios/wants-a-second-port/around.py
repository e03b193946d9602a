"""Choose a free port as the fixed second port of the server."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from tests.scenarios._harness.workdir import Workdir
from worksample.sandbox.ports import free_port


@contextmanager
def around(workdir: Workdir) -> Iterator[None]:
    """Write the port to the file that the server reads."""
    (workdir.workspace / "metrics-port").write_text(str(free_port()))
    yield
