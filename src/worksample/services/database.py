"""The interface of a database: what probes and checks ask of it, whatever its engine.

All methods that talk to the database raise `DatabaseError` when it fails.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from typing import Any, Protocol, runtime_checkable

from worksample.messages import message
from worksample.services.base import Resource, WiredResource
from worksample.services.plans import PlanLog

#: Session -> the sessions that hold the lock for which it waits.
WaitingSessions = Mapping[int, tuple[int, ...]]


@dataclass(frozen=True, slots=True)
class Row:
    """A row: its table (with its schema, if there are several) and its values by column."""

    table: str
    values: dict[str, Any]


@dataclass(frozen=True, slots=True)
class OpenTransaction:
    """A session that is idle in a transaction; `query` is its last statement, `state` its state."""

    session: int
    state: str
    query: str

    def __str__(self) -> str:
        return message(
            "{state}, after: {query}", state=self.state, query=" ".join(self.query.split())
        )


class LockMonitor(Protocol):
    """Asks the database who waits for a lock, on a connection that stays open."""

    async def waiting(self) -> WaitingSessions:
        """Return the sessions that wait for a lock now."""

    async def close(self) -> None:
        """Close the connection."""


class ErrorCodes(Protocol):
    """What the error codes of a database (`RoundTrip.error`) mean."""

    def describe(self, code: str) -> str:
        """Return a name for people, with the code: `deadlock detected (40P01)`."""

    def is_conflict(self, code: str) -> bool:
        """Whether other transactions or stored rows caused the error, and no time limit did.

        Serialization failures and deadlocks are conflicts, and violations of a unique key.
        """

    def is_lock_refusal(self, code: str) -> bool:
        """Whether a statement that must not wait for a lock (NOWAIT) did not get it."""


@runtime_checkable
class Database(WiredResource, Protocol):
    """A database for one target, which Worksample can query too.

    A session is a connection to the database; it is known by the number that the wire reads too
    (`Tracker.session_id`).
    """

    @property
    def name(self) -> str:
        """The name of the database."""

    @property
    def errors(self) -> ErrorCodes:
        """The meaning of its error codes."""

    def lock_monitor(self) -> LockMonitor:
        """Return a monitor of the lock waits; it connects on first use."""

    async def rows_containing(self, text: str) -> list[Row]:
        """Return the rows of all tables that contain `text` in any column, ignoring case.

        Returns at most 20 rows per table.
        """

    async def rows_referencing(self, row: Row) -> list[Row]:
        """Return the rows of all tables whose foreign key references `row`.

        Composite keys are ignored. Returns at most 20 rows per foreign key.
        """

    async def delete_rows_containing(self, text: str) -> int:
        """Delete the rows of all tables that contain `text`; return their number.

        Raises `DatabaseError` when other rows reference them.
        """

    async def idle_transactions(self, sessions: Sequence[int]) -> list[OpenTransaction]:
        """Return those of `sessions` that have a transaction open and execute no statement."""

    async def terminate(self, sessions: Sequence[int]) -> None:
        """End these sessions, as the database does when it shuts down."""

    def log_plans(self) -> AbstractAsyncContextManager[PlanLog]:
        """Log the plans of what new sessions of the target execute, while the block lasts.

        Raises `PlansUnavailable`.
        """

    async def reset(self) -> None:
        """Drop and recreate the database; open connections are terminated."""


@runtime_checkable
class CopyableDatabase(Database, Protocol):
    """A database of which an engine can make another one with the same content."""

    async def copy(self) -> CopyableDatabase:
        """Return a new database with the content of this one, to which nobody may be connected.

        It is removed with `drop`, or at the latest with this one.
        """

    async def row_counts(self) -> Mapping[str, int]:
        """Return table -> number of its rows, for all tables."""

    async def copy_row(self, row: Row, copies: Sequence[Mapping[str, str]]) -> bool:
        """Insert a copy of `row` for each of `copies`, which map its texts to those of the copy.

        A text in lower case is replaced by one in lower case. Other values stay; unique ones are
        left to their default. Returns whether all copies were inserted: none is if one cannot be,
        or if a column holds one of the texts beside others.
        """


@runtime_checkable
class GrowableDatabase(Database, Protocol):
    """A database that can be filled with copies of what it contains."""

    async def multiply(self, rows: int) -> int:
        """Copy the rows of all tables that refer to each other until there are about `rows`.

        Each copy has other keys, and refers to the copies of what its original refers to. Returns
        how many rows these tables have then. If it fails, nothing is changed.
        """


def first_database(resources: Iterable[Resource]) -> Database | None:
    """Return the first of `resources` that is a database: checks look into it."""
    return next((each for each in resources if isinstance(each, Database)), None)
