"""Copies of all rows that belong together, in a database whose schema is unknown.

Every copy of the graph of rows gets other keys, by the same rule in every table: what referred to a
row refers to its copy. So whatever the server computed and stored with its rows stays true.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from worksample.services.mysql.definitions import make, triggers
from worksample.services.mysql.login import Connection, identifier, rows
from worksample.services.mysql.row_copies import counts

#: A large table takes long on a busy machine.
STATEMENT_SECONDS = 600
_COLUMNS = """
    SELECT table_name, column_name, data_type, character_maximum_length,
        coalesce(generation_expression, '')
    FROM information_schema.columns WHERE table_schema = database()
    ORDER BY table_name, ordinal_position
"""
_REFERENCES = """
    SELECT table_name, column_name FROM information_schema.key_column_usage
    WHERE table_schema = database() AND referenced_table_schema = database()
    UNION
    SELECT referenced_table_name, referenced_column_name FROM information_schema.key_column_usage
    WHERE table_schema = database() AND referenced_table_schema = database()
"""
_UNIQUE = """
    SELECT table_name, index_name, column_name FROM information_schema.statistics
    WHERE table_schema = database() AND NOT non_unique
    ORDER BY table_name, index_name <> 'PRIMARY', index_name, seq_in_index
"""
_INSERT = """
    INSERT INTO {table} ({columns})
    SELECT {values} FROM {table} AS entry CROSS JOIN seq_1_to_{copies} AS copy
"""
_NUMBERS = ("mediumint", "int", "bigint")
_TEXTS = ("char", "varchar", "tinytext", "text", "mediumtext", "longtext")
_DIGEST = "MD5(CONCAT({value}, '/', copy.seq))"
_UUID = "^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$"
_AS_UUID = (
    f"INSERT(INSERT(INSERT(INSERT({_DIGEST}, 21, 0, '-'), 17, 0, '-'), 13, 0, '-'), 9, 0, '-')"
)
#: What a copy has in place of a text that is no UUID; one without room loses its first letters.
_LONGER = "CONCAT(copy.seq, '-', {value})"
_FITTING = "CONCAT(copy.seq, '-', RIGHT({value}, {longest} - CHAR_LENGTH(copy.seq) - 1))"
_OTHERS = {
    **dict.fromkeys(_NUMBERS, "{value} + copy.seq * {step}"),
    **dict.fromkeys(_TEXTS, f"IF({{value}} REGEXP {{uuid}}, {_AS_UUID}, {{text}})"),
    "uuid": _DIGEST,
    "binary": "UNHEX(MD5(CONCAT(HEX({value}), '/', copy.seq)))",
}


@dataclass(frozen=True, slots=True)
class _Column:
    """A column; `longest` is how many letters or bytes it holds, None if its type says that."""

    name: str
    type: str
    longest: int | None

    @property
    def can_differ(self) -> bool:
        """Whether `other` knows how a copy has another value."""
        return self.type in _OTHERS and (self.type != "binary" or self.longest == 16)

    def other(self, step: int, *, is_key: bool) -> str:
        """Return the value in a copy: another one in each, and the same of equal values.

        A text of full length that is no part of a foreign key loses letters at its beginning.
        """
        value, longest = f"entry.{identifier(self.name)}", self.longest
        text = (_LONGER if is_key else _FITTING).format(value=value, longest=longest)
        return _OTHERS[self.type].format(value=value, step=step, text=text, uuid=f"'{_UUID}'")


@dataclass(frozen=True, slots=True)
class _Table:
    """A table, its columns, those of foreign keys, and those that differ in every copy."""

    name: str
    columns: Mapping[str, _Column]
    keys: frozenset[str]
    changed: frozenset[str]


def multiply(connection: Connection, wanted: int) -> int:
    """Copy the rows of all tables that refer to each other until there are about `wanted`.

    Returns how many rows these tables have then. Triggers are not executed for copies. Tables to
    which no foreign key leads stay as they are. Raises `pymysql.Error`, and then nothing is
    changed.
    """
    tables = _tables(connection)
    before = counts(connection)
    present = sum(before[each.name] for each in tables)
    copies = wanted // present - 1 if present else 0
    if copies < 1:
        return present
    step = 1 + max(_largest_key(connection, each) for each in tables)
    with _without_triggers(connection, {each.name for each in tables}):
        rows(connection, "SET SESSION foreign_key_checks = 0")
        connection.begin()
        for each in tables:
            rows(connection, _copying(each, copies, step))
        connection.commit()
    for table in before:
        rows(connection, f"ANALYZE TABLE {identifier(table)}")
    return present * (copies + 1)


def _tables(connection: Connection) -> list[_Table]:
    """Return the tables of the graph."""
    columns: dict[str, dict[str, _Column]] = defaultdict(dict)
    generated: dict[str, dict[str, str]] = defaultdict(dict)
    for table, name, kind, longest, expression in rows(connection, _COLUMNS):
        if expression:
            generated[table][name] = expression
        else:
            columns[table][name] = _Column(name, kind, longest)
    keys: dict[str, set[str]] = defaultdict(set)
    for table, name in rows(connection, _REFERENCES):
        keys[table].add(name)
    unique: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for table, index, name in rows(connection, _UNIQUE):
        unique[table][index] += _origins(name, generated[table], columns[table])
    return [
        _Table(name, columns[name], frozenset(held), _changed(columns[name], held, unique[name]))
        for name, held in sorted(keys.items())
    ]


def _origins(
    name: str, generated: Mapping[str, str], columns: Mapping[str, _Column]
) -> Sequence[str]:
    """Return the column itself, or those from which it is generated."""
    if name not in generated:
        return [name]
    return [each for each in re.findall(r"`((?:[^`]|``)+)`", generated[name]) if each in columns]


def _changed(
    columns: Mapping[str, _Column], keys: Iterable[str], unique: Mapping[str, Sequence[str]]
) -> frozenset[str]:
    """Return the columns that must differ: keys, and one of each unique index without a key."""
    can_differ = {name for name, each in columns.items() if each.can_differ}
    changed = can_differ.intersection(keys)
    for indexed in unique.values():
        if not changed.intersection(indexed):
            changed.update(can_differ.intersection(indexed))
    return frozenset(changed)


def _largest_key(connection: Connection, table: _Table) -> int:
    numbers = [each for each in table.changed if table.columns[each].type in _NUMBERS]
    largest = [f"coalesce(max({identifier(each)}), 0)" for each in numbers]
    if not largest:
        return 0
    [found] = rows(connection, f"SELECT {', '.join(largest)} FROM {identifier(table.name)}")  # noqa: S608
    return int(max(found))


def _copying(table: _Table, copies: int, step: int) -> str:
    values = ", ".join(
        each.other(step, is_key=each.name in table.keys)
        if each.name in table.changed
        else f"entry.{identifier(each.name)}"
        for each in table.columns.values()
    )
    columns = ", ".join(map(identifier, table.columns))
    name = identifier(table.name)
    return _INSERT.format(table=name, columns=columns, values=values, copies=copies)


@contextmanager
def _without_triggers(connection: Connection, tables: Iterable[str]) -> Iterator[None]:
    """Remove the triggers of these tables while the block lasts: no setting turns them off.

    An open transaction is rolled back afterwards.
    """
    removed = [each for each in triggers(connection) if each.table in tables]
    try:
        for each in removed:
            rows(connection, f"DROP TRIGGER {identifier(each.name)}")
        yield
    finally:
        connection.rollback()
        for each in removed:
            rows(connection, "DROP TRIGGER IF EXISTS " + identifier(each.name))
            make(connection, each)
