"""Copies of rows that belong together on a real MariaDB: keys differ, references stay true."""

from __future__ import annotations

from typing import Any

import pytest

from tests.support.mariadb import needs_mariadb
from tests.unit.services.mysql.test_server import answer, execute, with_server
from worksample.errors import DatabaseError
from worksample.services import GrowableDatabase
from worksample.services.mysql import Database, MariadbServer

SCHEMA = (
    """CREATE TABLE people (
        id int unsigned AUTO_INCREMENT PRIMARY KEY, name varchar(40) NOT NULL UNIQUE,
        email varchar(80), low varchar(80) AS (lower(email)) STORED UNIQUE,
        code char(6) UNIQUE, boats int NOT NULL DEFAULT 0,
        kind enum('crew', 'guest') NOT NULL DEFAULT 'crew',
        since datetime(6) NOT NULL DEFAULT '2026-01-02 03:04:05.678901'
    )""",
    """CREATE TABLE boats (
        id char(36) PRIMARY KEY, owner int unsigned NOT NULL, port text NOT NULL,
        FOREIGN KEY (owner) REFERENCES people (id)
    )""",
    """CREATE TABLE seats (
        boat char(36), number int, taken_by int unsigned, mark binary(16) UNIQUE,
        PRIMARY KEY (boat, number),
        FOREIGN KEY (boat) REFERENCES boats (id), FOREIGN KEY (taken_by) REFERENCES people (id)
    )""",
    "CREATE TABLE migrations (name varchar(20) PRIMARY KEY)",
    """CREATE TRIGGER boats_are_counted AFTER INSERT ON boats FOR EACH ROW
        UPDATE people SET boats = boats + 1 WHERE id = NEW.owner""",
    "INSERT INTO migrations VALUES ('0001')",
    "INSERT INTO people (name, email, code) VALUES ('Ann', 'Ann@x.org', 'aaaaa1'), "
    "('Bob', 'b@x.org', 'aaaaa2')",
    "INSERT INTO boats VALUES ('6dbb1d3b-1f0c-4a3e-9d5c-0f6a6f1f2f3a', 1, 'Kiel')",
    "INSERT INTO seats SELECT id, 1, 2, unhex(md5(id)) FROM boats",
)


async def prepared(server: MariadbServer) -> Database:
    database = await server.create_resource()
    await execute(database, SCHEMA)
    assert isinstance(database, GrowableDatabase)
    return database


@needs_mariadb
def test_copies_refer_to_copies() -> None:
    async def scene(server: MariadbServer) -> None:
        database = await prepared(server)
        assert await database.multiply(400) == 400

        async def all_of(query: str) -> list[tuple[Any, ...]]:
            return await answer(database, query)

        people = "SELECT count(*), count(DISTINCT name), count(DISTINCT code) FROM people"
        assert await all_of(people) == [(200, 200, 200)]
        together = """
            SELECT DISTINCT owner.boats, owner.kind, owner.name REGEXP 'Ann$',
                guest.name REGEXP 'Bob$', number, port, length(boats.id), length(mark),
                substring_index(owner.name, '-', 1) = substring_index(guest.name, '-', 1)
            FROM seats JOIN boats ON boats.id = boat JOIN people owner ON owner.id = owner
            JOIN people guest ON guest.id = taken_by WHERE owner.name <> 'Ann'
        """
        assert await all_of(together) == [(1, "crew", 1, 1, 1, "Kiel", 36, 16, 1)]
        assert await all_of("SELECT count(*) FROM seats JOIN boats ON boats.id = boat") == [(100,)]
        assert await all_of("SELECT name FROM migrations") == [("0001",)]
        assert len(await all_of("SELECT DISTINCT since FROM people")) == 1
        estimated = """SELECT table_rows FROM information_schema.tables
            WHERE table_schema = database() AND table_name = 'people'"""
        assert await all_of(estimated) == [(200,)]

    with_server(scene)


@needs_mariadb
def test_few_rows_are_left_and_new_ones_get_new_numbers() -> None:
    async def scene(server: MariadbServer) -> None:
        database = await prepared(server)
        assert [await database.multiply(wanted) for wanted in (0, 4, 7)] == [4, 4, 4]
        assert await database.multiply(40) == 40
        [(largest,)] = await answer(database, "SELECT max(id) FROM people")
        new = "INSERT INTO people (name, email) VALUES ('Cem', 'c@x.org') RETURNING id"
        [(number,)] = await answer(database, new)
        assert number > largest
        await answer(database, f"INSERT INTO boats VALUES ('b', {number}, '')")
        counted = "SELECT boats FROM people WHERE name = 'Cem'"
        assert await answer(database, counted) == [(1,)]

    with_server(scene)


@needs_mariadb
def test_nothing_is_changed_if_copies_are_not_allowed() -> None:
    async def scene(server: MariadbServer) -> None:
        database = await prepared(server)
        await answer(database, "ALTER TABLE people ADD CHECK (char_length(name) < 4)")
        with pytest.raises(DatabaseError):
            await database.multiply(400)
        assert await answer(database, "SELECT count(*) FROM boats") == [(1,)]
        triggers = await answer(database, "SHOW TRIGGERS")
        assert [each[0] for each in triggers] == ["boats_are_counted"]

    with_server(scene)
