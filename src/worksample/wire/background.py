"""What a server asks of its database while nobody asks anything of the server."""

from __future__ import annotations

from collections.abc import Callable

from worksample.wire.shapes import is_control, shape
from worksample.wire.trips import RoundTrip

MOST_SHAPES = 1000


class Background:
    """Shapes of statements that were seen while nothing was asked, and on which connections.

    `alive(number)` tells whether a connection still is.
    """

    def __init__(self, alive: Callable[[int], bool]) -> None:
        self.shapes: dict[str, set[int]] = {}
        self._served: set[int] = set()
        self._alive = alive

    def learn(self, trip: RoundTrip) -> None:
        """Note a round trip that no request has caused."""
        for each in trip.statements:
            key = shape(each.sql)
            if key in self.shapes or len(self.shapes) < MOST_SHAPES:
                self.shapes.setdefault(key, set()).add(trip.connection)

    def serves(self, connection: int) -> None:
        """Note that a connection is used for requests: it is not one of the background alone."""
        self._served.add(connection)

    def forget(self, connection: int) -> None:
        """A connection is gone."""
        self._served.discard(connection)

    def knows(self, trip: RoundTrip) -> bool:
        """Whether all that is known of a round trip is background.

        BEGIN and COMMIT alone tell nothing: they are only on a connection that never served a
        request. What was only seen on such connections, and they are still there, is background
        on these alone: the same statement elsewhere is a request's.
        """
        telling = [each.sql for each in trip.statements if not is_control(each.sql)]
        if telling:
            return all(self._known(sql, trip.connection) for sql in telling)
        return bool(trip.statements) and all(
            trip.connection in self.shapes.get(shape(each.sql), ()) for each in trip.statements
        ) and trip.connection not in self._served  # fmt: skip

    def _known(self, sql: str, connection: int) -> bool:
        places = self.shapes.get(shape(sql))
        if places is None or connection in places:
            return places is not None
        return not all(self._alive(each) and each not in self._served for each in places)
