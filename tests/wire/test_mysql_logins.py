"""Every way to log in passes the wire, which reads no password."""

from __future__ import annotations

import asyncio

import mysql.connector
import pymysql
import pytest

from tests.wire.caching_sha2_server import THREAD, CachingSha2Server
from tests.wire.mysql_harness import ask, connected
from worksample.services import Database
from worksample.services.mysql.databases import Database as MysqlDatabase
from worksample.services.mysql.login import Login
from worksample.wire import Wire

PASSWORD = "pass word"


def with_pymysql(database: Database) -> None:
    with connected(database) as here:
        ask(here, "UPDATE nothing SET a = 1")


def with_connector(database: Database) -> None:
    names = database.placeholders
    login = {key: names[f"mysql.{key}"] for key in ("host", "user", "password", "database")}
    here = mysql.connector.connect(port=int(names["mysql.port"]), use_pure=True, **login)
    here.cmd_ping()
    here.close()


async def logged_in(server: CachingSha2Server, work: object, password: str = PASSWORD) -> Wire:
    """Let a client log in through the wire; return the wire, which is closed."""
    owner = Login("127.0.0.1", server.port, "app", password)
    async with asyncio.timeout(30), Wire.open(MysqlDatabase("shop", owner, owner)) as wire:
        await asyncio.to_thread(work, wire.database)  # type: ignore[arg-type]
        while wire.connections:
            await asyncio.sleep(0)
        return wire


@pytest.mark.parametrize(
    ("work", "cached", "way"),
    [
        (with_pymysql, True, "fast"),
        (with_pymysql, False, "full"),
        (with_connector, True, "fast"),
    ],
)
def test_client_logs_in_as_at_mysql_8(work: object, cached: bool, way: str) -> None:
    async def scene() -> None:
        async with CachingSha2Server(PASSWORD, cached=cached).serving() as server:
            wire = await logged_in(server, work)
            assert server.logins == [way]
            assert not wire.problems
            assert wire.history
            assert PASSWORD not in repr(wire.history)

    asyncio.run(scene())


def test_wrong_password_is_refused_by_the_server() -> None:
    async def scene() -> None:
        async with CachingSha2Server(PASSWORD, cached=True).serving() as server:
            with pytest.raises(pymysql.OperationalError, match="Access denied"):
                await logged_in(server, with_pymysql, "wrong")
            assert server.logins == ["refused"]

    asyncio.run(scene())


def test_number_of_the_session_is_that_of_the_greeting() -> None:
    async def scene() -> None:
        async with CachingSha2Server(PASSWORD, cached=True).serving() as server:
            owner = Login("127.0.0.1", server.port, "app", PASSWORD)
            async with Wire.open(MysqlDatabase("shop", owner, owner)) as wire:
                reader, writer = await asyncio.open_connection(*wire.address)
                await reader.readexactly(4)
                [connection] = wire.connections.values()
                assert connection.tracker.session_id == THREAD
                writer.close()

    asyncio.run(scene())
