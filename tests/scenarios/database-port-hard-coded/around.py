"""Replace the port of the database in server and settings with a free one."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from tests.scenarios._harness.workdir import Workdir
from worksample.sandbox.ports import free_port


@contextmanager
def around(workdir: Workdir) -> Iterator[None]:
    """Replace port 1 with a free port in both files."""
    port = free_port()
    for name, before, after in (
        ("worksample.toml", "port = 1", f"port = {port}"),
        ("server.py", ":1/", f":{port}/"),
    ):
        path = workdir.workspace / name
        path.write_text(path.read_text().replace(before, after))
    yield
