"""Run a test on a wire with its own database, and assert that nothing is left afterwards."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

import psycopg
import uvloop

from worksample.services.postgres import PostgresServer
from worksample.stacks import BuiltSubmission
from worksample.wire import RoundTrip, Wire

PsycopgConnection = psycopg.AsyncConnection[tuple[Any, ...]]
Scene = Callable[[Wire], Awaitable[None]]
TIMEOUT_SECONDS = 30.0


LOOPS: dict[str, Callable[[], asyncio.AbstractEventLoop]] = {
    "asyncio": asyncio.new_event_loop,
    "uvloop": uvloop.new_event_loop,
}


def run_scene(server: PostgresServer, scene: Scene, loop: str = "asyncio") -> None:
    """Run a scene with a 30 s timeout; assert that it leaves no connection and no task."""

    async def main() -> None:
        database = await server.create_resource()
        try:
            async with asyncio.timeout(TIMEOUT_SECONDS), Wire.open(database) as wire:
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
    """Open a psycopg connection through the wire, or past it if `direct` is True."""
    url = wire.upstream.url if direct else wire.database.url
    connection = await psycopg.AsyncConnection.connect(url, autocommit=autocommit)
    try:
        yield connection
    finally:
        await connection.close()


async def rows(
    connection: PsycopgConnection, statement: str, *values: object
) -> list[tuple[Any, ...]]:
    """Execute a statement and return its rows."""
    cursor = await connection.execute(statement.encode(), values or None)
    return await cursor.fetchall() if cursor.description else []


async def direct_and_wired(wire: Wire, built: BuiltSubmission, *argv: str) -> tuple[Any, Any]:
    """Return what a client prints as JSON for the database, past the wire and through it.

    `argv` is its command in the build folder; the URL of the database is added.
    """

    async def printed(url: str) -> Any:
        client = await asyncio.create_subprocess_exec(
            *(*argv, url),
            env=dict(built.environment),
            cwd=built.folder,
            stdout=asyncio.subprocess.PIPE,
        )
        output, _ = await client.communicate()
        return json.loads(output)

    return await printed(wire.upstream.url), await printed(wire.database.url)


def statements_of(trips: list[RoundTrip]) -> list[str]:
    """Return the statements of each round trip, in one line each."""
    return [str(each) for each in trips]
