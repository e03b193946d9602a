"""Lock waits and their blockers, queried from PostgreSQL, so that no timing is involved.

https://www.postgresql.org/docs/current/view-pg-locks.html: a backend waits for at most one lock,
whose row is not `granted`; pg_blocking_pids returns the backends that block it.
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
    """The connection `connection` waits for a lock that the connections `blockers` hold.

    Connections are given by number. `blockers` is transitive; 0 in it is a backend that serves no
    connection of the wire.
    """

    connection: int
    blockers: tuple[int, ...]


class LockMonitor:
    """Queries PostgreSQL on a connection of its own, opened on first use."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._connection: psycopg.AsyncConnection[tuple[object, ...]] | None = None

    async def waiting(self) -> Waiting:
        """Return pid -> blocking pids of all backends that wait. Raises `psycopg.Error`."""
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
    """Return the lock wait of backend `pid`, None without one; `numbers` maps pid -> connection."""
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
