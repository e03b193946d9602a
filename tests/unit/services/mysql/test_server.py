"""A real MariaDB: a new server for each run, databases with their own users, nothing left."""

from __future__ import annotations

import asyncio
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from tests.support.machine import OF_THE_MACHINE
from tests.support.mariadb import needs_mariadb
from worksample.errors import DatabaseAddressError, DatabaseError, ServiceUnavailable, UserError
from worksample.services import PlansUnavailable, services
from worksample.services.mysql import Database, ExternalServer, MariadbServer
from worksample.services.mysql.login import Connection, Login, rows

Scene = Callable[[MariadbServer], Awaitable[None]]
NOBODY = 65534


def with_server(scene: Scene) -> None:
    async def run() -> None:
        async with MariadbServer.run() as server:
            await scene(server)

    asyncio.run(run())


async def answer(database: Database, statement: str) -> list[tuple[Any, ...]]:
    """Return what the user of the database gets for a statement."""
    return await database.owner.run(database.name, lambda here: rows(here, statement))


async def execute(database: Database, statements: Sequence[str]) -> None:
    """Execute statements as the user of the database, on one connection."""

    def each(connection: Connection) -> None:
        for statement in statements:
            rows(connection, statement)

    await database.owner.run(database.name, each)


@needs_mariadb
def test_database_has_its_own_user_and_keeps_all_letters() -> None:
    async def scene(server: MariadbServer) -> None:
        database, other = await server.create_resource(), await server.create_resource()
        [(name, user)] = await answer(database, "SELECT database(), current_user()")
        assert (name, user) == (database.name, f"{database.name}@127.0.0.1")
        await answer(database, "CREATE TABLE t (word text)")
        await answer(database, "INSERT INTO t VALUES ('Grüße, 世界 🐘')")
        assert await answer(database, "SELECT word FROM t") == [("Grüße, 世界 🐘",)]
        [(mode, zone)] = await answer(database, "SELECT @@sql_mode, @@time_zone")
        assert "STRICT_TRANS_TABLES" in mode
        assert zone == "+00:00"
        with pytest.raises(DatabaseError, match="denied"):
            await answer(other, f"SELECT * FROM {database.name}.t")
        await database.drop()
        names = await other.admin.run("", lambda here: rows(here, "SHOW DATABASES LIKE 'app%'"))
        assert names == [(other.name,)]

    with_server(scene)


@needs_mariadb
def test_user_has_the_connections_of_an_unconfigured_mysql() -> None:
    async def scene(server: MariadbServer) -> None:
        database = await server.create_resource()
        [(mine, every)] = await answer(
            database, "SELECT @@max_user_connections, @@global.max_connections"
        )
        assert (mine, every) == (151, 1510)

    with_server(scene)


@needs_mariadb
def test_own_tests_may_create_databases() -> None:
    async def scene(server: MariadbServer) -> None:
        database = await server.create_resource()
        with pytest.raises(DatabaseError, match="denied"):
            await answer(database, "CREATE DATABASE test_shop")
        await database.allow_own_tests()
        for name in ("test_shop", "shop_test", f"{database.name}_2"):
            await answer(database, f"CREATE DATABASE {name}")
        with pytest.raises(DatabaseError, match="denied"):
            await answer(database, "CREATE DATABASE shop")

    with_server(scene)


@needs_mariadb
def test_environment_and_placeholders_name_the_same_database() -> None:
    async def scene(server: MariadbServer) -> None:
        database = await server.create_resource()
        names, environment = database.placeholders, database.environment
        assert frozenset(names) == services()["mysql"].placeholder_names
        assert environment["DATABASE_URL"] == names["mysql.url"] == database.url
        address = f"127.0.0.1:{environment['MYSQL_PORT']}"
        login = f"{database.name}:{environment['MYSQL_PASSWORD']}"
        assert names["mysql.jdbc"] == f"jdbc:mysql://{address}/{database.name}"
        assert names["mysql.dsn"] == f"{login}@tcp({address})/{database.name}"
        assert f"Port={environment['MYSQL_PORT']};" in names["mysql.ado"]

    with_server(scene)


