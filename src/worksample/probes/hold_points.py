"""Where a request can be held, whatever the number of that round trip is this time.

A client that prepares a statement once it has been used some times (psycopg does, after five) makes
a round trip more then: the k-th of one run is not the k-th of the next, and a search that only
counts could step over the one place that matters.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

from worksample.wire import Fault, RoundTrip
from worksample.wire.normalization import normalized_sql

#: A statement, and how many of its kind the request has had executed before it.
HoldPoint = tuple[str, int]

_MAX_TRIES = 3


def hold_points_of(trips: Sequence[RoundTrip]) -> dict[int, HoldPoint]:
    """Return the place before each round trip by its step: to prepare it and to execute is one."""
    executed: Counter[str] = Counter()
    found: dict[int, HoldPoint] = {}
    for trip in trips:
        kind = _shape_of(trip)
        found[trip.step] = kind, executed[kind]
        executed[kind] += not only_prepared(trip)
    return found


def only_prepared(trip: RoundTrip) -> bool:
    """Whether a round trip did nothing yet: its statement is executed in a later one."""
    return bool(trip.statements) and not any(each.executed for each in trip.statements)


class HoldPointGate:
    """A gate (see `wire.Gate`) that knows what befalls a place, whatever its number is this time.

    Where a statement is prepared first, that is the place: `step` says which round trip it was, 0
    if it has not come yet.
    """

    def __init__(self, hold_point: HoldPoint, fault: Fault) -> None:
        self.step = 0
        self._hold_point, self._fault = hold_point, fault
        self._begun: list[RoundTrip] = []

    def decide(self, trip: RoundTrip) -> Fault | None:
        """Return the fault where the place is come to for the first time."""
        self._begun = [*(each for each in self._begun if not each.background), trip]
        if self.step or hold_points_of(self._begun)[trip.step] != self._hold_point:
            return None
        self.step = trip.step
        return self._fault


class HoldPointTracker:
    """Which places of a request were held, and which were only seen."""

    def __init__(self) -> None:
        self._seen: dict[HoldPoint, None] = {}
        self._held: set[HoldPoint] = set()
        self._tries: Counter[HoldPoint] = Counter()

    def record(self, hold_points: Mapping[int, HoldPoint], hold: int) -> None:
        """Take note of a run that was held before its round trip `hold`."""
        self._seen.update(dict.fromkeys(hold_points.values()))
        if hold in hold_points:
            self._held.add(hold_points[hold])

    def next_unheld(self) -> HoldPoint | None:
        """Return a place that was never held, None if there is none (any more).

        Each is tried three times: some only come about by how the two got into each other's way.
        """
        for hold_point in self._seen:
            if hold_point not in self._held and self._tries[hold_point] < _MAX_TRIES:
                self._tries[hold_point] += 1
                return hold_point
        return None


def _shape_of(trip: RoundTrip) -> str:
    """Say what a round trip asks first: more is not known of it when it begins."""
    return normalized_sql(trip.statements[0].sql) if trip.statements else ""
