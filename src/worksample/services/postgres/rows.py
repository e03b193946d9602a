"""Queries on the database of a target whose schema is unknown; see `Database` in database.py."""

from __future__ import annotations

from typing import Any

from psycopg import sql
from psycopg.types.json import Jsonb

from worksample.services.database import Row
from worksample.services.postgres.login import Connection

_MAX_TABLES = 200
_MAX_ROWS = 20

_TABLES = """
    SELECT schemaname, tablename FROM pg_catalog.pg_tables
    WHERE schemaname NOT IN ('pg_catalog', 'information_schema')
    ORDER BY 1, 2 LIMIT %s  -- NULL: no limit
"""
_DELETING = sql.SQL("DELETE FROM {table} AS entry WHERE strpos(lower(entry::text), lower(%s)) > 0")
_CONTAINING = """
    SELECT to_jsonb(entry) FROM {table} AS entry
    WHERE strpos(lower(entry::text), lower(%s)) > 0 LIMIT %s
"""

_FOREIGN_KEYS = """
    SELECT space.nspname, source.relname, pointing.attname, pointed.attname
    FROM pg_catalog.pg_constraint AS rule
    JOIN pg_catalog.pg_class AS source ON source.oid = rule.conrelid
    JOIN pg_catalog.pg_namespace AS space ON space.oid = source.relnamespace
    JOIN pg_catalog.pg_attribute AS pointing
      ON pointing.attrelid = rule.conrelid AND pointing.attnum = rule.conkey[1]
    JOIN pg_catalog.pg_attribute AS pointed
      ON pointed.attrelid = rule.confrelid AND pointed.attnum = rule.confkey[1]
    WHERE rule.contype = 'f' AND cardinality(rule.conkey) = 1
      AND rule.confrelid = to_regclass(quote_ident(%s) || '.' || quote_ident(%s))
    ORDER BY 1, 2, 3 LIMIT %s
"""
_REFERENCING = """
    SELECT to_jsonb(entry) FROM {table} AS entry
    WHERE to_jsonb(entry) -> {column} = %s LIMIT %s
"""


async def tables(connection: Connection, most: int | None = None) -> list[tuple[str, str]]:
    """Return schema and name of all tables, or of `most` at most, in order."""
    found: list[Any] = await (await connection.execute(_TABLES, [most])).fetchall()
    return found


async def containing(connection: Connection, text: str) -> list[Row]:
    """Return the rows of all tables that contain `text` in any column, ignoring case."""
    found: list[Row] = []
    for schema, name in await tables(connection, _MAX_TABLES):
        query = sql.SQL(_CONTAINING).format(table=sql.Identifier(schema, name))
        rows: list[Any] = await (await connection.execute(query, [text, _MAX_ROWS])).fetchall()
        found += [Row(f"{schema}.{name}", values) for (values,) in rows]
    return found


async def referencing(connection: Connection, row: Row) -> list[Row]:
    """Return the rows of all tables whose foreign key references `row`, except composite keys."""
    found: list[Row] = []
    schema, table = row.table.split(".", 1)
    cursor = await connection.execute(_FOREIGN_KEYS, [schema, table, _MAX_TABLES])
    keys: list[Any] = await cursor.fetchall()
    for space, source, column, key in keys:
        if row.values.get(key) is None:
            continue
        query = sql.SQL(_REFERENCING).format(
            table=sql.Identifier(space, source), column=sql.Literal(column)
        )
        wanted = [Jsonb(row.values[key]), _MAX_ROWS]
        rows: list[Any] = await (await connection.execute(query, wanted)).fetchall()
        found += [Row(f"{space}.{source}", values) for (values,) in rows]
    return found


async def delete_containing(connection: Connection, text: str) -> int:
    """Delete the rows of all tables that contain `text` in any column; return their number."""
    deleted = 0
    for table in {row.table for row in await containing(connection, text)}:
        query = _DELETING.format(table=sql.Identifier(*table.split(".", 1)))
        deleted += (await connection.execute(query, [text])).rowcount
    return deleted
