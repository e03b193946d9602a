"""Queries on a real database with an unknown schema."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

import psycopg

from worksample.probes.database import (
    Row,
    delete_rows_containing,
    rows_containing,
    rows_referencing,
)
from worksample.services.base import Database
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
            database = await server.create_database()
            async with await psycopg.AsyncConnection.connect(database.url, autocommit=True) as conn:
                await conn.execute(SCHEMA)
            await scene(database)

    asyncio.run(run())


def test_finds_rows_by_content_and_by_foreign_key() -> None:
    async def scene(database: Database) -> None:
        ada = Row("public.People", {"id": 1, "name": "Ada"})
        note = Row("public.notes", {"author": "Ada", "words": {"said": ["hello"]}})
        assert await rows_containing(database, "aDa") == [ada, note]
        assert await rows_containing(database, "HELLO") == [note]
        assert await rows_containing(database, "616263") == [
            Row("public.secrets", {"person_id": 1, "hash": "\\x616263"})
        ]
        referencing = await rows_referencing(database, ada)
        assert referencing == [note, Row("public.secrets", {"person_id": 1, "hash": "\\x616263"})]

    with_database(scene)


def test_null_or_missing_key_has_no_referencing_rows() -> None:
    async def scene(database: Database) -> None:
        nameless = Row("public.People", {"id": 3, "name": None})
        assert await rows_referencing(database, nameless) == []
        assert await rows_referencing(database, Row("public.nowhere", {"id": 1})) == []
        assert await rows_referencing(database, Row("public.notes", {"author": "Ada"})) == []

    with_database(scene)


def test_deletes_rows_by_content() -> None:
    async def scene(database: Database) -> None:
        assert await delete_rows_containing(database, "hello") == 1
        assert await rows_containing(database, "hello") == []
        assert len(await rows_containing(database, "Ada")) == 1

    with_database(scene)
