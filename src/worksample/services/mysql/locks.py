"""Lock waits, as InnoDB's monitor and the list of processes show them.

The tables of information_schema would name the blockers, but are up to 100 ms old, and are not
renewed at all while they are asked more often (measured on MariaDB 10.11). The monitor is exact.
"""

from __future__ import annotations

import asyncio
import re
import threading
from collections.abc import Iterator

from worksample.services.database import WaitingSessions
from worksample.services.mysql.login import Connection, Login, database_errors, rows

_LIST = "LIST OF TRANSACTIONS"
_ENTRY = "---TRANSACTION "
_SESSION = re.compile(r"(?:MariaDB|MySQL) thread id (\d+)")
_OTHER_WAITS = """
    SELECT id, coalesce(state, ''), command FROM information_schema.processlist
    WHERE id <> connection_id() AND db = %s
"""
_WAITING_STATES = ("Waiting for table", "User lock")


class LockMonitor:
    """See `LockMonitor` in database.py; a session is the number of a connection.

    MariaDB does not say who holds the lock: all sessions count that hold one. For locks on whole
    tables and those of GET_LOCK all other sessions do.
    """

    def __init__(self, login: Login, database: str) -> None:
        self._login, self._database = login, database
        self._connection: Connection | None = None
        # A caller that is cancelled leaves its query running, and the next one must not interrupt.
        self._one_query = threading.Lock()

    async def waiting(self) -> WaitingSessions:
        """See `LockMonitor` in database.py."""
        return await asyncio.to_thread(self._waiting)

    async def close(self) -> None:
        """Close the connection."""
        await asyncio.to_thread(self._close)

    def _close(self) -> None:
        with self._one_query:
            if self._connection is not None and self._connection.open:
                self._connection.close()

    def _waiting(self) -> WaitingSessions:
        with self._one_query, database_errors():
            if self._connection is None or not self._connection.open:
                self._connection = self._login.connect(self._database)
            [(_, _, status)] = rows(self._connection, "SHOW ENGINE INNODB STATUS")
            sessions = rows(self._connection, _OTHER_WAITS, (self._database,))
        found = waiting_for_rows(status)
        for session, state, _ in sessions:
            if state.startswith(_WAITING_STATES):
                found[session] = tuple(other for other, *_ in sessions if other != session)
        return found


def waiting_for_rows(status: str) -> dict[int, tuple[int, ...]]:
    """Return session -> sessions that hold locks, for all that wait for a lock of InnoDB.

    `status` is the text of its monitor; what it tells of earlier deadlocks is left out.
    """
    holding = dict(_transactions(status))
    return {
        session: tuple(other for other in holding if other != session)
        for session, waits in holding.items()
        if waits
    }


def _transactions(status: str) -> Iterator[tuple[int, bool]]:
    """Yield each session that holds or wants a lock, and whether it waits."""
    for entry in status.partition(_LIST)[2].split(_ENTRY)[1:]:
        if session := _SESSION.search(entry):
            head = entry[: session.start()]
            if " lock struct(s)" in head:
                yield int(session[1]), "\nLOCK WAIT " in head
