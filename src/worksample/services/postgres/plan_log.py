"""Log query plans by auto_explain, and try out indexes.

PostgreSQL prefers a sequential scan for a table of a few hundred rows, even if there is an index.
While plans are logged, settings of the target's role (`enable_seqscan` and others) make sequential
scans and joins that read whole tables expensive, and each row more expensive than a page.
PostgreSQL then plans as for a table of a million rows and uses every suitable index.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import psycopg
from psycopg import sql

from worksample.sandbox import LogFile
from worksample.services.plans import ExecutedStatement, IndexCandidate
from worksample.services.postgres.databases import Database
from worksample.services.postgres.errors import database_errors
from worksample.services.postgres.login import Connection
from worksample.services.postgres.plans import (
    candidate_indexes,
    plain_key,
    plans_in,
    rows_examined,
)

SETTINGS = {
    "session_preload_libraries": "auto_explain",
    "auto_explain.log_min_duration": "0",
    "auto_explain.log_analyze": "on",
    "auto_explain.log_timing": "off",
    "auto_explain.log_nested_statements": "on",
    "auto_explain.log_format": "json",
    "enable_seqscan": "off",
    "enable_hashjoin": "off",
    "enable_mergejoin": "off",
    "cpu_tuple_cost": "1",
    "seq_page_cost": "0.01",
    "random_page_cost": "0.01",
}
_TRIAL_INDEX = "worksample_trial"
#: Where a row was updated while a transaction ran, in this database or another one, PostgreSQL
#: leaves the new index to transactions that begin after that one ("broken HOT chains", README.HOT).
#: The old row versions that it protects are seen by nobody here.
_USE_AT_ONCE = """
    UPDATE pg_index SET indcheckxmin = false WHERE indexrelid = %s::regclass AND indcheckxmin
"""

_INDEXES = """
    SELECT relation.relname, indexed.relname, pg_get_indexdef(entry.indexrelid, 1, false)
    FROM pg_index AS entry
    JOIN pg_class AS relation ON relation.oid = entry.indrelid
    JOIN pg_class AS indexed ON indexed.oid = entry.indexrelid
    JOIN pg_namespace AS space ON space.oid = relation.relnamespace
    WHERE space.nspname NOT LIKE 'pg\\_%' AND entry.indisvalid AND entry.indpred IS NULL
"""
_TABLES = """
    SELECT space.nspname, relation.relname, relation.reltuples::bigint
    FROM pg_class AS relation JOIN pg_namespace AS space ON space.oid = relation.relnamespace
    WHERE relation.relkind IN ('r', 'p') AND space.nspname NOT LIKE 'pg\\_%'
      AND space.nspname <> 'information_schema'
"""


@dataclass(frozen=True, slots=True)
class _Catalog:
    """Tables and indexes of the database.

    `schemas`: table -> schema; `table_rows`: table -> number of rows; `first_keys`: index -> first
    key; `indexed`: the first keys of all indexes.
    """

    schemas: Mapping[str, str]
    table_rows: Mapping[str, int]
    first_keys: Mapping[str, str]
    indexed: frozenset[IndexCandidate]


class PlanLog:
    """See `PlanLog` in services/plans.py.

    `flush` waits until the server's output so far is in `log` and returns the log's position.
    """

    def __init__(
        self, connection: Connection, log: LogFile, flush: Callable[[], Awaitable[int]]
    ) -> None:
        self._connection, self._log, self._flush = connection, log, flush

    async def position(self) -> int:
        """See `PlanLog`."""
        return await self._flush()

    async def executed(self, since: int, sessions: Iterable[int]) -> list[ExecutedStatement]:
        """See `PlanLog`."""
        await self._flush()
        catalog = await self._catalog()
        return [
            ExecutedStatement(
                plan.sql,
                rows_examined([plan], catalog.table_rows, catalog.first_keys),
                tuple(candidate_indexes([plan])),
            )
            for plan in plans_in(self._log.text(since), sessions)
        ]

    async def table_rows(self) -> Mapping[str, int]:
        """See `PlanLog`."""
        return (await self._catalog()).table_rows

    async def indexed(self) -> frozenset[IndexCandidate]:
        """See `PlanLog`."""
        return (await self._catalog()).indexed

    @asynccontextmanager
    async def trial(self, candidate: IndexCandidate) -> AsyncIterator[bool]:
        """See `PlanLog`."""
        schema = (await self._catalog()).schemas[candidate.table]
        if not await self._create(candidate, schema):
            yield False
            return
        drop = sql.SQL("DROP INDEX {}").format(sql.Identifier(schema, _TRIAL_INDEX))
        try:
            yield True
        finally:
            with database_errors():
                await self._connection.execute(drop)

    async def _create(self, candidate: IndexCandidate, schema: str) -> bool:
        table = sql.Identifier(schema, candidate.table)
        create = sql.SQL("CREATE INDEX {} ON {} (({}))").format(
            sql.Identifier(_TRIAL_INDEX),
            table,
            sql.SQL(candidate.key),
        )
        try:
            await self._connection.execute(create)
        except psycopg.Error:
            return False
        index = sql.Identifier(schema, _TRIAL_INDEX).as_string(self._connection)
        with database_errors():
            await self._connection.execute(_USE_AT_ONCE, (index,))
            await self._connection.execute(sql.SQL("ANALYZE {}").format(table))
        return True

    async def _catalog(self) -> _Catalog:
        with database_errors():
            tables: list[Any] = await (await self._connection.execute(_TABLES)).fetchall()
            indexes: list[Any] = await (await self._connection.execute(_INDEXES)).fetchall()
        return _Catalog(
            {table: schema for schema, table, _ in tables},
            {table: max(rows, 0) for _, table, rows in tables},
            {index: plain_key(key) for _, index, key in indexes},
            frozenset(IndexCandidate(table, plain_key(key)) for table, _, key in indexes),
        )


@asynccontextmanager
async def logged_plans(
    database: Database, log: LogFile, flush: Callable[[], Awaitable[int]]
) -> AsyncIterator[PlanLog]:
    """Let new sessions of the database's owner log their plans to the server's `log`."""
    with database_errors():
        connection = await database.connect()
    async with connection, _settings(connection, database.owner.user, database.name):
        yield PlanLog(connection, log, flush)


@asynccontextmanager
async def _settings(connection: Connection, role: str, database: str) -> AsyncIterator[None]:
    alter = sql.SQL("ALTER ROLE {} IN DATABASE {}").format(
        sql.Identifier(role), sql.Identifier(database)
    )
    with database_errors():
        for name, value in SETTINGS.items():
            setting = sql.SQL(" SET {} = {}").format(_setting(name), sql.Literal(value))
            await connection.execute(alter + setting)
        await connection.execute("ANALYZE")
    try:
        yield
    finally:
        with database_errors():
            for name in SETTINGS:
                await connection.execute(alter + sql.SQL(" RESET {}").format(_setting(name)))


def _setting(name: str) -> sql.Composed:
    return sql.SQL(".").join(map(sql.Identifier, name.split(".")))
