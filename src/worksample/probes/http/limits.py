"""What a server may cost us: everything that comes from a target is bounded in size and time."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Limits:
    """Bounds of one client. Times in seconds, sizes in bytes.

    `timeout` is for a whole request, from connecting to the last byte of the answer.
    `connect` is generous enough for two lost SYNs (sent again after 1 s and 3 s), which is what
    a burst on a small listen queue gets. `idle` stays below the shortest keep-alive time that
    common servers have by default (gunicorn 2 s, uvicorn and Node 5 s), so that a connection is
    not used at the moment in which the server closes it. `pool` is how many connections are kept
    idle, not how many may be busy.
    """

    timeout: float = 10.0
    connect: float = 5.0
    idle: float = 1.0
    body: int = 4 * 1024 * 1024
    head: int = 64 * 1024
    pool: int = 64
