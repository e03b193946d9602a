"""Copies of rows that belong together on a real PostgreSQL: keys differ, references stay true."""

from __future__ import annotations

import pytest

from tests.unit.services.postgres.test_server import rows, with_server
from worksample.errors import DatabaseError
from worksample.services.postgres import PostgresServer

SCHEMA = """
    CREATE TABLE people (
        id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
        name varchar(40) UNIQUE, email text, boats integer NOT NULL DEFAULT 0,
        low text GENERATED ALWAYS AS (lower(email)) STORED
    );
    CREATE UNIQUE INDEX ON people (lower(email));
    CREATE TABLE boats (
        id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
        owner integer NOT NULL REFERENCES people, port text NOT NULL
    );
    CREATE TABLE seats (
        boat uuid REFERENCES boats, number integer, taken_by integer REFERENCES people,
        PRIMARY KEY (boat, number)
    );
    CREATE TABLE migrations (name text PRIMARY KEY);
    INSERT INTO migrations VALUES ('0001');
    INSERT INTO people (name, email, boats) VALUES ('Ann', 'Ann@x.org', 1), ('Bob', 'b@x.org', 0);
    INSERT INTO boats (owner, port) VALUES (1, 'Kiel');
    INSERT INTO seats SELECT id, 1, 2 FROM boats;
    CREATE MATERIALIZED VIEW fleet AS SELECT count(*) AS boats FROM boats;
"""


def test_copies_refer_to_copies() -> None:
    async def scene(server: PostgresServer) -> None:
        database = await server.create_resource()
        await rows(database.url, SCHEMA)
        assert await database.multiply(400) == 400

        async def all_of(query: str) -> list[tuple[object, ...]]:
            return await rows(database.url, query)

        assert await all_of("SELECT count(*), count(DISTINCT name) FROM people") == [(200, 200)]
        assert await all_of("SELECT boats FROM fleet") == [(100,)]
        together = """
            SELECT DISTINCT owner.boats, owner.name ~ 'Ann$', guest.name ~ 'Bob$', number, port,
                split_part(owner.name, '-', 1) = split_part(guest.name, '-', 1)
            FROM seats JOIN boats ON boats.id = boat JOIN people AS owner ON owner.id = owner
            JOIN people AS guest ON guest.id = taken_by WHERE owner.name <> 'Ann'
        """
        assert await all_of(together) == [(1, True, True, 1, "Kiel", True)]
        assert await all_of("SELECT name FROM migrations") == [("0001",)]

    with_server(scene)


def test_few_rows_are_left_and_new_ones_get_new_numbers() -> None:
    async def scene(server: PostgresServer) -> None:
        database = await server.create_resource()
        await rows(database.url, SCHEMA)
        assert [await database.multiply(wanted) for wanted in (0, 4, 7)] == [4, 4, 4]
        assert await database.multiply(40) == 40
        new = """
            INSERT INTO people (name, email) VALUES ('Cem', 'c@x.org')
            RETURNING id > (SELECT max(id) FROM people)
        """
        assert await rows(database.url, new) == [(True,)]

    with_server(scene)


def test_nothing_is_changed_if_copies_are_not_allowed() -> None:
    async def scene(server: PostgresServer) -> None:
        database = await server.create_resource()
        await rows(database.url, SCHEMA)
        await rows(database.url, "ALTER TABLE people ADD CHECK (char_length(name) < 4)")
        with pytest.raises(DatabaseError):
            await database.multiply(400)
        assert await rows(database.url, "SELECT count(*) FROM boats") == [(1,)]

    with_server(scene)
