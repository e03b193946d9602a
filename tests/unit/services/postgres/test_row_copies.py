"""Copies of a row on a real PostgreSQL: what is replaced, what gets a default, what is refused."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from tests.unit.services.postgres.test_server import rows, with_server
from worksample.services.postgres import PostgresServer

COPIES = [{"Ann": "Bob", "Ann@x.org": "Bob@x.org"}, {"Ann": "Cem", "Ann@x.org": "Cem@x.org"}]
TABLE = """
    CREATE TABLE people (
        id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
        name text UNIQUE, email text, low text GENERATED ALWAYS AS (lower(email)) STORED,
        key uuid UNIQUE, address text UNIQUE, bio text DEFAULT 'none', since timestamptz,
        raw bytea, extra jsonb{more}
    )
"""
ANN = """
    INSERT INTO people (name, email, key, address, bio, since, raw, extra) VALUES ('Ann',
    'Ann@x.org', gen_random_uuid(), 'ann@x.org', 'new', '2026-01-02 03:04:05.678+02', '\\x00ff',
    '{"a": [1, null]}')
"""


async def copied(server: PostgresServer, more: str = "", then: str = "") -> tuple[bool, str]:
    """Copy Ann twice; return whether that was done, and the URL of the database."""
    database = await server.create_resource()
    await rows(database.url, TABLE.format(more=more))
    await rows(database.url, ANN)
    await rows(database.url, then or "SELECT")
    (row,) = await database.rows_containing("ann@x.org")
    return await database.copy_row(row, COPIES), database.url


def test_copies_differ_in_the_texts_and_in_what_is_unique() -> None:
    async def scene(server: PostgresServer) -> None:
        done, url = await copied(server)
        assert done
        names = "SELECT id, name, email, low, address FROM people ORDER BY id"
        assert await rows(url, names) == [
            (1, "Ann", "Ann@x.org", "ann@x.org", "ann@x.org"),
            (2, "Bob", "Bob@x.org", "bob@x.org", "bob@x.org"),
            (3, "Cem", "Cem@x.org", "cem@x.org", "cem@x.org"),
        ]
        assert await rows(url, "SELECT count(DISTINCT key) FROM people") == [(3,)]
        rest = "SELECT DISTINCT bio, since, raw, extra FROM people"
        assert len(await rows(url, rest)) == 1

    with_server(scene)


@pytest.mark.parametrize(
    "change",
    [
        {"more": ", code text UNIQUE", "then": "UPDATE people SET code = 'k7'"},
        {"then": "UPDATE people SET bio = 'I am ANN.'"},
        {"then": """UPDATE people SET extra = '{"mail": "ann@x.org"}'"""},
        {"then": "CREATE UNIQUE INDEX ON people (upper(bio))"},
    ],
)
def test_all_copies_are_refused_where_one_would_not_be_another_row(
    change: Mapping[str, str],
) -> None:
    async def scene(server: PostgresServer) -> None:
        done, url = await copied(server, **change)
        assert not done
        assert await rows(url, "SELECT count(*) FROM people") == [(1,)]

    with_server(scene)


def test_rows_are_counted_in_all_tables() -> None:
    async def scene(server: PostgresServer) -> None:
        database = await server.create_resource()
        assert await database.row_counts() == {}
        await rows(database.url, "CREATE TABLE empty (); CREATE SCHEMA s; CREATE TABLE s.two ()")
        await rows(database.url, "INSERT INTO s.two DEFAULT VALUES")
        assert await database.row_counts() == {"public.empty": 0, "s.two": 1}

    with_server(scene)
