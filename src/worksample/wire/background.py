"""What a server asks of its database while nobody asks anything of the server."""

from __future__ import annotations

from collections.abc import Callable

from worksample.wire.normalization import is_control, normalized_sql
from worksample.wire.round_trips import RoundTrip

MAX_STATEMENTS = 1000


class Background:
    """Shapes of statements that were seen while nothing was asked, and on which connections.

    `is_open(number)` tells whether a connection still is.
    """

    def __init__(self, is_open: Callable[[int], bool]) -> None:
        self.statements: dict[str, set[int]] = {}
        self._used_by_requests: set[int] = set()
        self._is_open = is_open

    def learn(self, trip: RoundTrip) -> None:
        """Note a round trip that no request has caused."""
        for each in trip.statements:
            key = normalized_sql(each.sql)
            if key in self.statements or len(self.statements) < MAX_STATEMENTS:
                self.statements.setdefault(key, set()).add(trip.connection)

    def mark_used_by_request(self, connection: int) -> None:
        """Note that a connection is used for requests: it is not one of the background alone."""
        self._used_by_requests.add(connection)

    def forget(self, connection: int) -> None:
        """A connection is gone."""
        self._used_by_requests.discard(connection)

    def matches(self, trip: RoundTrip) -> bool:
        """Whether all that is known of a round trip is background.

        BEGIN and COMMIT alone tell nothing: they are only on a connection that never served a
        request. What was only seen on such connections, and they are still there, is background
        on these alone: the same statement elsewhere is a request's.
        """
        telling = [each.sql for each in trip.statements if not is_control(each.sql)]
        if telling:
            return all(self._known(sql, trip.connection) for sql in telling)
        return bool(trip.statements) and all(
            trip.connection in self.statements.get(normalized_sql(each.sql), ()) for each in trip.statements
        ) and trip.connection not in self._used_by_requests  # fmt: skip

    def _known(self, sql: str, connection: int) -> bool:
        places = self.statements.get(normalized_sql(sql))
        if places is None or connection in places:
            return places is not None
        return not all(
            self._is_open(each) and each not in self._used_by_requests for each in places
        )
