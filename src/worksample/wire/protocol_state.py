"""What one connection has in flight: shared by the side that asks and the side that answers."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field

from worksample.wire.round_trips import Kind, Outcome, RoundTrip, Statement
from worksample.wire.statements import PreparedStatement

Parsed = tuple[bytes, PreparedStatement, PreparedStatement | None]
AwaitedReply = Parsed | PreparedStatement | Statement | None


@dataclass(slots=True, eq=False)
class PendingTrip:
    """A round trip on its way.

    `awaiting` are the messages that will have an answer each, as far as that has not come: a Parse
    (name, statement, what had the name before), a Describe of a statement, an Execute; None for
    those that leave nothing to note. `complete` says that its last message was seen, `announced` that its
    beginning was told.
    """

    trip: RoundTrip
    complete: bool = False
    announced: bool = False
    awaiting: deque[AwaitedReply] = field(default_factory=deque)


class ProtocolState:
    """The legs not yet answered, oldest first, and what the last answers said of the transaction.

    `skipping` says that PostgreSQL skips everything up to the next Sync, `awaiting_sync` that a part of a
    batch has gone whose Sync has not: its transaction is open, whatever `transaction_status` says.
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
        """Open the next leg."""
        self._number += 1
        now = self._clock()
        entry = PendingTrip(RoundTrip(self._connection, self._number, kind, now, sent=now))
        self.pending.append(entry)
        return entry

    def end(self, after: str, outcome: Outcome) -> None:
        """Close the oldest leg."""
        trip = self.pending.popleft().trip
        trip.before, trip.after = self.transaction_status, after
        trip.ended, trip.outcome = self._clock(), outcome
        self._on_end(trip)

    def end_flushed(self) -> None:
        """Close the parts of batches at the front of the queue that wait for nothing more."""
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
        """Close all of them: their answers will never come."""
        while self.pending:
            self.end("", Outcome.LOST)
