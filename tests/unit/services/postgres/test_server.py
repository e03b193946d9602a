"""A real PostgreSQL: own and external servers, databases, stop, kill and restart."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path

import psycopg
import pytest

from worksample.errors import DatabaseAddressError, DatabaseError, ServiceUnavailable, UserError
from worksample.services import services
from worksample.services.postgres import ManagedPostgres, PostgresServer, template
from worksample.services.postgres.databases import Database
from worksample.services.postgres.login import Login


def with_server(scene: Callable[[PostgresServer], Awaitable[None]]) -> None:
    async def run() -> None:
        async with PostgresServer.start() as server:
            await scene(server)

    asyncio.run(run())


async def rows(url: str, statement: str) -> list[tuple[object, ...]]:
    async with await psycopg.AsyncConnection.connect(url, autocommit=True) as connection:
        cursor = await connection.execute(statement.encode())
        return await cursor.fetchall() if cursor.description else []


def test_database_has_its_own_role_and_is_utf8() -> None:
    async def scene(server: PostgresServer) -> None:
        database = await server.create_resource()
        query = "SELECT current_database(), current_user, current_setting('server_encoding')"
        assert await rows(database.url, query) == [(database.name, database.name, "UTF8")]
        privileges = "SELECT rolsuper, rolcreatedb FROM pg_roles WHERE rolname = current_user"
        assert await rows(database.url, privileges) == [(False, False)]
        await rows(database.url, "CREATE TABLE t (word text)")
        await rows(database.url, "INSERT INTO t VALUES ('Grüße, 世界')")
        assert await rows(database.admin_url, "SELECT word FROM t") == [("Grüße, 世界",)]

    with_server(scene)


def test_own_tests_may_create_databases_which_go_with_the_role() -> None:
    async def scene(server: PostgresServer) -> None:
        database = await server.create_resource()
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            await rows(database.url, "CREATE DATABASE test_app")
        await database.allow_own_tests()
        await rows(database.url, "CREATE DATABASE test_app")
        other = await server.create_resource()
        await database.drop()
        left = "SELECT datname FROM pg_database WHERE datname ~ '^(app|test)_' ORDER BY 1"
        assert await rows(other.admin_url, left) == [(other.name,)]
        role = f"SELECT 1 FROM pg_roles WHERE rolname = '{database.name}'"
        assert not await rows(other.admin_url, role)

    with_server(scene)


def test_environment_variables_match_the_url() -> None:
    async def scene(server: PostgresServer) -> None:
        database = await server.create_resource()
        env, names = database.environment, database.placeholders
        assert env["DATABASE_URL"] == names["postgres.url"] == database.url
        assert names["postgres.user"] == env["PGUSER"]
        spelt = (
            f"postgresql://{names['postgres.user']}:{names['postgres.password']}"
            f"@{names['postgres.host']}:{names['postgres.port']}/{names['postgres.database']}"
        )
        assert await rows(spelt, "SELECT 1") == [(1,)]
        assert frozenset(names) == services()["postgres"].placeholder_names

    with_server(scene)


def test_reset_empties_database_with_open_connections() -> None:
    async def scene(server: PostgresServer) -> None:
        database = await server.create_resource()
        await rows(database.url, "CREATE TABLE t (a int)")
        async with await psycopg.AsyncConnection.connect(database.url) as held:
            await database.reset()
            with pytest.raises(psycopg.OperationalError):
                await held.execute("SELECT 1")
        assert await rows(database.url, "SELECT to_regclass('t')") == [(None,)]

    with_server(scene)


def test_copy_holds_what_its_original_held_and_is_removed_with_it() -> None:
    async def scene(server: PostgresServer) -> None:
        original, other = await server.create_resource(), await server.create_resource()
        await rows(original.url, "CREATE TABLE t AS SELECT 7 AS a")
        first, second = await original.copy(), await original.copy()
        await rows(first.url, "INSERT INTO t VALUES (8)")
        await rows(first.url, "ALTER TABLE t ADD b int")
        assert await rows(second.url, "SELECT a FROM t") == [(7,)]
        await first.drop()
        assert await rows(original.url, "SELECT a FROM t") == [(7,)]
        await original.drop()
        left = "SELECT datname FROM pg_database WHERE datname LIKE 'app\\_%'"
        assert await rows(other.admin_url, left) == [(other.name,)]

    with_server(scene)


def test_database_in_use_is_not_copied() -> None:
    async def scene(server: PostgresServer) -> None:
        database = await server.create_resource()
        async with await psycopg.AsyncConnection.connect(database.url):
            with pytest.raises(DatabaseError):
                await database.copy()

    with_server(scene)


def test_wrong_password_is_refused() -> None:
    async def scene(server: PostgresServer) -> None:
        database = await server.create_resource()
        wrong = database.url.replace(database.owner.password, "guess")
        with pytest.raises(psycopg.OperationalError, match="password"):
            await rows(wrong, "SELECT 1")

    with_server(scene)


@pytest.mark.parametrize("how", ["stop", "kill"])
def test_data_survives_stop_and_kill(how: str) -> None:
    async def scene(server: PostgresServer) -> None:
        assert isinstance(server, ManagedPostgres)
        database = await server.create_resource()
        await rows(database.url, "CREATE TABLE t AS SELECT 7 AS a")
        await getattr(server, how)()
        assert server.pid == 0
        with pytest.raises(psycopg.OperationalError):
            await rows(database.url, "SELECT 1")
        await server.launch()
        assert await rows(database.url, "SELECT a FROM t") == [(7,)]

    with_server(scene)


def test_two_servers_run_side_by_side_and_leave_nothing() -> None:
    async def run() -> list[Path]:
        async with PostgresServer.start() as one, PostgresServer.start() as two:
            assert isinstance(one, ManagedPostgres)
            assert isinstance(two, ManagedPostgres)
            assert one.admin.port != two.admin.port
            return [one.log.path.parent, two.log.path.parent]

    assert not any(folder.exists() for folder in asyncio.run(run()))


def test_pg_stat_statements_ignores_utility_statements() -> None:
    async def scene(server: PostgresServer) -> None:
        query = "SELECT current_setting('pg_stat_statements.track_utility', true)"
        assert await rows(server.admin.url("postgres"), query) == [("off",)]
        assert await rows(server.admin.url("postgres"), "SHOW fsync") == [("off",)]

    with_server(scene)


def test_durable_keeps_fsync_on() -> None:
    async def run() -> None:
        async with PostgresServer.start(durable=True) as server:
            assert await rows(server.admin.url("postgres"), "SHOW fsync") == [("on",)]

    asyncio.run(run())


def test_corrupt_template_is_rebuilt(open_folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WORKSAMPLE_CACHE", str(open_folder))

    async def started() -> None:
        async with PostgresServer.start() as server:
            assert await rows(server.admin.url("postgres"), "SELECT 1") == [(1,)]

    asyncio.run(started())
    [control] = open_folder.glob("postgres-data/*/data/global/pg_control")
    inode = control.stat().st_ino
    control.write_bytes(b"")
    asyncio.run(started())
    [mended] = open_folder.glob("postgres-data/*/data/global/pg_control")
    assert mended.stat().st_size > 0
    assert (mended.stat().st_ino, mended.stat().st_size) != (inode, 0)


def test_start_failure_includes_the_postgres_log() -> None:
    async def scene(server: PostgresServer) -> None:
        assert isinstance(server, ManagedPostgres)
        await server.stop()
        (server.log.path.parent / "data" / "PG_VERSION").write_text("1\n")
        with pytest.raises(ServiceUnavailable, match="initialized by PostgreSQL version 1"):
            await server.launch()

    with_server(scene)


def with_external_server(url: str, scene: Callable[[PostgresServer], Awaitable[None]]) -> None:
    async def run() -> None:
        async with PostgresServer.start(url=url) as server:
            assert not server.controllable
            await scene(server)

    asyncio.run(run())


def test_external_server_is_left_clean() -> None:
    async def scene(server: PostgresServer) -> None:
        kept: list[Database] = []
        async with PostgresServer.start(url=server.admin.url("postgres")) as same:
            kept.append(await same.create_resource())
            assert await rows(kept[0].url, "SELECT 1") == [(1,)]
        count = "SELECT count(*) FROM pg_database WHERE datname LIKE 'app%'"
        assert await rows(server.admin.url("postgres"), count) == [(0,)]
        count = "SELECT count(*) FROM pg_roles WHERE rolname LIKE 'app%'"
        assert await rows(server.admin.url("postgres"), count) == [(0,)]

    with_server(scene)


async def user(server: PostgresServer, rights: str) -> str:
    await rows(server.admin.url("postgres"), f"CREATE ROLE guest LOGIN PASSWORD 'x' {rights}")
    return f"postgresql://guest:x@127.0.0.1:{server.admin.port}/postgres"


def test_external_user_without_createrole_owns_the_database() -> None:
    async def scene(server: PostgresServer) -> None:
        url = await user(server, "CREATEDB")
        async with PostgresServer.start(url=url) as same:
            database = await same.create_resource()
            assert database.owner.user == "guest"
            assert await rows(database.url, "SELECT current_user") == [("guest",)]
            await database.reset()

    with_server(scene)


def test_external_user_with_createrole_creates_an_owner() -> None:
    async def scene(server: PostgresServer) -> None:
        url = await user(server, "CREATEDB CREATEROLE")
        async with PostgresServer.start(url=url) as same:
            database = await same.create_resource()
            assert database.owner.user != "guest"
            await rows(database.url, "CREATE TABLE t (a int)")
            await database.reset()

    with_server(scene)


def test_external_user_without_createdb_gets_a_hint() -> None:
    async def scene(server: PostgresServer) -> None:
        url = await user(server, "")
        async with PostgresServer.start(url=url) as same:
            with pytest.raises(UserError, match="may not create a database") as caught:
                await same.create_resource()
            assert "CREATEDB" in caught.value.hint

    with_server(scene)


@pytest.mark.parametrize("url", ["postgresql://nobody@127.0.0.1:1/x", "what is this"])
def test_invalid_external_server_raises_user_error(url: str) -> None:
    async def scene(server: PostgresServer) -> None:
        raise AssertionError("not reached")

    with pytest.raises(DatabaseAddressError, match="PostgreSQL"):
        with_external_server(url, scene)


def test_initdb_failure_includes_its_output(open_folder: Path) -> None:
    from worksample.services.postgres.binaries import Installation

    (open_folder / "bin").mkdir()
    for name, line in (("initdb", "echo no room; exit 1"), ("postgres", "exit 1")):
        (open_folder / "bin" / name).write_text(f"#!/bin/sh\n{line}\n")
        (open_folder / "bin" / name).chmod(0o755)
    broken = Installation(open_folder / "bin", "a broken folder")
    with pytest.raises(ServiceUnavailable, match="no room"):
        asyncio.run(template.template(broken, open_folder / "cache"))


def test_login_url_escapes_special_characters() -> None:
    login = Login("::1", 5432, "a b", "p@s/s:w#d", {"sslmode": "disable"})
    parts = psycopg.conninfo.conninfo_to_dict(login.url("d/b"))
    assert parts["password"] == "p@s/s:w#d"
    assert (parts["user"], parts["dbname"], parts["host"]) == ("a b", "d/b", "::1")
