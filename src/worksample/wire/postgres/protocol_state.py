"""The pending round trips and transaction status of one connection, shared by both parsers."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field

from worksample.wire.postgres.round_trips import Kind
from worksample.wire.postgres.statements import PreparedStatement
from worksample.wire.round_trips import Outcome, RoundTrip, Statement

ParseReply = tuple[bytes, PreparedStatement, PreparedStatement | None]
AwaitedReply = ParseReply | PreparedStatement | Statement | None


@dataclass(slots=True, eq=False)
class PendingTrip:
    """A round trip whose reply is not complete.

    `awaiting` holds one entry for each message of it whose reply is outstanding: for a Parse the
    name, the statement and the statement that had the name before; for a Describe of a statement
    the prepared statement; for an Execute the statement; else None. `complete` is True once its
    last message was parsed, `announced` once `on_begin` was called for it.
    """

    trip: RoundTrip
    complete: bool = False
    announced: bool = False
    awaiting: deque[AwaitedReply] = field(default_factory=deque)


class ProtocolState:
    """The pending round trips, oldest first, and the state that the last replies reported.

    `transaction_status` is that of the last ReadyForQuery ("I", "T" or "E"), "" before the first.
    While `skipping` is True, PostgreSQL ignores messages until the next Sync. While `awaiting_sync`
    is True, a Flush was sent and its Sync was not, so a transaction is open whatever
    `transaction_status` says.
    """

    def __init__(
        self,
        connection: int,
        on_end: Callable[[RoundTrip], None],
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.pending: deque[PendingTrip] = deque()
        self.transaction_status = ""
        self.skipping = self.awaiting_sync = False
        self._connection, self._on_end, self._clock = connection, on_end, clock
        self._number = 0

    def begin(self, kind: Kind) -> PendingTrip:
        """Add a round trip to the queue."""
        self._number += 1
        now = self._clock()
        entry = PendingTrip(RoundTrip(self._connection, self._number, kind, now, sent=now))
        self.pending.append(entry)
        return entry

    def end(self, after: str, outcome: Outcome) -> None:
        """Remove the oldest round trip and report its end."""
        trip = self.pending.popleft().trip
        trip.before, trip.after = self.transaction_status, after
        trip.ended, trip.outcome = self._clock(), outcome
        self._on_end(trip)

    def end_flushed(self) -> None:
        """End the flushed round trips at the front of the queue that await no further reply."""
        while self.pending:
            entry = self.pending[0]
            if (
                not entry.complete
                or entry.trip.kind is not Kind.FLUSHED
                or (entry.awaiting and not self.skipping)
            ):
                return
            skipped = self.skipping and not entry.trip.error
            self.end("", Outcome.SKIPPED if skipped else Outcome.ANSWERED)

    def lose(self) -> None:
        """End all pending round trips as lost."""
        while self.pending:
            self.end("", Outcome.LOST)
