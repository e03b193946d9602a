"""Queries on a real database with an unknown schema."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

import psycopg

from worksample.services import Database, Row
from worksample.services.postgres import PostgresServer

SCHEMA = """
    CREATE TABLE "People" (id int PRIMARY KEY, name text UNIQUE);
    CREATE TABLE secrets (person_id int REFERENCES "People", hash bytea);
    CREATE TABLE notes (author text REFERENCES "People" (name), words jsonb);
    INSERT INTO "People" VALUES (1, 'Ada'), (2, 'Bob'), (3, NULL);
    INSERT INTO secrets VALUES (1, 'abc'), (2, 'xyz'), (NULL, 'nobody');
    INSERT INTO notes VALUES ('Ada', '{"said": ["hello"]}'), (NULL, '{}');
"""


def with_database(scene: Callable[[Database], Awaitable[None]]) -> None:
    async def run() -> None:
        async with PostgresServer.start() as server:
            database = await server.create_resource()
            async with await psycopg.AsyncConnection.connect(database.url, autocommit=True) as conn:
                await conn.execute(SCHEMA)
            await scene(database)

    asyncio.run(run())


def test_finds_rows_by_content_and_by_foreign_key() -> None:
    async def scene(database: Database) -> None:
        ada = Row("public.People", {"id": 1, "name": "Ada"})
        note = Row("public.notes", {"author": "Ada", "words": {"said": ["hello"]}})
        assert await database.rows_containing("aDa") == [ada, note]
        assert await database.rows_containing("HELLO") == [note]
        assert await database.rows_containing("616263") == [
            Row("public.secrets", {"person_id": 1, "hash": "\\x616263"})
        ]
        referencing = await database.rows_referencing(ada)
        assert referencing == [note, Row("public.secrets", {"person_id": 1, "hash": "\\x616263"})]

    with_database(scene)


def test_null_or_missing_key_has_no_referencing_rows() -> None:
    async def scene(database: Database) -> None:
        nameless = Row("public.People", {"id": 3, "name": None})
        assert await database.rows_referencing(nameless) == []
        assert await database.rows_referencing(Row("public.nowhere", {"id": 1})) == []
        assert await database.rows_referencing(Row("public.notes", {"author": "Ada"})) == []

    with_database(scene)


def test_deletes_rows_by_content() -> None:
    async def scene(database: Database) -> None:
        assert await database.delete_rows_containing("hello") == 1
        assert await database.rows_containing("hello") == []
        assert len(await database.rows_containing("Ada")) == 1

    with_database(scene)
