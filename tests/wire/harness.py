"""A scene: a database of its own, the wire before it, and nothing left afterwards."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

import psycopg
import uvloop

from worksample.services.postgres import PostgresServer
from worksample.wire import RoundTrip, Wire

PsycopgConnection = psycopg.AsyncConnection[tuple[Any, ...]]
Scene = Callable[[Wire], Awaitable[None]]
LONGEST = 30.0


LOOPS: dict[str, Callable[[], asyncio.AbstractEventLoop]] = {
    "asyncio": asyncio.new_event_loop,
    "uvloop": uvloop.new_event_loop,
}


def play(server: PostgresServer, scene: Scene, loop: str = "asyncio") -> None:
    """Play a scene; it hangs no longer than 30 s, and leaves no connection and no task."""

    async def main() -> None:
        database = await server.create_database()
        try:
            async with asyncio.timeout(LONGEST), Wire.open(database) as wire:
                await scene(wire)
            assert not wire.connections
            rest = asyncio.all_tasks() - {asyncio.current_task()}
            assert not rest, rest
        finally:
            await database.drop()

    with asyncio.Runner(loop_factory=LOOPS[loop]) as runner:
        runner.run(main())


@asynccontextmanager
async def connect(
    wire: Wire, *, direct: bool = False, autocommit: bool = True
) -> AsyncIterator[PsycopgConnection]:
    """A psycopg connection through the wire (or, `direct`, past it)."""
    url = wire.database.upstream.url if direct else wire.database.url
    connection = await psycopg.AsyncConnection.connect(url, autocommit=autocommit)
    try:
        yield connection
    finally:
        await connection.close()


async def rows(
    connection: PsycopgConnection, statement: str, *values: object
) -> list[tuple[Any, ...]]:
    """What a statement brings."""
    cursor = await connection.execute(statement.encode(), values or None)
    return await cursor.fetchall() if cursor.description else []


def statements_of(trips: list[RoundTrip]) -> list[str]:
    """The statements of round trips, each in one line."""
    return [str(each) for each in trips]
