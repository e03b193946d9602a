"""Copies of a row in a table whose schema is unknown; see `CopyableDatabase` in database.py."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import psycopg
from psycopg import sql
from psycopg.types.json import Jsonb

from worksample.services.copied_texts import holds_any, replaced
from worksample.services.database import Row
from worksample.services.postgres.login import Connection
from worksample.services.postgres.rows import tables

_COUNT = "SELECT count(*) FROM {table}"
_COLUMNS = """
    SELECT attname, atthasdef OR attidentity <> '', attgenerated <> '' OR attidentity = 'a',
        atttypid = 'uuid'::regtype,
        EXISTS (
            SELECT FROM pg_catalog.pg_index
            WHERE indrelid = attrelid AND indisunique AND attnum = ANY (indkey)
        )
    FROM pg_catalog.pg_attribute
    WHERE attrelid = to_regclass(quote_ident(%s) || '.' || quote_ident(%s))
        AND attnum > 0 AND NOT attisdropped
"""
_INSERT = """
    INSERT INTO {table} ({columns})
    SELECT {columns} FROM jsonb_populate_record(NULL::{table}, %s)
"""


@dataclass(frozen=True, slots=True)
class _Column:
    """A column, and whether it has a default, cannot be written, is a UUID, is in a unique key."""

    name: str
    has_default: bool
    is_generated: bool
    is_uuid: bool
    is_unique: bool


async def counts(connection: Connection) -> dict[str, int]:
    """Return table -> number of its rows."""
    found: dict[str, int] = {}
    for schema, name in await tables(connection):
        query = sql.SQL(_COUNT).format(table=sql.Identifier(schema, name))
        row: Any = await (await connection.execute(query)).fetchone()
        found[f"{schema}.{name}"] = row[0]
    return found


async def insert(connection: Connection, row: Row, copies: Sequence[Mapping[str, str]]) -> bool:
    """Insert all copies of `row` or none; return whether they were inserted."""
    schema, table = row.table.split(".", 1)
    found: list[Any] = await (await connection.execute(_COLUMNS, [schema, table])).fetchall()
    columns = [_Column(*each) for each in found]
    values = [_values_of_copy(row.values, columns, texts) for texts in copies]
    complete = [each for each in values if each is not None]
    if len(complete) < len(copies):
        return False
    try:
        async with connection.transaction():
            for each in complete:
                names = sql.SQL(", ").join(map(sql.Identifier, each))
                target = sql.Identifier(schema, table)
                query = sql.SQL(_INSERT).format(table=target, columns=names)
                await connection.execute(query, [Jsonb(each)])
    except psycopg.errors.IntegrityError:
        return False
    return True


def _values_of_copy(
    row: Mapping[str, Any], columns: Sequence[_Column], texts: Mapping[str, str]
) -> dict[str, Any] | None:
    """Return column -> value of a copy; None if a column cannot be copied."""
    copy: dict[str, Any] = {}
    for column in columns:
        old = row[column.name]
        new = replaced(old, texts)
        if column.is_generated or (column.is_unique and new == old and column.has_default):
            continue
        if column.is_unique and new == old and column.is_uuid:
            new = str(uuid.uuid4())
        if (column.is_unique and new == old and old is not None) or holds_any(new, texts):
            return None
        copy[column.name] = new
    return copy
