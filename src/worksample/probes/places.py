"""Where a request can be held, whatever the number of that round trip is this time.

A client that prepares a statement once it has been used some times (psycopg does, after five) makes
a round trip more then: the k-th of one run is not the k-th of the next, and a search that only
counts could step over the one place that matters.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

from worksample.wire import RoundTrip
from worksample.wire.shapes import shape

#: A statement, and how many of its kind the request has had executed before it.
Place = tuple[str, int]

_MOST_TRIES = 2


def places_of(trips: Sequence[RoundTrip]) -> dict[int, Place]:
    """Return the place before each round trip by its step: to prepare it and to execute is one."""
    executed: Counter[str] = Counter()
    found: dict[int, Place] = {}
    for trip in trips:
        kind = shape(str(trip))
        found[trip.step] = kind, executed[kind]
        executed[kind] += not only_prepared(trip)
    return found


def only_prepared(trip: RoundTrip) -> bool:
    """Whether a round trip did nothing yet: its statement is executed in a later one."""
    return bool(trip.statements) and not any(each.executed for each in trip.statements)


class Places:
    """Which places of a request were held, and which were only seen."""

    def __init__(self) -> None:
        self._seen: dict[Place, int] = {}
        self._held: set[Place] = set()
        self._tries: Counter[Place] = Counter()

    def see(self, places: Mapping[int, Place], hold: int) -> None:
        """Take note of a run that was held before its round trip `hold`."""
        self._seen.update({place: step for step, place in places.items()})
        if hold in places:
            self._held.add(places[hold])

    def missed(self) -> int:
        """Return the latest number of a place that was never held, 0 if there is none.

        Each is tried twice: some only come about by how the two got into each other's way.
        """
        for place, step in self._seen.items():
            if place not in self._held and self._tries[place] < _MOST_TRIES:
                self._tries[place] += 1
                return step
        return 0
