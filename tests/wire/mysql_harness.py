"""Run a test on a wire with its own MySQL database, and assert that nothing is left afterwards."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pymysql

from tests.wire.harness import LOOPS
from worksample.services import Database
from worksample.services.mysql import MariadbServer
from worksample.services.mysql.login import Connection
from worksample.wire import Wire

Scene = Callable[[Wire], Awaitable[None]]
TIMEOUT_SECONDS = 60.0


def run_mysql_scene(server: MariadbServer, scene: Scene, loop: str = "asyncio") -> None:
    """Run a scene with a time-out; assert that it leaves no connection and no task."""

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


@contextmanager
def connected(database: Database, **options: Any) -> Iterator[Connection]:
    """Open a connection of PyMySQL; it blocks, so use it in a thread."""
    owner = database.placeholders
    connection = pymysql.connect(
        host=owner["mysql.host"],
        port=int(owner["mysql.port"]),
        user=owner["mysql.user"],
        password=owner["mysql.password"],
        database=owner["mysql.database"],
        **{"autocommit": True, "read_timeout": 30, **options},
    )
    try:
        yield connection
    finally:
        if connection.open:
            connection.close()


def ask(connection: Connection, statement: str, *values: object) -> list[tuple[Any, ...]]:
    """Execute a statement and return its rows."""
    with connection.cursor() as cursor:
        cursor.execute(statement, values or None)
        return list(cursor.fetchall())
