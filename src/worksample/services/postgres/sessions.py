"""Sessions of a target, as PostgreSQL reports them in `pg_stat_activity`.

https://www.postgresql.org/docs/current/monitoring-stats.html#MONITORING-PG-STAT-ACTIVITY-VIEW
"""

from __future__ import annotations

from collections.abc import Sequence

from worksample.services.database import OpenTransaction
from worksample.services.postgres.login import Connection

_OPEN = """
    SELECT pid, state, left(query, 200) FROM pg_catalog.pg_stat_activity
    WHERE pid = ANY(%s) AND state LIKE 'idle in transaction%%'
"""


async def idle_transactions(
    connection: Connection, sessions: Sequence[int]
) -> list[OpenTransaction]:
    """Return the backends among `sessions` that are in an "idle in transaction" state."""
    rows = await (await connection.execute(_OPEN, [list(sessions)])).fetchall()
    return [OpenTransaction(int(str(pid)), str(state), str(query)) for pid, state, query in rows]


async def terminate(connection: Connection, sessions: Sequence[int]) -> None:
    """Terminate backends; their clients get 57P01."""
    await connection.execute(
        "SELECT pg_terminate_backend(pid) FROM unnest(%s::int[]) AS pid", [list(sessions)]
    )
