"""Attribute round trips to requests, by time, transaction and which request can proceed."""

from __future__ import annotations

from worksample.wire.background import Background
from worksample.wire.connection import Connection
from worksample.wire.round_trips import RoundTrip
from worksample.wire.traces import Trace


class Attribution:
    """The open traces, and the connections that their requests use.

    A request is assumed to run one round trip at a time: while one is held or unanswered, a new
    round trip on another connection belongs to another request. If several requests remain, the
    round trip goes to the one that last used the connection, and its `sure` is set to False.

    While `learning` is True, all round trips are recorded as background; `learned` counts them.
    """

    def __init__(self, background: Background) -> None:
        self.background = background
        self.learning = False
        self.learned = 0
        self.open: list[Trace] = []
        self._owners: dict[int, Trace | None] = {}
        self._last: dict[int, RoundTrip] = {}
        self._traces: dict[RoundTrip, Trace] = {}

    def assign(self, connection: Connection, trip: RoundTrip) -> Trace | None:
        """Add a round trip that begins now to a trace and return the trace, or None."""
        number = connection.number
        if not self.open and not self.learning and not self._owners:
            return None
        trace = self._find(number, connection.tracker.in_transaction, trip)
        if connection.tracker.pipelined and len(self.open) > 1:
            trip.sure = False
        if trace is None and not self.open:
            self._owners.pop(number, None)
            self._last.pop(number, None)
        else:
            self._owners[number] = trace
            self._last[number] = trip
        if trace is None or not trace.open:
            return None
        self._traces[trip] = trace
        return trace

    def _find(self, number: int, busy: bool, trip: RoundTrip) -> Trace | None:
        """Return the trace that gets the round trip, after adding it there."""
        if self.learning:
            return None
        if busy and number in self._owners:
            return self._continue_transaction(number, trip)
        if not self.open:
            return None
        if self.background.matches(trip):
            self._mark_background(trip)
            return None
        trace, sure = self._choose(number)
        self.background.mark_used_by_request(number)
        trace.add(trip, sure=sure and not busy)
        return trace

    def _continue_transaction(self, number: int, trip: RoundTrip) -> Trace | None:
        """Attribute a round trip within a transaction or pipeline to the owner of that."""
        owner, last = self._owners[number], self._last.get(number)
        if owner is None:
            trip.background = last is not None and last.background
            return self._unowned_transaction(number, trip)
        if owner.open and last is not None and self._was_background(last, trip):
            self._traces.pop(last, None)
            owner.remove(last)
            self._mark_background(trip)
            return None
        if owner.open:
            owner.add(trip, sure=True)
        else:
            trip.request = owner.name
            owner.late.append(trip)
        return owner

    def _unowned_transaction(self, number: int, trip: RoundTrip) -> Trace | None:
        """Attribute a round trip in a transaction that no traced request began."""
        if trip.background or self.background.matches(trip) or not self.open:
            if self.open:
                self._mark_background(trip)
            return None
        trace, _ = self._choose(number)
        trace.add(trip, sure=False)
        return trace

    def _was_background(self, last: RoundTrip, trip: RoundTrip) -> bool:
        """Whether `last`, a BEGIN attributed to a request, began the background work of `trip`."""
        begins = bool(last.statements) and all(each.is_control for each in last.statements)
        has_work = any(not each.is_control for each in trip.statements)
        return begins and last.before == "I" and has_work and self.background.matches(trip)

    def _began_background(self, trip: RoundTrip) -> bool:
        """Whether `trip`, attributed to a request by its BEGIN, is background work."""
        several = len(trip.statements) > 1 and trip.statements[0].is_control
        return several and trip.before == "I" and self.background.matches(trip)

    def _choose(self, number: int) -> tuple[Trace, bool]:
        if len(self.open) == 1:
            return self.open[0], True
        free = [each for each in self.open if not each.waiting]
        if len(free) == 1:
            return free[0], True
        choice = free or self.open
        owner = self._owners.get(number)
        return (owner if owner in choice and owner is not None else choice[-1]), False

    def _mark_background(self, trip: RoundTrip) -> None:
        trip.background = True
        for each in self.open:
            each.background.append(trip)

    def round_trip_ended(self, trip: RoundTrip) -> None:
        """Record the end of a round trip."""
        if self.learning:
            self.background.learn(trip)
            self.learned += 1
        elif trace := self._traces.pop(trip, None):
            trace.round_trip_ended(trip)
            if self._began_background(trip):
                trace.remove(trip)
                self._owners[trip.connection] = None

    def owner(self, number: int) -> Trace | None:
        """Return the trace that owns the last round trip of a connection."""
        return self._owners.get(number)

    def forget(self, number: int) -> None:
        """Remove a closed connection."""
        self._owners.pop(number, None)
        self._last.pop(number, None)
        self.background.forget(number)
