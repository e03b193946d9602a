"""The interface to the query plans of a database: rows examined, and indexes to try."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from typing import Protocol

from worksample.messages import message


class PlansUnavailable(Exception):
    """Query plans cannot be logged; the message says why."""


@dataclass(frozen=True, slots=True, order=True)
class IndexCandidate:
    """An index that may be missing: on `table`, with the first key `key` (column or expression)."""

    table: str
    key: str

    def __str__(self) -> str:
        return message("an index on {table} ({key})", table=self.table, key=self.key)


@dataclass(frozen=True, slots=True)
class ExecutedStatement:
    """A statement that was executed: the rows that it examined by table, and indexes to try.

    `candidates` are indexes that could serve its conditions, whether they exist or not.
    """

    sql: str
    examined: Mapping[str, int]
    candidates: tuple[IndexCandidate, ...]


class PlanLog(Protocol):
    """The plans that a database logs. The database plans as if every table were large.

    All methods raise `DatabaseError` when the database fails.
    """

    async def position(self) -> int:
        """Return the position in the log after all that was executed so far."""

    async def executed(self, since: int, sessions: Iterable[int]) -> list[ExecutedStatement]:
        """Return what `sessions` executed since a position; entries that cannot be read are left
        out."""

    async def table_rows(self) -> Mapping[str, int]:
        """Return table -> number of rows, as the database estimates it."""

    async def indexed(self) -> frozenset[IndexCandidate]:
        """Return the first key of each index that there is."""

    def trial(self, candidate: IndexCandidate) -> AbstractAsyncContextManager[bool]:
        """Create the index within the block; the value says whether it could be created."""
