"""Drivers get the same results with and without the wire, and the wire records their work."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import asyncpg
import psycopg
import pytest

from tests.wire.harness import run_scene
from worksample.services.postgres import Database, PostgresServer
from worksample.wire import Outcome, Wire
from worksample.wire.postgres import Kind

Work = Callable[[str, Database], Awaitable[Any]]
TABLE = "create temp table t(a int primary key, b text)"


async def psycopg_simple(url: str, database: Database) -> Any:
    async with await psycopg.AsyncConnection.connect(url, autocommit=True) as connection:
        cursor = await connection.execute("select 1; select 'two'; create temp table t(a int)")
        found = []
        while True:
            found.append((cursor.statusmessage, cursor.description and await cursor.fetchall()))
            if not cursor.nextset():
                return found


def database_of(wire: Wire) -> Database:
    assert isinstance(wire.upstream, Database)
    return wire.upstream


async def psycopg_extended(url: str, database: Database) -> Any:
    async with await psycopg.AsyncConnection.connect(url) as connection:
        await connection.execute(TABLE)
        for number in range(20):
            await connection.execute("insert into t values (%s, %s)", (number, "ü" * number))
        await connection.commit()
        errors = []
        for statement in ("insert into t values (%s, null)", "select 1 / (%s - 1)", "select"):
            try:
                await connection.execute(statement, (1,) if "%s" in statement else None)
            except psycopg.Error as error:
                errors.append((error.sqlstate, str(error)))
            await connection.rollback()
        cursor = await connection.execute("select * from t where a > %b order by a", (3,))
        return errors, await cursor.fetchall()


async def psycopg_pipeline(url: str, database: Database) -> Any:
    async with await psycopg.AsyncConnection.connect(url, autocommit=True) as connection:
        await connection.execute(TABLE)
        async with connection.pipeline() as pipeline:
            cursors = [
                await connection.execute("insert into t values (%s, 'x') returning a", (number,))
                for number in range(50)
            ]
            await pipeline.sync()
            cursors.append(await connection.execute("select count(*) from t"))
            found = [await cursor.fetchall() for cursor in cursors]
        try:
            async with connection.pipeline():
                await connection.execute("insert into t values (100, 'x')")
                await connection.execute("insert into t values (1, 'x')")
                await connection.execute("insert into t values (101, 'x')")
        except psycopg.Error as error:
            found.append([(error.sqlstate,)])
        cursor = await connection.execute("select count(*) from t")
        return found, await cursor.fetchall()


async def psycopg_copy(url: str, database: Database) -> Any:
    async with await psycopg.AsyncConnection.connect(url) as connection:
        await connection.execute(TABLE)
        async with connection.cursor().copy("copy t from stdin") as copy:
            for number in range(5000):
                await copy.write_row((number, "y" * (number % 300)))
        found = bytearray()
        async with connection.cursor().copy("copy t to stdout (format binary)") as copy:
            async for piece in copy:
                found += bytes(piece)
        try:
            async with connection.cursor().copy("copy t from stdin") as copy:
                await copy.write_row((1, "again"))
        except psycopg.Error as error:
            await connection.rollback()
            return bytes(found), error.sqlstate
        raise AssertionError("a row twice")


async def psycopg_cursors(url: str, database: Database) -> Any:
    async with (
        await psycopg.AsyncConnection.connect(url) as connection,
        connection.cursor(name="mine") as cursor,
    ):
        await cursor.execute("select generate_series(1, %s)", (1000,))
        return [await cursor.fetchmany(300) for _ in range(5)]


async def psycopg_notify(url: str, database: Database) -> Any:
    async with await psycopg.AsyncConnection.connect(url, autocommit=True) as listener:
        await listener.execute("listen news")
        async with await database.connect() as sender:
            for number in range(3):
                await sender.execute(f"notify news, 'number {number}'".encode())
        return [(each.channel, each.payload) async for each in listener.notifies(stop_after=3)]


async def psycopg_cancel(url: str, database: Database) -> Any:
    async with await psycopg.AsyncConnection.connect(url, autocommit=True) as connection:
        sleeping = asyncio.create_task(connection.execute("select pg_sleep(600)"))
        async with await database.connect() as admin:
            ask = "select wait_event from pg_stat_activity where pid = %s"
            pid = connection.info.backend_pid
            while await (await admin.execute(ask, [pid])).fetchone() != ("PgSleep",):
                await asyncio.sleep(0)
        await connection.cancel_safe()
        with pytest.raises(psycopg.errors.QueryCanceled):
            await sleeping
        cursor = await connection.execute("select 'alive'")
        return await cursor.fetchall()


async def asyncpg_work(url: str, database: Database) -> Any:
    connection = await asyncpg.connect(url)
    try:
        await connection.execute(TABLE)
        await connection.executemany(
            "insert into t values ($1, $2)", [(number, "z") for number in range(500)]
        )
        found: list[Any] = [await connection.fetch("select * from t where a < $1", 5)]
        async with connection.transaction():
            cursor = connection.cursor("select a from t order by a", prefetch=100)
            found.append([row["a"] async for row in cursor])
        for statement in ("select 1 / $1::int", "select nothing"):
            try:
                await connection.fetch(statement, *([0] if "$1" in statement else []))
            except asyncpg.PostgresError as error:
                found.append((error.sqlstate, str(error)))
        records = [(number, "copied") for number in range(1000, 1100)]
        found.append(await connection.copy_records_to_table("t", records=records))
        found.append(await connection.fetchval("select count(*) from t"))
        return [str(each) for each in found]
    finally:
        await connection.close()


async def asyncpg_pool(url: str, database: Database) -> Any:
    async with asyncpg.create_pool(url, min_size=2, max_size=4) as pool:

        async def one(number: int) -> Any:
            return await pool.fetchval("select $1::int * 2", number)

        return await asyncio.gather(*map(one, range(40)))


async def asyncpg_cancel(url: str, database: Database) -> Any:
    connection = await asyncpg.connect(url)
    try:
        with pytest.raises(TimeoutError):
            await connection.fetch("select pg_sleep(600)", timeout=0.05)
        return await connection.fetchval("select 'alive'")
    finally:
        await connection.close()


WORK: list[Work] = [
    psycopg_simple,
    psycopg_extended,
    psycopg_pipeline,
    psycopg_copy,
    psycopg_cursors,
    psycopg_notify,
    psycopg_cancel,
    asyncpg_work,
    asyncpg_pool,
    asyncpg_cancel,
]


@pytest.mark.parametrize("work", WORK, ids=lambda work: work.__name__)
def test_driver_results_are_equal_with_and_without_wire(server: PostgresServer, work: Work) -> None:
    async def scene(wire: Wire) -> None:
        upstream = database_of(wire)
        assert await work(wire.database.url, upstream) == await work(upstream.url, upstream)
        assert wire.history and not wire.problems
        await wire.wait_idle(20)
        assert all(each.outcome is Outcome.ANSWERED for each in wire.history)
        assert all(each.kind is not Kind.FUNCTION_CALL for each in wire.history)

    run_scene(server, scene)


def test_records_each_psycopg_statement(server: PostgresServer) -> None:
    async def scene(wire: Wire) -> None:
        await psycopg_extended(wire.database.url, database_of(wire))
        inserts = [each for each in wire.history if "insert" in str(each)]
        assert {each.statements[0].sql for each in inserts if each.statements} == {
            "insert into t values ($1, $2)",
            "insert into t values ($1, null)",
        }
        done = [each for trip in inserts for each in trip.statements if each.tag]
        assert len(done) == 20
        assert all((each.parameters, each.affected, each.rows) == (2, 1, 0) for each in done)
        errors = [each.error for each in wire.history if each.error]
        assert errors == ["23505", "22012"]
        assert [each.after for each in wire.history if each.error] == ["E", "E"]
        last = wire.history[-2]
        assert (str(last), last.rows) == ("select * from t where a > $1 order by a", 16)
        assert last.statements[0].types == (21,)
        assert last.size > 16 * 10

    run_scene(server, scene)


def test_records_asyncpg_flushed_round_trips(server: PostgresServer) -> None:
    async def scene(wire: Wire) -> None:
        connection = await asyncpg.connect(wire.database.url)
        try:
            for _ in range(2):
                await connection.fetch("select $1::int as a", 1)
        finally:
            await connection.close()
        mine = [each for each in wire.history if "as a" in str(each)]
        assert [each.kind for each in mine] == [Kind.FLUSHED, Kind.EXTENDED, Kind.EXTENDED]
        prepared, *executed = (each.statements[0] for each in mine)
        assert (prepared.executed, prepared.types) == (False, (23,))
        assert [(each.executed, each.rows, each.parameters) for each in executed] == [
            (True, 1, 1),
            (True, 1, 1),
        ]

    run_scene(server, scene)


def test_cancel_request_uses_its_own_connection(server: PostgresServer) -> None:
    async def scene(wire: Wire) -> None:
        await psycopg_cancel(wire.database.url, database_of(wire))
        slept = next(each for each in wire.history if "pg_sleep" in str(each))
        assert (slept.error, slept.outcome) == ("57014", Outcome.ANSWERED)

    run_scene(server, scene)
