"""Queries on the database of a target whose schema is unknown; see `Database` in database.py."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from worksample.services.database import Row
from worksample.services.mysql import login
from worksample.services.mysql.login import Connection, identifier

_MAX_TABLES = 200
_MAX_ROWS = 20
_COLUMNS = """
    SELECT columns.table_name, column_name FROM information_schema.columns
    JOIN information_schema.tables USING (table_schema, table_name)
    WHERE table_schema = database() AND table_type = 'BASE TABLE'
    ORDER BY columns.table_name, ordinal_position
"""
_FOREIGN_KEYS = """
    SELECT min(table_name), min(column_name), min(referenced_column_name)
    FROM information_schema.key_column_usage
    WHERE table_schema = database() AND referenced_table_schema = database()
        AND referenced_table_name = %s
    GROUP BY constraint_name, table_name HAVING count(*) = 1
    ORDER BY 1, 2
"""


def containing(connection: Connection, text: str) -> list[Row]:
    """Return the rows of all tables that contain `text` in any column, ignoring case."""
    found: list[Row] = []
    for table, columns in _tables(connection).items():
        found += _rows(connection, table, _holds(columns), text)
    return found


def referencing(connection: Connection, row: Row) -> list[Row]:
    """Return the rows of all tables whose foreign key references `row`, except composite keys."""
    found: list[Row] = []
    for table, column, key in login.rows(connection, _FOREIGN_KEYS, (row.table,)):
        if row.values.get(key) is not None:
            wanted = f"CONVERT({_name(column)}, CHAR) = %s"
            found += _rows(connection, table, wanted, str(row.values[key]))
    return found


def delete_containing(connection: Connection, text: str) -> int:
    """Delete the rows of all tables that contain `text` in any column; return their number."""
    deleted = 0
    tables = {row.table for row in containing(connection, text)}
    for table, columns in _tables(connection).items():
        if table in tables:
            with connection.cursor() as cursor:
                query = f"DELETE FROM {_name(table)} WHERE {_holds(columns)}"  # noqa: S608
                deleted += cursor.execute(query, (text,))
    return deleted


def _tables(connection: Connection) -> dict[str, list[str]]:
    """Return table -> columns of the first 200 tables."""
    found: dict[str, list[str]] = {}
    for table, column in login.rows(connection, _COLUMNS):
        found.setdefault(table, []).append(column)
    return dict(list(found.items())[:_MAX_TABLES])


def _name(name: str) -> str:
    """Return a name as SQL that also has values (%s)."""
    return identifier(name).replace("%", "%%")


def _holds(columns: list[str]) -> str:
    """Return the condition that a row contains the text %s: letters count, their case does not."""
    texts = ", ".join(f"CONVERT({_name(each)} USING utf8mb4)" for each in columns)
    return f"LOCATE(LOWER(%s), LOWER(CONCAT_WS(' ', {texts})) COLLATE utf8mb4_bin) > 0"


def _rows(connection: Connection, table: str, condition: str, value: str) -> list[Row]:
    """Return the first 20 rows of a table that meet a condition on `value`."""
    query = f"SELECT * FROM {_name(table)} WHERE {condition} LIMIT {_MAX_ROWS}"  # noqa: S608
    with connection.cursor() as cursor:
        cursor.execute(query, (value,))
        names = [each[0] for each in cursor.description or ()]
        return [
            Row(table, dict(zip(names, map(_plain, values), strict=True)))
            for values in cursor.fetchall()
        ]


def _plain(value: Any) -> Any:
    """Return a value as JSON knows it."""
    if isinstance(value, bytes):
        return value.decode("utf-8", "backslashreplace")
    if isinstance(value, datetime | date):
        return value.isoformat()
    return str(value) if isinstance(value, Decimal | timedelta) else value
