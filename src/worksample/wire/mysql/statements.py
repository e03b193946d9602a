"""Statements of MySQL, and the kinds of its round trips."""

from __future__ import annotations

import re
from enum import StrEnum
from functools import lru_cache

from worksample.wire.round_trips import Statement
from worksample.wire.sql_shapes import begins_or_ends_transaction, without_values

MAX_SQL = 4000
_PARTS = re.compile(
    r"""
    (?P<gap> (?: \s+ | --(?=\s|$)[^\n]* | \#[^\n]* | /\*(?!!).*?\*/ )+ )
  | (?P<quoted> `(?:[^`]|``)*` )
  | (?P<value>
        [nNxXbB]?'(?:[^'\\]|\\.|'')*' | "(?:[^"\\]|\\.|"")*"
      | (?<![\w.])\d[\w.]*
    )
    """,
    re.VERBOSE | re.DOTALL,
)
_CHANGES = ("INSERT", "REPLACE", "UPDATE", "DELETE", "TRUNCATE", "LOAD")
_WRITES = (*_CHANGES, "CREATE", "ALTER", "DROP", "RENAME")
_HOUSEKEEPING = re.compile(
    r"$|select (?:\?|@@|version\(\)|database\(\))|(?:set|show|use)\b|/\*!\d* ?set\b"
)


class Kind(StrEnum):
    """The command of a round trip."""

    QUERY = "query"
    PREPARE = "prepare"
    EXECUTE = "execute"
    FETCH = "fetch"
    CHANGE_USER = "change user"
    FIELD_LIST = "field list"
    OTHER = "command"


class SqlStatement(Statement):
    """A statement in MySQL's SQL; `tag` holds its commands in capitals, once it has succeeded."""

    __slots__ = ()

    @property
    def shape(self) -> str:
        """See `Statement`."""
        return normalized_sql(self.sql)

    @property
    def is_control(self) -> bool:
        """See `Statement`. `SET autocommit` begins or ends transactions, too."""
        return begins_or_ends_transaction(self.shape) or self.shape.startswith("set autocommit")

    @property
    def is_housekeeping(self) -> bool:
        """See `Statement`."""
        return self.is_control or _HOUSEKEEPING.match(self.shape) is not None

    @property
    def writes(self) -> bool:
        """See `Statement`."""
        return any(each.startswith(_WRITES) for each in self.tag.split("; "))

    @property
    def changed_rows(self) -> bool:
        """See `Statement`. A statement with RETURNING tells rows, and none as affected."""
        changes = any(each.startswith(_CHANGES) for each in self.tag.split("; "))
        return changes and self.affected + self.rows > 0

    def succeed(self) -> None:
        """Set `tag` from the text: the protocol does not name the command."""
        words = (each.split(maxsplit=1) for each in self.shape.split(";"))
        self.tag = "; ".join(each[0].upper() for each in words if each)


@lru_cache(maxsize=4096)
def normalized_sql(sql: str) -> str:
    """Return `sql` without comments and values, in lower case except for quoted identifiers."""
    return without_values(sql, _PARTS)