@needs_mariadb
def test_servers_share_nothing_and_leave_nothing() -> None:
    async def scene() -> list[Path]:
        async with MariadbServer.run() as one, MariadbServer.run() as two:
            assert one.admin.port != two.admin.port
            assert not Path("/run/mysqld/mysqld.sock").exists()
            return [one.log.path.parent, two.log.path.parent]

    assert not any(folder.exists() for folder in asyncio.run(scene()))


@needs_mariadb
def test_only_the_owner_of_the_run_is_let_in() -> None:
    async def scene(server: MariadbServer) -> None:
        accounts = "SELECT user FROM mysql.user WHERE host <> 'localhost'"
        assert await server.admin.run("", lambda here: rows(here, accounts)) == [("worksample",)]
        path = server.log.path.parent / "accounts.sql"
        assert path.stat().st_mode & 0o077 == 0

    with_server(scene)


@needs_mariadb
def test_failure_within_the_block_stops_the_server() -> None:
    found: list[MariadbServer] = []

    async def scene(server: MariadbServer) -> None:
        found.append(server)
        raise RuntimeError("in the middle")

    with pytest.raises(RuntimeError):
        with_server(scene)
    with pytest.raises(DatabaseError):
        asyncio.run(found[0].admin.run("", lambda here: rows(here, "SELECT 1")))


@needs_mariadb
def test_damaged_template_is_made_again(monkeypatch: pytest.MonkeyPatch) -> None:
    async def started() -> None:
        async with MariadbServer.run() as server:
            assert await server.admin.run("", lambda here: rows(here, "SELECT 1")) == [(1,)]

    with tempfile.TemporaryDirectory(prefix="worksample-test-") as place:
        Path(place).chmod(0o755)
        monkeypatch.setenv("WORKSAMPLE_CACHE", place)
        asyncio.run(started())
        [data] = Path(place).glob("mariadb-data/*/data/ibdata1")
        data.write_bytes(b"")
        asyncio.run(started())
        assert data.stat().st_size > 0


@needs_mariadb
@pytest.mark.skipif(os.geteuid() != 0, reason=f"{OF_THE_MACHINE}only root can become another user")
@pytest.mark.skipif(shutil.which("setpriv") is None, reason="requires setpriv")
def test_ordinary_user_can_run_a_server() -> None:
    program = (
        "import asyncio, sys\n"
        "from worksample.services.mysql import MariadbServer\n"
        "async def main():\n"
        "    async with MariadbServer.run() as server:\n"
        "        print((await server.create_resource()).name)\n"
        "asyncio.run(main())\n"
    )
    with tempfile.TemporaryDirectory(prefix="worksample-test-") as place:
        os.chown(place, NOBODY, NOBODY)
        # Python itself may lie in root's home directory, so the user may read what it is refused.
        rights = ("--inh-caps=+dac_read_search", "--ambient-caps=+dac_read_search")
        user = (f"--reuid={NOBODY}", f"--regid={NOBODY}", "--clear-groups", *rights)
        ran = subprocess.run(
            ["setpriv", *user, sys.executable, "-c", program],
            env={"PATH": os.environ["PATH"], "HOME": place, "WORKSAMPLE_CACHE": f"{place}/cache"},
            cwd=place,
            capture_output=True,
            text=True,
            timeout=120,
        )
    assert ran.stdout.startswith("app_"), ran.stderr


