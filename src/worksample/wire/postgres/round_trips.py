"""Statements of PostgreSQL, and the kinds of its round trips."""

from __future__ import annotations

import re
from enum import StrEnum

from worksample.wire.postgres.normalization import is_control, normalized_sql
from worksample.wire.round_trips import Statement

_CHANGES = ("INSERT", "UPDATE", "DELETE", "MERGE", "TRUNCATE")
_WRITES = (*_CHANGES, "COPY", "CREATE", "ALTER", "DROP")
_HOUSEKEEPING = re.compile(
    r"$|select \?$|(?:set|reset|show|discard|deallocate|listen|unlisten|select set_config)\b"
)


class Kind(StrEnum):
    """The sub-protocol of a round trip, which determines what ends it."""

    SIMPLE = "simple query"
    EXTENDED = "extended query"
    FLUSHED = "flushed extended query"
    FUNCTION_CALL = "function call"


class SqlStatement(Statement):
    """A statement in PostgreSQL's SQL; `tag` is its command tag, `types` are type OIDs."""

    __slots__ = ()

    @property
    def shape(self) -> str:
        """See `Statement`."""
        return normalized_sql(self.sql)

    @property
    def is_control(self) -> bool:
        """See `Statement`."""
        return is_control(self.sql)

    @property
    def is_housekeeping(self) -> bool:
        """See `Statement`."""
        return self.is_control or _HOUSEKEEPING.match(self.shape) is not None

    @property
    def writes(self) -> bool:
        """See `Statement`."""
        return self.tag.startswith(_WRITES)

    @property
    def changed_rows(self) -> bool:
        """See `Statement`. The wire does not show changes by a WITH query."""
        return self.tag.startswith(_CHANGES) and self.affected > 0
