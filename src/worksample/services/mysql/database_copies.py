"""Copies of a database with all that it contains; MariaDB itself has no statement for that.

Definitions and rows are copied by statements, then compared. So nothing is missing unnoticed.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pymysql

from worksample.errors import DatabaseError
from worksample.messages import join_and, message
from worksample.services.mysql.definitions import Definition, definitions, make
from worksample.services.mysql.login import Connection, identifier, rows

#: Rows are stored as they are: keys that are 0, dates without a day, what no rule would let in now.
_AS_THEY_ARE = (
    "SET SESSION sql_mode = 'NO_AUTO_VALUE_ON_ZERO,NO_ENGINE_SUBSTITUTION'",
    "SET SESSION foreign_key_checks = 0, check_constraint_checks = 0, innodb_strict_mode = 0",
)
_LETTERS = """
    SELECT default_character_set_name, default_collation_name FROM information_schema.schemata
    WHERE schema_name = %s
"""
_STORED = """
    SELECT column_name FROM information_schema.columns
    WHERE table_schema = database() AND table_name = %s
        AND coalesce(generation_expression, '') = ''
    ORDER BY ordinal_position
"""
_ORDER = """
    SELECT action_order FROM information_schema.triggers
    WHERE trigger_schema = database() AND trigger_name = %s
"""
_NEXT = "SELECT next_not_cached_value, cycle_count FROM {}"

#: (kind, name) -> what makes the object again, and what it holds.
Contents = Mapping[tuple[str, str], tuple[Definition, object]]


def letters_of(connection: Connection, name: str) -> str:
    """Return how CREATE DATABASE says the character set and collation of the database `name`."""
    [(letters, collation)] = rows(connection, _LETTERS, (name,))
    return f"CHARACTER SET {letters} COLLATE {collation}"


def fill(connection: Connection, old: str, new: str) -> None:
    """Fill the empty database `new`, whose user has its name, with a copy of all that `old` has.

    Raises `pymysql.Error`, and `DatabaseError` if something cannot be copied or changes meanwhile.
    """
    connection.select_db(old)
    found = _contents(connection)
    expected = {key: (each.renamed(old, new), held) for key, (each, held) in found.items()}
    for statement in _AS_THEY_ARE:
        rows(connection, statement)
    connection.select_db(new)
    views = list[Definition]()
    for each, _ in expected.values():
        if each.kind == "VIEW":
            views.append(each)
            continue
        make(connection, each)
        _copy_held(connection, each, old)
    _make_views(connection, views)
    _require_equal(expected, _contents(connection))


def _contents(connection: Connection) -> Contents:
    return {
        (each.kind, each.name): (each, _held(connection, each)) for each in definitions(connection)
    }


def _held(connection: Connection, definition: Definition) -> object:
    """Return what an object has beside its definition: its place, or a digest of its rows."""
    name = identifier(definition.name)
    if definition.kind == "SEQUENCE":
        return rows(connection, _NEXT.format(name))
    if definition.kind == "TABLE":
        [(_, checksum)] = rows(connection, f"CHECKSUM TABLE {name} EXTENDED")
        return checksum
    if definition.kind == "TRIGGER":
        return rows(connection, _ORDER, (definition.name,))
    return None


def _copy_held(connection: Connection, definition: Definition, old: str) -> None:
    name, source = identifier(definition.name), identifier(old, definition.name)
    if definition.kind == "SEQUENCE":
        [(following, cycles)] = rows(connection, _NEXT.format(source))
        rows(connection, f"SELECT SETVAL({name}, {following:d}, 0, {cycles:d})")
    elif definition.kind == "TABLE":
        stored = rows(connection, _STORED, (definition.name,))
        columns = ", ".join(identifier(each) for (each,) in stored)
        rows(connection, f"INSERT INTO {name} ({columns}) SELECT {columns} FROM {source}")  # noqa: S608


def _make_views(connection: Connection, views: Sequence[Definition]) -> None:
    """Make views, each after those on which it depends."""
    while views:
        failed = list[Definition]()
        for each in views:
            try:
                make(connection, each)
            except pymysql.Error:
                if each is views[-1] and len(failed) == len(views) - 1:
                    raise
                failed.append(each)
        views = failed


def _require_equal(expected: Contents, actual: Contents) -> None:
    different = [key for key in {*expected, *actual} if expected.get(key) != actual.get(key)]
    if different:
        names = join_and(sorted(name for _, name in different))
        raise DatabaseError(message("the copy of the database differs in {names}", names=names))
