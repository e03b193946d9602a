"""The sessions that a server has with its database."""

from __future__ import annotations

from worksample.services import Database, OpenTransaction
from worksample.wire import Wire


async def idle_transactions(
    wire: Wire, database: Database, seconds: float
) -> list[OpenTransaction]:
    """Wait up to `seconds` until the server has no open transaction; return those that remain.

    Only sessions in which no statement is running count. Raises `DatabaseError`.
    """
    if await wire.wait_idle(seconds):
        return []
    return await database.idle_transactions(_sessions(wire))


async def terminate_sessions(wire: Wire, database: Database) -> None:
    """Terminate every session of the server, as the database does when it shuts down."""
    await database.terminate(_sessions(wire))


def _sessions(wire: Wire) -> list[int]:
    return [each.tracker.session_id for each in wire.connections.values()]
