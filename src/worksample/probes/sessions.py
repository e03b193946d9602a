"""What a server has open in its database, asked of PostgreSQL itself."""

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
    """A transaction in which nothing happens; `query` is the last thing that was asked in it."""

    pid: int
    state: str
    query: str

    def __str__(self) -> str:
        return f"{self.state}, after: {' '.join(self.query.split())}"


async def idle_transactions(
    wire: Wire, database: Database, seconds: float
) -> list[OpenTransaction]:
    """Wait until the server has no transaction open; after `seconds`, return those it still has.

    A connection that is being asked something is not meant. Raises `psycopg.Error`.
    """
    if await wire.wait_idle(seconds):
        return []
    pids = [each.pid for each in wire.connections.values()]
    async with await database.connect() as connection:
        rows = await (await connection.execute(_OPEN, [pids])).fetchall()
    return [OpenTransaction(int(str(pid)), str(state), str(query)) for pid, state, query in rows]


async def terminate_sessions(wire: Wire, database: Database) -> None:
    """End every connection of the server as PostgreSQL does when it shuts down (57P01)."""
    pids = [each.pid for each in wire.connections.values()]
    async with await database.connect() as connection:
        await connection.execute(
            "SELECT pg_terminate_backend(pid) FROM unnest(%s::int[]) AS pid", [pids]
        )
