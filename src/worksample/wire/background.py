"""The statements that a server executes on its own, without an HTTP request."""

from __future__ import annotations

from collections.abc import Callable

from worksample.wire.round_trips import RoundTrip, Statement

MAX_STATEMENTS = 1000


class Background:
    """Statements that were recorded while the server got no requests.

    `statements` maps the shape of each to the connections that executed it. `is_open(number)`
    returns whether a connection is still open.
    """

    def __init__(self, is_open: Callable[[int], bool]) -> None:
        self.statements: dict[str, set[int]] = {}
        self._used_by_requests: set[int] = set()
        self._is_open = is_open

    def learn(self, trip: RoundTrip) -> None:
        """Record a round trip that no request caused."""
        for each in trip.statements:
            key = each.shape
            if key in self.statements or len(self.statements) < MAX_STATEMENTS:
                self.statements.setdefault(key, set()).add(trip.connection)

    def mark_used_by_request(self, connection: int) -> None:
        """Record that a connection also serves requests, so it is not for background work only."""
        self._used_by_requests.add(connection)

    def forget(self, connection: int) -> None:
        """Remove a closed connection."""
        self._used_by_requests.discard(connection)

    def matches(self, trip: RoundTrip) -> bool:
        """Whether all statements of a round trip that are known so far are background.

        Transaction control alone (BEGIN, COMMIT) counts only on a connection that never served a
        request. If a statement was recorded only on connections that are still open and never
        served a request, the same statement on another connection belongs to a request.
        """
        work = [each for each in trip.statements if not each.is_control]
        if work:
            return all(self._known(each, trip.connection) for each in work)
        if not trip.statements or trip.connection in self._used_by_requests:
            return False
        return all(
            trip.connection in self.statements.get(each.shape, ()) for each in trip.statements
        )

    def _known(self, statement: Statement, connection: int) -> bool:
        recorded_on = self.statements.get(statement.shape)
        if recorded_on is None or connection in recorded_on:
            return recorded_on is not None
        return not all(
            self._is_open(each) and each not in self._used_by_requests for each in recorded_on
        )
