"""The definitions of all that a database contains, as statements that make it again elsewhere."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from worksample.errors import DatabaseError
from worksample.messages import message
from worksample.services.mysql.login import Connection, identifier, rows

#: In the order in which they are made. A trigger comes after the rows, which it must not see.
KINDS = (
    *("SEQUENCE", "FUNCTION", "PROCEDURE", "PACKAGE", "PACKAGE BODY"),
    *("TABLE", "VIEW", "TRIGGER", "EVENT"),
)
_TABLE_TYPES = {"BASE TABLE": "TABLE", "VIEW": "VIEW", "SEQUENCE": "SEQUENCE"}
_OBJECTS = """
    SELECT table_type, table_name FROM information_schema.tables WHERE table_schema = database()
    UNION ALL
    SELECT routine_type, routine_name FROM information_schema.routines
    WHERE routine_schema = database()
    UNION ALL
    SELECT 'EVENT', event_name FROM information_schema.events WHERE event_schema = database()
"""
#: Those of one table, event and time are executed in the order in which they were made.
_TRIGGERS = """
    SELECT trigger_name, event_object_table FROM information_schema.triggers
    WHERE trigger_schema = database()
    ORDER BY event_object_table, event_manipulation, action_timing, action_order
"""
#: The settings under which it was made, by their columns in the answer to SHOW CREATE.
_SETTINGS = ("sql_mode", "time_zone", "character_set_client", "collation_connection")
#: Character sets in which a statement has the same bytes as in that of our connection.
_UTF8 = ("utf8", "utf8mb3", "utf8mb4")


@dataclass(frozen=True, slots=True)
class Definition:
    """What makes an object again; `table` is that of a trigger."""

    kind: str
    name: str
    statement: str
    settings: Mapping[str, str] = field(default_factory=dict)
    table: str = ""

    def renamed(self, old: str, new: str) -> Definition:
        """Return it for another database, and for the user of the same name."""
        return replace(self, statement=self.statement.replace(old, new))


def definitions(connection: Connection) -> list[Definition]:
    """Return the definitions of all that the database contains, in the order to make them.

    Raises `DatabaseError` if it contains something that a statement does not make again.
    """
    objects = [(_kind(kind, name), name) for kind, name in rows(connection, _OBJECTS)]
    found = [_definition(connection, kind, name) for kind, name in sorted(objects)]
    found += triggers(connection)
    return sorted(found, key=lambda each: KINDS.index(each.kind))


def triggers(connection: Connection) -> list[Definition]:
    """Return the definitions of all triggers."""
    return [
        replace(_definition(connection, "TRIGGER", name), table=table)
        for name, table in rows(connection, _TRIGGERS)
    ]


def make(connection: Connection, definition: Definition) -> None:
    """Make an object, under the settings under which it was made before.

    Raises `pymysql.Error`, and `DatabaseError` if its text cannot be sent as it was.
    """
    letters = definition.settings.get("character_set_client", _UTF8[0])
    if letters not in _UTF8 and not definition.statement.isascii():
        raise DatabaseError(
            message(
                "{name} was made with letters in {letters}", name=definition.name, letters=letters
            )
        )
    before = _session(connection, definition.settings)
    _set(connection, definition.settings)
    try:
        rows(connection, definition.statement)
    finally:
        _set(connection, before)


def _kind(kind: str, name: str) -> str:
    known = _TABLE_TYPES.get(kind, kind)
    if known not in KINDS:
        raise DatabaseError(message("{name} cannot be copied: {kind}", name=name, kind=kind))
    return known


def _definition(connection: Connection, kind: str, name: str) -> Definition:
    with connection.cursor() as cursor:
        cursor.execute(f"SHOW CREATE {kind} {identifier(name)}")
        columns = [each[0] for each in cursor.description or ()]
        [values] = cursor.fetchall()
    shown = dict(zip(columns, values, strict=True))
    statement = next(_statements(shown), None)
    if statement is None:
        raise DatabaseError(message("{name} hides how it was made", name=name))
    settings = {each: shown[each] for each in _SETTINGS if each in shown}
    return Definition(kind, name, statement, settings)


def _statements(shown: Mapping[str, Any]) -> Iterator[str]:
    for column, value in shown.items():
        if value and (column.startswith("Create ") or column == "SQL Original Statement"):
            yield str(value)


def _session(connection: Connection, settings: Mapping[str, str]) -> dict[str, str]:
    if not settings:
        return {}
    [values] = rows(connection, "SELECT " + ", ".join(f"@@{each}" for each in settings))
    return dict(zip(settings, values, strict=True))


def _set(connection: Connection, settings: Mapping[str, str]) -> None:
    for name, value in settings.items():
        rows(connection, f"SET SESSION {name} = %s", (value,))
