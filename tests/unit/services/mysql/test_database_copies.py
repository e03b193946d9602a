"""Copies of a database on a real MariaDB: nothing is missing, or it is told."""

from __future__ import annotations

from typing import Any

import pytest

from tests.support.mariadb import needs_mariadb
from tests.unit.services.mysql.test_server import answer, execute, with_server
from worksample.errors import DatabaseError
from worksample.services import CopyableDatabase
from worksample.services.mysql import Database, MariadbServer, database_copies
from worksample.services.mysql.login import Connection, rows

SCHEMA = (
    "ALTER DATABASE CHARACTER SET latin1 COLLATE latin1_swedish_ci",
    "CREATE SEQUENCE numbers START WITH 5 INCREMENT BY 5 NOCACHE",
    """CREATE TABLE people (
        id bigint AUTO_INCREMENT PRIMARY KEY, name varchar(40) COLLATE utf8mb4_bin NOT NULL UNIQUE,
        number bigint NOT NULL DEFAULT nextval(numbers), boss bigint, born date,
        initial char(1) AS (left(name, 1)) STORED, shout varchar(40) AS (upper(name)) VIRTUAL,
        CONSTRAINT named CHECK (name <> ''), KEY by_initial (initial),
        FOREIGN KEY (boss) REFERENCES people (id) ON DELETE SET NULL
    ) COMMENT '100% café'""",
    "CREATE TABLE audit (id int AUTO_INCREMENT PRIMARY KEY, word text CHARACTER SET utf8mb4) "
    "ENGINE = Aria",
    """CREATE TABLE boats (owner bigint, name varchar(40),
        FOREIGN KEY (owner) REFERENCES people (id) ON DELETE CASCADE)""",
    """CREATE FUNCTION greeting(who text CHARACTER SET utf8mb4) RETURNS text CHARACTER SET utf8mb4
        DETERMINISTIC RETURN concat('Grüße, ', who)""",
    "CREATE PROCEDURE forget() DELETE FROM audit",
    "CREATE VIEW b_named AS SELECT name FROM people WHERE name <> ''",
    "CREATE VIEW a_greeted AS SELECT greeting(name) AS text FROM b_named",
    "CREATE TRIGGER written AFTER INSERT ON people FOR EACH ROW "
    "INSERT INTO audit (word) VALUES (greeting(NEW.name))",
    "CREATE TRIGGER written_again AFTER INSERT ON people FOR EACH ROW PRECEDES written "
    "INSERT INTO audit (word) VALUES ('first')",
    "CREATE EVENT tidy ON SCHEDULE EVERY 1 DAY STARTS '2030-01-01' DO CALL forget()",
    "INSERT INTO people (name) VALUES ('Ann'), ('世界 🐘'), ('gone')",
    "UPDATE people SET boss = 2 WHERE id = 1",
    "DELETE FROM people WHERE name = 'gone'",
    "INSERT INTO boats VALUES (1, 'Kiel')",
    "SET STATEMENT sql_mode = 'NO_AUTO_VALUE_ON_ZERO' FOR INSERT INTO audit VALUES (0, 'zero')",
    "SET STATEMENT foreign_key_checks = 0 FOR INSERT INTO boats VALUES (99, 'nobody''s')",
    "SET STATEMENT sql_mode = '' FOR UPDATE people SET born = '0000-00-00'",
)


async def prepared(server: MariadbServer) -> Database:
    database = await server.create_resource()
    await execute(database, SCHEMA)
    assert isinstance(database, CopyableDatabase)
    return database


