"""What one connection has in flight: shared by the side that asks and the side that answers."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field

from worksample.wire.statements import Prepared
from worksample.wire.trips import Kind, Outcome, RoundTrip, Statement

Parsed = tuple[bytes, Prepared, Prepared | None]
Step = Parsed | Prepared | Statement | None


@dataclass(slots=True, eq=False)
class Leg:
    """A round trip on its way.

    `steps` are the messages that will have an answer each, as far as that has not come: a Parse
    (name, statement, what had the name before), a Describe of a statement, an Execute; None for
    those that leave nothing to note. `over` says that its last message was seen, `known` that its
    beginning was told.
    """

    trip: RoundTrip
    over: bool = False
    known: bool = False
    steps: deque[Step] = field(default_factory=deque)


class Legs:
    """The legs not yet answered, oldest first, and what the last answers said of the transaction.

    `failed` says that PostgreSQL skips everything up to the next Sync, `unsynced` that a part of a
    batch has gone whose Sync has not: its transaction is open, whatever `state` says.
    """

    def __init__(
        self,
        connection: int,
        closes: Callable[[RoundTrip], None],
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.pending: deque[Leg] = deque()
        self.state = ""
        self.failed = self.unsynced = False
        self._connection, self._closes, self._clock = connection, closes, clock
        self._number = 0

    def begin(self, kind: Kind) -> Leg:
        """Open the next leg."""
        self._number += 1
        now = self._clock()
        leg = Leg(RoundTrip(self._connection, self._number, kind, now, sent=now))
        self.pending.append(leg)
        return leg

    def end(self, after: str, outcome: Outcome) -> None:
        """Close the oldest leg."""
        trip = self.pending.popleft().trip
        trip.before, trip.after = self.state, after
        trip.ended, trip.outcome = self._clock(), outcome
        self._closes(trip)

    def end_parts(self) -> None:
        """Close the parts of batches at the front of the queue that wait for nothing more."""
        while self.pending:
            leg = self.pending[0]
            if not leg.over or leg.trip.kind is not Kind.PART or (leg.steps and not self.failed):
                return
            skipped = self.failed and not leg.trip.error
            self.end("", Outcome.SKIPPED if skipped else Outcome.ANSWERED)

    def lose(self) -> None:
        """Close all of them: their answers will never come."""
        while self.pending:
            self.end("", Outcome.LOST)
