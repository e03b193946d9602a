"""Copies of all rows that belong together, in a database whose schema is unknown.

Every copy of the graph of rows gets other keys, by the same rule in every table: what referred to a
row refers to its copy. So whatever the server computed and stored with its rows stays true.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, LiteralString

from psycopg import sql

from worksample.services.postgres.login import Connection
from worksample.services.postgres.row_copies import counts

_COLUMNS = """
    SELECT space.nspname || '.' || relation.relname, attname, atttypid::regtype::text,
        attgenerated <> ''
    FROM pg_catalog.pg_attribute
    JOIN pg_catalog.pg_class AS relation ON relation.oid = attrelid AND relation.relkind = 'r'
    JOIN pg_catalog.pg_namespace AS space ON space.oid = relation.relnamespace
    WHERE space.nspname NOT LIKE 'pg\\_%' AND space.nspname <> 'information_schema'
        AND attnum > 0 AND NOT attisdropped
    ORDER BY 1, attnum
"""
_REFERENCES = """
    SELECT space.nspname || '.' || relation.relname, attname
    FROM pg_catalog.pg_constraint AS rule
    CROSS JOIN LATERAL (VALUES (conrelid, conkey), (confrelid, confkey)) AS side (relation, keys)
    JOIN pg_catalog.pg_class AS relation ON relation.oid = side.relation
    JOIN pg_catalog.pg_namespace AS space ON space.oid = relation.relnamespace
    JOIN pg_catalog.pg_attribute ON attrelid = side.relation AND attnum = ANY (side.keys)
    WHERE contype = 'f'
"""
_UNIQUE = """
    SELECT space.nspname || '.' || relation.relname, pg_get_indexdef(indexrelid)
    FROM pg_catalog.pg_index
    JOIN pg_catalog.pg_class AS relation ON relation.oid = indrelid
    JOIN pg_catalog.pg_namespace AS space ON space.oid = relation.relnamespace
    WHERE indisunique AND space.nspname NOT LIKE 'pg\\_%'
    ORDER BY indisprimary DESC, indexrelid
"""
_VIEWS = "SELECT schemaname, matviewname FROM pg_catalog.pg_matviews"
_INSERT = """
    INSERT INTO {table} ({columns}) OVERRIDING SYSTEM VALUE
    SELECT {values} FROM {table} AS entry CROSS JOIN generate_series(1, {copies}) AS copy
"""
_SEQUENCE = """
    SELECT setval(pg_get_serial_sequence({name}, {column}), (SELECT max({key}) FROM {table}))
    WHERE pg_get_serial_sequence({name}, {column}) IS NOT NULL
"""
_NUMBERS = ("integer", "bigint")
_TEXTS = ("text", "character varying", "citext")
_OTHERS: Mapping[str, LiteralString] = {
    **dict.fromkeys(_NUMBERS, "{column} + copy * {step}"),
    **dict.fromkeys(_TEXTS, "copy || '-' || {column}"),
    "uuid": "md5({column}::text || '/' || copy)::uuid",
}


@dataclass(frozen=True, slots=True)
class _Table:
    """A table, its columns with their types, and those of them that differ in every copy."""

    name: str
    columns: Mapping[str, str]
    changed: frozenset[str]

    @property
    def identifier(self) -> sql.Identifier:
        return sql.Identifier(*self.name.split(".", 1))


async def multiply(connection: Connection, rows: int) -> int:
    """Copy the rows of all tables that refer to each other until there are about `rows`.

    Returns how many rows these tables have then. Materialized views are refreshed. Tables to which
    no foreign key leads stay as they are. Raises `psycopg.Error`, and then nothing is changed.
    """
    tables = await _tables(connection)
    before = await counts(connection)
    present = sum(before[each.name] for each in tables)
    copies = rows // present - 1 if present else 0
    if copies < 1:
        return present
    async with connection.transaction():
        await connection.execute("SET LOCAL session_replication_role = replica")
        step = 1 + max([await _largest_key(connection, each) for each in tables])
        for each in tables:
            await connection.execute(_copying(each, copies, step))
        for each in tables:
            await _move_sequences(connection, each)
    for schema, name in await _fetched(connection, _VIEWS):
        view = sql.Identifier(schema, name)
        await connection.execute(sql.SQL("REFRESH MATERIALIZED VIEW {}").format(view))
    await connection.execute("VACUUM ANALYZE")
    return present * (copies + 1)


async def _tables(connection: Connection) -> list[_Table]:
    """Return the tables of the graph whose rows can be copied."""
    columns: dict[str, dict[str, str]] = defaultdict(dict)
    for table, column, kind, is_generated in await _fetched(connection, _COLUMNS):
        if not is_generated:
            columns[table][column] = kind
    references: dict[str, set[str]] = defaultdict(set)
    for table, column in await _fetched(connection, _REFERENCES):
        references[table].add(column)
    unique: dict[str, list[str]] = defaultdict(list)
    for table, definition in await _fetched(connection, _UNIQUE):
        unique[table].append(definition)
    return [
        _Table(name, columns[name], frozenset(_changed(columns[name], keys, unique[name])))
        for name, keys in sorted(references.items())
        if name in columns
    ]


def _changed(
    columns: Mapping[str, str], keys: Iterable[str], unique: Sequence[str]
) -> frozenset[str]:
    """Return the columns that must differ: keys, and one of each unique index without a key."""
    changed = {each for each in keys if columns.get(each) in _OTHERS}
    for definition in unique:
        indexed = definition.partition(" USING ")[2].partition(" WHERE ")[0]
        named = [each for each in columns if re.search(rf'(?<![\w"]){each}(?!\w)', indexed)]
        if not changed.intersection(named):
            changed.update(each for each in named if columns[each] in _OTHERS)
    return frozenset(changed)


async def _largest_key(connection: Connection, table: _Table) -> int:
    found = 0
    for name in table.changed:
        if table.columns[name] in _NUMBERS:
            query = sql.SQL("SELECT coalesce(max({}), 0) FROM {}").format(
                sql.Identifier(name), table.identifier
            )
            ((largest,),) = await _fetched(connection, query)
            found = max(found, largest)
    return found


def _copying(table: _Table, copies: int, step: int) -> sql.Composed:
    values = [
        sql.SQL(_OTHERS[kind]).format(column=sql.Identifier("entry", name), step=step)
        if name in table.changed
        else sql.Identifier("entry", name)
        for name, kind in table.columns.items()
    ]
    return sql.SQL(_INSERT).format(
        table=table.identifier,
        columns=sql.SQL(", ").join(map(sql.Identifier, table.columns)),
        values=sql.SQL(", ").join(values),
        copies=copies,
    )


async def _move_sequences(connection: Connection, table: _Table) -> None:
    """Let the next numbers that the database gives come after those of the copies."""
    for name in table.changed:
        if table.columns[name] in _NUMBERS:
            query = sql.SQL(_SEQUENCE).format(
                name=table.identifier.as_string(connection),
                column=name,
                key=sql.Identifier(name),
                table=table.identifier,
            )
            await connection.execute(query)


async def _fetched(connection: Connection, query: LiteralString | sql.Composed) -> list[Any]:
    found: list[Any] = await (await connection.execute(query)).fetchall()
    return found
