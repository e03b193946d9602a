"""Who waits for a lock, and for whom: asked of PostgreSQL, never told by a clock.

https://www.postgresql.org/docs/current/view-pg-locks.html: a backend waits for at most one lock,
and its row there is not `granted`; pg_blocking_pids names who is in its way.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import psycopg

from worksample.services import Database

_WAITING = """
    SELECT pid, pg_blocking_pids(pid) FROM (
        SELECT DISTINCT pid FROM pg_catalog.pg_locks WHERE NOT granted AND pid IS NOT NULL
    ) AS waiting
"""
Waiting = Mapping[int, tuple[int, ...]]


@dataclass(frozen=True, slots=True)
class LockWait:
    """A connection waits for a lock. `blockers` are the connections in its way, by number.

    They include those in the way of these; 0 stands for a process that does not use the wire.
    """

    connection: int
    blockers: tuple[int, ...]


class LockMonitor:
    """Asks through a connection of its own, which it opens when it is first needed."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._connection: psycopg.AsyncConnection[tuple[object, ...]] | None = None

    async def waiting(self) -> Waiting:
        """Return pid -> pids in its way, of all that wait. Raises `psycopg.Error`."""
        if self._connection is None or self._connection.closed:
            self._connection = await self._database.connect()
        cursor = await self._connection.execute(_WAITING)
        return {int(str(pid)): _pids(others) for pid, others in await cursor.fetchall()}

    async def close(self) -> None:
        """Close the connection."""
        if self._connection is not None:
            await self._connection.close()


def _pids(value: object) -> tuple[int, ...]:
    return tuple(int(each) for each in value) if isinstance(value, list) else ()


def lock_wait(waiting: Waiting, pid: int, numbers: Mapping[int, int]) -> LockWait | None:
    """Return what the process `pid` waits for; `numbers` maps a pid to its connection."""
    if not pid or pid not in waiting:
        return None
    found: list[int] = []
    behind = [pid]
    while behind:
        for each in waiting.get(behind.pop(), ()):
            if each not in found:
                found.append(each)
                behind.append(each)
    blockers = dict.fromkeys(numbers.get(each, 0) for each in found if each != pid)
    return LockWait(numbers.get(pid, 0), tuple(blockers))
