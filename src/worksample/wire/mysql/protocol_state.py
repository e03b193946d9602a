"""The pending round trips and transaction status of one connection, shared by both parsers."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass

from worksample.wire.mysql.statements import Kind, SqlStatement
from worksample.wire.round_trips import Outcome, RoundTrip

MAX_PREPARED = 2000
IN_TRANSACTION = 1


@dataclass(slots=True, eq=False)
class Prepared:
    """A prepared statement."""

    sql: str
    parameters: int | None = None


@dataclass(slots=True, eq=False)
class PendingTrip:
    """A round trip whose reply is not complete; `statement` is None for a command without SQL."""

    trip: RoundTrip
    kind: Kind
    statement: SqlStatement | None


class ProtocolState:
    """The pending round trips, oldest first, and what the last replies reported.

    `capabilities` are those that client and server share. `in_transaction` is None until the server
    has said so for the first time. `prepared` maps numbers to prepared statements.
    """

    def __init__(
        self,
        connection: int,
        on_end: Callable[[RoundTrip], None],
        clock: Callable[[], float],
    ) -> None:
        self.pending: deque[PendingTrip] = deque()
        self.capabilities = 0
        self.in_transaction: bool | None = None
        self.prepared: dict[int, Prepared] = {}
        self.last_prepared = Prepared("")
        self._connection, self._on_end, self._clock = connection, on_end, clock
        self._number = 0

    def begin(self, kind: Kind, statement: SqlStatement | None) -> PendingTrip:
        """Add a round trip to the queue."""
        self._number += 1
        now = self._clock()
        trip = RoundTrip(self._connection, self._number, kind, now, sent=now)
        if statement is not None:
            trip.add(statement)
        if kind is Kind.PREPARE and statement is not None:
            self.last_prepared = Prepared(statement.sql)
        entry = PendingTrip(trip, kind, statement)
        self.pending.append(entry)
        return entry

    def keep(self, number: int, prepared: Prepared) -> None:
        """Store a prepared statement."""
        self.prepared[number] = prepared
        if len(self.prepared) > MAX_PREPARED:
            del self.prepared[next(iter(self.prepared))]

    def set_status(self, flags: int) -> None:
        """Note the status flags of a reply."""
        self.in_transaction = bool(flags & IN_TRANSACTION)

    def end(self, before: str, outcome: Outcome) -> None:
        """Remove the oldest round trip and report its end; `before` is the status before it."""
        trip = self.pending.popleft().trip
        trip.before = before
        trip.after = self.status if outcome is Outcome.ANSWERED else ""
        trip.ended, trip.outcome = self._clock(), outcome
        self._on_end(trip)

    @property
    def status(self) -> str:
        """The transaction status as `RoundTrip` names it: "T", "I", or "" while unknown."""
        return "" if self.in_transaction is None else "T" if self.in_transaction else "I"

    def lose(self) -> None:
        """End all pending round trips as lost."""
        while self.pending:
            self.end(self.status, Outcome.LOST)
