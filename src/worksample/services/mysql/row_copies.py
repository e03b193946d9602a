"""Copies of a row in a table whose schema is unknown; see `CopyableDatabase` in database.py."""

from __future__ import annotations

import re
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pymysql

from worksample.services.copied_texts import holds_any, replaced
from worksample.services.database import Row
from worksample.services.mysql import login
from worksample.services.mysql.login import Connection, identifier

_TABLES = """
    SELECT table_name FROM information_schema.tables
    WHERE table_schema = database() AND table_type IN ('BASE TABLE', 'SYSTEM VERSIONED')
    ORDER BY table_name
"""
_COLUMNS = """
    SELECT column_name,
        extra LIKE '%%auto_increment%%'
            OR column_default IS NOT NULL AND column_default <> 'NULL',
        coalesce(generation_expression, '') <> '',
        column_type,
        EXISTS (
            SELECT 1 FROM information_schema.statistics AS indexed
            WHERE indexed.table_schema = entry.table_schema AND NOT indexed.non_unique
                AND indexed.table_name = entry.table_name
                AND indexed.column_name = entry.column_name
        )
    FROM information_schema.columns AS entry
    WHERE table_schema = database() AND table_name = %s
    ORDER BY ordinal_position
"""
_UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class _Column:
    """A column, its type, and whether it has a default, cannot be written, is in a unique key."""

    name: str
    has_default: bool
    is_generated: bool
    type: str
    is_unique: bool


@dataclass(frozen=True, slots=True)
class _Copy:
    """A copy of a row: what is new by column, what is kept, and which columns hold other texts."""

    new: Mapping[str, object]
    kept: Sequence[str]
    known: Sequence[str]


def counts(connection: Connection) -> dict[str, int]:
    """Return table -> number of its rows."""
    found: dict[str, int] = {}
    for (table,) in login.rows(connection, _TABLES):
        [(found[table],)] = login.rows(connection, f"SELECT count(*) FROM {identifier(table)}")  # noqa: S608
    return found


def insert(connection: Connection, row: Row, copies: Sequence[Mapping[str, str]]) -> bool:
    """Insert all copies of `row` or none; return whether they were inserted."""
    columns = [_Column(*each) for each in login.rows(connection, _COLUMNS, (row.table,))]
    made = [_copy_of(row, columns, texts) for texts in copies]
    complete = [each for each in made if each is not None]
    if len(complete) < len(copies):
        return False
    connection.begin()
    try:
        inserted = {_insert(connection, row, each) for each in complete}
    except pymysql.IntegrityError:
        inserted = {0}
    if inserted - {1}:
        connection.rollback()
        return False
    connection.commit()
    return True


def _copy_of(row: Row, columns: Sequence[_Column], texts: Mapping[str, str]) -> _Copy | None:
    """Return a copy of a row; None if a column cannot be copied, or if nothing would differ."""
    new, kept = dict[str, object](), list[str]()
    for column in columns:
        if column.name not in row.values:  # an invisible one
            return None
        old = row.values[column.name]
        value = replaced(old, texts)
        if column.is_generated or (column.is_unique and value == old and column.has_default):
            continue
        if holds_any(value, texts):
            return None
        if value != old:
            new[column.name] = value
        elif not column.is_unique or old is None:
            kept.append(column.name)
        elif (identity := _new_identity(column, old)) is not None:
            new[column.name] = identity
        else:
            return None
    known = [each for each in new if replaced(row.values[each], texts) == new[each]]
    return _Copy(new, kept, known) if known else None


def _new_identity(column: _Column, old: object) -> object:
    """Return another UUID, if such a column holds UUIDs, as a text or as 16 bytes."""
    if column.type == "binary(16)":
        return uuid.uuid4().bytes
    return str(uuid.uuid4()) if _UUID.fullmatch(str(old)) else None


def _insert(connection: Connection, row: Row, copy: _Copy) -> int:
    """Insert a copy of the stored row, which `copy.known` tells from others; return how many."""
    names = ", ".join(map(_name, (*copy.new, *copy.kept)))
    values = ", ".join((*("%s" for _ in copy.new), *map(_name, copy.kept)))
    known = " AND ".join(f"{_name(each)} = %s" for each in copy.known)
    table = _name(row.table)
    statement = f"INSERT INTO {table} ({names}) SELECT {values} FROM {table} WHERE {known}"  # noqa: S608
    with connection.cursor() as cursor:
        old = (row.values[each] for each in copy.known)
        return int(cursor.execute(statement, (*copy.new.values(), *old)))


def _name(name: str) -> str:
    """Return a name as SQL that also has values (%s)."""
    return identifier(name).replace("%", "%%")
