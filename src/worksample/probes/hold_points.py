"""Hold points: the points at which a request can be held, independent of round-trip numbers.

Some drivers prepare a statement after several uses (psycopg after five), which adds a round trip.
The k-th round trip of one run is then not the k-th of the next, and a search that only counts round
trips could skip the one point that matters.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

from worksample.wire import Fault, RoundTrip

#: The shape of a statement, and how many statements of that shape the request has executed before.
HoldPoint = tuple[str, int]

_MAX_TRIES = 3


def hold_points_of(trips: Sequence[RoundTrip]) -> dict[int, HoldPoint]:
    """Return step -> hold point. Preparing and executing a statement share one hold point."""
    executed: Counter[str] = Counter()
    found: dict[int, HoldPoint] = {}
    for trip in trips:
        kind = shape_of(trip)
        found[trip.step] = kind, executed[kind]
        executed[kind] += not only_prepared(trip)
    return found


def only_prepared(trip: RoundTrip) -> bool:
    """Return whether a round trip only prepared its statement, without executing it."""
    return bool(trip.statements) and not any(each.executed for each in trip.statements)


class HoldPointGate:
    """A gate (see `wire.Gate`) that injects a fault at a hold point, whatever its step.

    If the statement is prepared first, the fault is injected before its preparation. `step` is the
    step at which the fault was injected, 0 if it was not.
    """

    def __init__(self, hold_point: HoldPoint, fault: Fault) -> None:
        self.step = 0
        self._hold_point, self._fault = hold_point, fault
        self._begun: list[RoundTrip] = []

    def decide(self, trip: RoundTrip) -> Fault | None:
        """Return the fault when the hold point is reached for the first time."""
        self._begun = [*(each for each in self._begun if not each.background), trip]
        if self.step or hold_points_of(self._begun)[trip.step] != self._hold_point:
            return None
        self.step = trip.step
        return self._fault


class HoldPointTracker:
    """Tracks which hold points of a request were seen, and which were held."""

    def __init__(self) -> None:
        self._seen: dict[HoldPoint, None] = {}
        self._held: set[HoldPoint] = set()
        self._tries: Counter[HoldPoint] = Counter()

    def record(self, hold_points: Mapping[int, HoldPoint], hold: int) -> None:
        """Record the hold points of a run that was held before round trip `hold`."""
        self._seen.update(dict.fromkeys(hold_points.values()))
        if hold in hold_points:
            self._held.add(hold_points[hold])

    def next_unheld(self) -> HoldPoint | None:
        """Return a hold point that was never held, None if there is none left to try.

        Each is tried up to three times, because some occur only when the two requests conflict.
        """
        for hold_point in self._seen:
            if hold_point not in self._held and self._tries[hold_point] < _MAX_TRIES:
                self._tries[hold_point] += 1
                return hold_point
        return None


def shape_of(trip: RoundTrip) -> str:
    """Return the shape of the first statement: when a round trip starts, no more is known."""
    return trip.statements[0].shape if trip.statements else ""
