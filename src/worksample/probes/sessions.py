"""Sessions of a server, as PostgreSQL reports them in `pg_stat_activity`."""

from __future__ import annotations

from dataclasses import dataclass

from worksample.services.base import Database
from worksample.wire import Wire

# https://www.postgresql.org/docs/current/monitoring-stats.html#MONITORING-PG-STAT-ACTIVITY-VIEW
_OPEN = """
    SELECT pid, state, left(query, 200) FROM pg_catalog.pg_stat_activity
    WHERE pid = ANY(%s) AND state LIKE 'idle in transaction%%'
"""


@dataclass(frozen=True, slots=True)
class OpenTransaction:
    """A session that is idle in a transaction; `query` is its last statement."""

    pid: int
    state: str
    query: str

    def __str__(self) -> str:
        return f"{self.state}, after: {' '.join(self.query.split())}"


async def idle_transactions(
    wire: Wire, database: Database, seconds: float
) -> list[OpenTransaction]:
    """Wait up to `seconds` until the server has no open transaction; return those that remain.

    Only sessions in an "idle in transaction" state count, not those that execute a statement.
    Raises `psycopg.Error`.
    """
    if await wire.wait_idle(seconds):
        return []
    pids = [each.pid for each in wire.connections.values()]
    async with await database.connect() as connection:
        rows = await (await connection.execute(_OPEN, [pids])).fetchall()
    return [OpenTransaction(int(str(pid)), str(state), str(query)) for pid, state, query in rows]


async def terminate_sessions(wire: Wire, database: Database) -> None:
    """Terminate every session of the server, as PostgreSQL does when it shuts down (57P01)."""
    pids = [each.pid for each in wire.connections.values()]
    async with await database.connect() as connection:
        await connection.execute(
            "SELECT pg_terminate_backend(pid) FROM unnest(%s::int[]) AS pid", [pids]
        )
