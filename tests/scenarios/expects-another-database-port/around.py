"""Replace the port of the database in the server with one on which nothing listens."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from contextlib import contextmanager

from tests.scenarios._harness.workdir import Workdir


@contextmanager
def around(workdir: Workdir) -> Iterator[None]:
    """Replace port 1 with a port that is held, so that no other program can listen on it."""
    path = workdir.workspace / "server.py"
    with socket.socket() as holder:
        holder.bind(("127.0.0.1", 0))
        path.write_text(path.read_text().replace(":1/", f":{holder.getsockname()[1]}/"))
        yield