@needs_mariadb
def test_copy_holds_all_and_works_as_the_original_does() -> None:
    async def scene(server: MariadbServer) -> None:
        database = await prepared(server)
        copy = await database.copy()
        assert copy.owner.user != database.owner.user
        assert await copy.row_counts() == await database.row_counts()
        both = (
            "SELECT * FROM people",
            "SELECT * FROM a_greeted",
            "SELECT * FROM audit",
            "SELECT * FROM boats",
        )
        for query in both:
            assert await answer(copy, query) == await answer(database, query)
        [(charset,)] = await answer(copy, "SELECT @@collation_database")
        assert charset == "latin1_swedish_ci"
        new = "INSERT INTO people (name) VALUES ('Cem') RETURNING id, number, initial, shout"
        assert await answer(copy, new) == [(4, 20, "C", "CEM")]
        words = await answer(copy, "SELECT word FROM audit ORDER BY id DESC LIMIT 2")
        assert words == [("Grüße, Cem",), ("first",)]
        await answer(copy, "CALL forget()")
        with pytest.raises(DatabaseError, match="1452"):
            await answer(copy, "INSERT INTO boats VALUES (98, '')")
        with pytest.raises(DatabaseError, match="4025"):
            await answer(copy, "INSERT INTO people (name) VALUES ('')")
        assert await answer(database, "SELECT count(*) FROM people") == [(2,)]
        assert len(await answer(database, "SELECT * FROM audit")) == 7
        with pytest.raises(DatabaseError, match="denied"):
            await answer(copy, f"SELECT * FROM {database.name}.people")

    with_server(scene)


@needs_mariadb
def test_copies_go_with_the_original() -> None:
    async def scene(server: MariadbServer) -> None:
        database = await server.create_resource()
        one, other = await database.copy(), await database.at("127.0.0.1", 1).copy()
        await one.drop()
        assert await answer(other, "SELECT 1") == [(1,)]
        await database.drop()
        everything = (
            "SELECT schema_name FROM information_schema.schemata WHERE schema_name LIKE 'app%' "
            "UNION SELECT user FROM mysql.user WHERE user LIKE 'app%'"
        )
        assert await server.admin.run("", lambda here: rows(here, everything)) == []

    with_server(scene)


async def refused(server: MariadbServer, database: Database, why: str) -> None:
    """Assert that the database is not copied, with the reason, and that nothing is left."""
    before = await databases(server)
    with pytest.raises(DatabaseError, match=why):
        await database.copy()
    assert await databases(server) == before


async def databases(server: MariadbServer) -> list[tuple[Any, ...]]:
    return await server.admin.run("", lambda here: rows(here, "SHOW DATABASES LIKE 'app%'"))


@needs_mariadb
def test_what_cannot_be_copied_is_told_and_nothing_is_left() -> None:
    async def scene(server: MariadbServer) -> None:
        for statement, why in (
            ("CREATE TABLE t (id int) WITH SYSTEM VERSIONING", "t cannot be copied"),
            ("CREATE VIEW v AS SELECT * FROM gone", "gone"),
        ):
            database = await server.create_resource()
            await execute(database, ("CREATE TABLE gone (id int)", statement, "DROP TABLE gone"))
            await refused(server, database, why)

    with_server(scene)


CHANGES = (
    ("DROP TABLE boats", "boats"),
    ("DROP VIEW a_greeted", "a_greeted"),
    ("DROP TRIGGER written", "written"),
    ("DROP PROCEDURE forget", "forget"),
    ("DROP EVENT tidy", "tidy"),
    ("DELETE FROM boats LIMIT 1", "boats"),
    ("UPDATE boats SET name = 'kiel' WHERE owner = 1", "boats"),
    ("ALTER TABLE boats DROP FOREIGN KEY boats_ibfk_1", "boats"),
    ("ALTER TABLE people AUTO_INCREMENT = 9", "people"),
    ("ALTER TABLE people DROP CONSTRAINT named", "people"),
    ("SELECT nextval(numbers)", "numbers"),
)


@needs_mariadb
def test_what_is_missing_or_different_in_a_copy_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    make_views = database_copies._make_views

    async def scene(server: MariadbServer) -> None:
        database = await prepared(server)
        for statement, name in CHANGES:

            def change_too(connection: Connection, views: Any, change: str = statement) -> None:
                make_views(connection, views)
                rows(connection, change)

            monkeypatch.setattr(database_copies, "_make_views", change_too)
            await refused(server, database, f"differs in {name}")

    with_server(scene)
