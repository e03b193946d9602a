"""Lock waits and their blockers, queried from PostgreSQL, so that no timing is involved.

https://www.postgresql.org/docs/current/view-pg-locks.html: a backend waits for at most one lock,
whose row is not `granted`; pg_blocking_pids returns the backends that block it.
"""

from __future__ import annotations

from worksample.services.database import WaitingSessions
from worksample.services.postgres.errors import database_errors
from worksample.services.postgres.login import Connection, Login

_WAITING = """
    SELECT pid, pg_blocking_pids(pid) FROM (
        SELECT DISTINCT pid FROM pg_catalog.pg_locks WHERE NOT granted AND pid IS NOT NULL
    ) AS waiting
"""


class LockMonitor:
    """See `LockMonitor` in database.py; a session is the process id of a backend."""

    def __init__(self, login: Login, database: str) -> None:
        self._login, self._database = login, database
        self._connection: Connection | None = None

    async def waiting(self) -> WaitingSessions:
        """Return pid -> blocking pids of all backends that wait."""
        with database_errors():
            if self._connection is None or self._connection.closed:
                self._connection = await self._login.connect(self._database)
            cursor = await self._connection.execute(_WAITING)
            return {int(str(pid)): _pids(others) for pid, others in await cursor.fetchall()}

    async def close(self) -> None:
        """Close the connection."""
        if self._connection is not None:
            await self._connection.close()


def _pids(value: object) -> tuple[int, ...]:
    return tuple(int(each) for each in value) if isinstance(value, list) else ()
