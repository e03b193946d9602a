"""Limits in size and time for everything that is received from a target."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Limits:
    """Limits of one client. Times are in seconds, sizes in bytes.

    `timeout`: a whole request, from connecting to the last byte of the answer. `connect`: long
    enough for two lost SYNs (retransmitted after 1 s and 3 s), as in a burst on a small listen
    queue. `idle`: below the shortest default keep-alive timeout of common servers (gunicorn 2 s,
    uvicorn and Node 5 s), so that the server does not close a connection while it is reused.
    `pool`: maximum number of idle connections; busy ones are not limited.
    """

    timeout: float = 10.0
    connect: float = 5.0
    idle: float = 1.0
    body: int = 4 * 1024 * 1024
    head: int = 64 * 1024
    pool: int = 64