def test_missing_server_is_told_with_what_to_install(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("WORKSAMPLE_MARIADB_BIN", str(tmp_path))
    with pytest.raises(ServiceUnavailable, match="does not contain mariadbd") as caught:
        services()["mysql"].describe()
    assert "apt install mariadb-server-core" in caught.value.hint


@asynccontextmanager
async def external(url: str) -> AsyncIterator[ExternalServer]:
    async with services()["mysql"].start(url=url) as server:
        assert isinstance(server, ExternalServer)
        yield server


async def guest(server: MariadbServer, rights: str, without: str = "") -> str:
    """Make an account with `rights` but these; return the URL of the server for it."""

    def make(here: Connection) -> None:
        rows(here, "CREATE USER guest@127.0.0.1 IDENTIFIED BY 'p@ss/word'")
        if rights:
            rows(here, f"GRANT {rights} ON *.* TO guest@127.0.0.1 WITH GRANT OPTION")
        if without:
            rows(here, f"REVOKE {without} ON *.* FROM guest@127.0.0.1")

    await server.admin.run("", make)
    return f"mysql://guest:p%40ss%2Fword@localhost:{server.admin.port}/mysql"


async def left_behind(server: MariadbServer) -> list[tuple[Any, ...]]:
    """Return the databases and accounts of targets that a server still has."""
    names = """
        SELECT schema_name FROM information_schema.schemata WHERE schema_name LIKE 'app%'
        UNION SELECT user FROM mysql.user WHERE user LIKE 'app%'
    """
    return await server.admin.run("", lambda here: rows(here, names))


@needs_mariadb
def test_external_server_is_used_and_left_clean() -> None:
    async def scene(server: MariadbServer) -> None:
        url = await guest(server, "ALL PRIVILEGES")
        async with external(url) as same:
            assert "MariaDB" in await same.version()
            database = await same.create_resource()
            assert database.owner.host == "127.0.0.1"
            await answer(database, "CREATE TABLE t (word text)")
            await answer(database, "INSERT INTO t VALUES ('世界')")
            copy = await database.copy()
            assert await answer(copy, "SELECT word FROM t") == [("世界",)]
            await database.reset()
            assert await answer(database, "SHOW TABLES") == []
            with pytest.raises(PlansUnavailable, match="MariaDB that Worksample starts"):
                database.log_plans()
        assert await left_behind(server) == []

    with_server(scene)


@needs_mariadb
@pytest.mark.parametrize(
    ("rights", "without", "why"),
    [
        ("", "", "to database 'app_"),
        ("CREATE, DROP", "", "the CREATE USER privilege"),
        ("ALL PRIVILEGES", "PROCESS", "the PROCESS privilege"),
        ("ALL PRIVILEGES", "CONNECTION ADMIN, SUPER", "not owner of thread"),
    ],
)
def test_external_user_without_rights_gets_a_hint(rights: str, without: str, why: str) -> None:
    async def scene(server: MariadbServer) -> None:
        url = await guest(server, rights, without)
        async with external(url) as same:
            with pytest.raises(UserError, match="guest may not do all") as caught:
                await same.create_resource()
            assert why in caught.value.message
            assert "GRANT ALL PRIVILEGES ON *.* TO 'guest'@'127.0.0.1'" in caught.value.hint
        assert await left_behind(server) == []

    with_server(scene)


@needs_mariadb
def test_wrong_password_of_an_external_server_is_told() -> None:
    async def scene(server: MariadbServer) -> None:
        url = (await guest(server, "")).replace("word", "secret")
        with pytest.raises(DatabaseAddressError, match="Access denied for user 'guest'") as caught:
            async with external(url):
                raise AssertionError("not reached")
        assert "secret" not in caught.value.message

    with_server(scene)


def test_url_of_an_ipv6_server_has_brackets() -> None:
    assert (
        Login("::1", 3306, "a b", "p@s/s").url("d/b") == "mysql://a%20b:p%40s%2Fs@[::1]:3306/d%2Fb"
    )


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("mysql://nobody:x@127.0.0.1:1/x", "Cannot connect to MySQL at 127.0.0.1:1"),
        ("postgresql://nobody@127.0.0.1", "must be like mysql://user:password@"),
        ("mysql://127.0.0.1", "must be like mysql://user:password@"),
        ("mysql://me@no..name", "Cannot connect to MySQL at no..name:3306"),
        ("mysql://me@127.0.0.1:99999", "Invalid MySQL URL: Port out of range"),
        ("what is this", "must be like mysql://user:password@"),
    ],
)
def test_invalid_external_server_raises_user_error(url: str, expected: str) -> None:
    async def start() -> None:
        async with external(url):
            raise AssertionError("not reached")

    with pytest.raises(DatabaseAddressError, match=expected):
        asyncio.run(start())
