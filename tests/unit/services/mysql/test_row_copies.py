"""Copies of a row on a real MariaDB: what is replaced, what gets a default, what is refused."""

from __future__ import annotations

from collections.abc import Mapping

from tests.support.mariadb import needs_mariadb
from tests.unit.services.mysql.test_server import answer, execute, with_server
from worksample.services.mysql import Database, MariadbServer

COPIES = [{"Ann": "Bob", "Ann@x.org": "Bob@x.org"}, {"Ann": "Cem", "Ann@x.org": "Cem@x.org"}]
TABLE = """
    CREATE TABLE people (
        id bigint AUTO_INCREMENT PRIMARY KEY, name varchar(40) UNIQUE, email varbinary(80),
        low varchar(80) AS (lower(convert(email using utf8mb4))) STORED,
        `key` char(36) UNIQUE, mark binary(16) NOT NULL UNIQUE, address varchar(80) UNIQUE,
        bio text DEFAULT 'none', since datetime(6), `100%` decimal(9, 3), raw blob, extra json{more}
    )
"""
ANN = """
    INSERT INTO people (name, email, `key`, mark, address, bio, since, `100%`, raw, extra) VALUES
    ('Ann', 'Ann@x.org', uuid(), unhex(md5('Ann')), 'ann@x.org', 'new',
    '2026-01-02 03:04:05.678901', 7.250, x'00ff', '{"a": [1, null]}')
"""


async def copied(server: MariadbServer, more: str = "", then: str = "") -> tuple[bool, Database]:
    """Copy Ann twice; return whether that was done, and the database."""
    database = await server.create_resource()
    await execute(database, (TABLE.format(more=more), ANN, then or "SELECT 1"))
    (row,) = await database.rows_containing("ann@x.org")
    return await database.copy_row(row, COPIES), database


@needs_mariadb
def test_copies_differ_in_the_texts_and_in_what_is_unique() -> None:
    async def scene(server: MariadbServer) -> None:
        done, database = await copied(server)
        assert done
        names = "SELECT id, name, email, low, address FROM people ORDER BY id"
        assert await answer(database, names) == [
            (1, "Ann", b"Ann@x.org", "ann@x.org", "ann@x.org"),
            (2, "Bob", b"Bob@x.org", "bob@x.org", "bob@x.org"),
            (3, "Cem", b"Cem@x.org", "cem@x.org", "cem@x.org"),
        ]
        unique = "SELECT count(DISTINCT `key`), count(DISTINCT mark) FROM people"
        assert await answer(database, unique) == [(3, 3)]
        rest = "SELECT DISTINCT bio, since, `100%`, raw, extra FROM people"
        assert len(await answer(database, rest)) == 1

    with_server(scene)


OTHER_ROWS: tuple[Mapping[str, str], ...] = (
    {"more": ", code varchar(9) UNIQUE", "then": "UPDATE people SET code = 'k7'"},
    {"then": "UPDATE people SET bio = 'I am ANN.'"},
    {"then": """UPDATE people SET extra = '{"mail": "ann@x.org"}'"""},
    {"more": ", high varchar(9) AS (upper(bio)) STORED UNIQUE"},
)


@needs_mariadb
def test_all_copies_are_refused_where_one_would_not_be_another_row() -> None:
    async def scene(server: MariadbServer) -> None:
        for change in OTHER_ROWS:
            done, database = await copied(server, **change)
            assert not done, change
            assert await answer(database, "SELECT count(*) FROM people") == [(1,)]

    with_server(scene)


@needs_mariadb
def test_rows_are_counted_in_all_tables() -> None:
    async def scene(server: MariadbServer) -> None:
        database = await server.create_resource()
        assert await database.row_counts() == {}
        await answer(database, "CREATE TABLE one (id int) AS SELECT 1 AS id")
        await answer(database, "CREATE TABLE empty (id int)")
        await answer(database, "CREATE VIEW seen AS SELECT * FROM one")
        assert await database.row_counts() == {"empty": 0, "one": 1}

    with_server(scene)
