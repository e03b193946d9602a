"""A round trip that is held at the gate, in the hands of a fault."""

from __future__ import annotations

from worksample.wire.condition import Condition
from worksample.wire.connection import Connection
from worksample.wire.round_trips import Outcome, RoundTrip


class ConnectionLost(Exception):
    """The connection ended (the client hung up, or PostgreSQL did) while its passage was held."""


class Interception:
    """The way of one held round trip to PostgreSQL and back; `release()` is for the probe."""

    def __init__(self, connection: Connection, trip: RoundTrip, condition: Condition) -> None:
        self.connection, self.trip = connection, trip
        self.released = False
        self._condition = condition

    @property
    def held(self) -> bool:
        """Whether it still waits to be sent."""
        return self.connection.held is self.trip

    def release(self) -> None:
        """Let the fault go on: what that means, the fault says."""
        self.released = True
        self._condition.notify_all()

    async def wait_released(self) -> None:
        """Wait for `release()`. Raises `ConnectionLost`."""
        await self._condition.wait_for(lambda: self.released or self.connection.closed)
        self._raise_if_closed()

    async def send(self) -> None:
        """Pass it on to PostgreSQL. Raises `ConnectionLost`."""
        self._raise_if_closed()
        self.connection.release()

    async def wait_answered(self) -> None:
        """Wait for the whole answer. Raises `ConnectionLost` if it never comes."""
        await self._condition.wait_for(lambda: not self.trip.running)
        if self.trip.outcome is Outcome.LOST:
            raise ConnectionLost

    async def withhold_replies(self) -> None:
        """Let no answer pass from here on; earlier answers are waited for. Raises `ConnectionLost`."""
        pending = self.connection.tracker.state.pending
        await self._condition.wait_for(
            lambda: self.connection.closed or (bool(pending) and pending[0].trip is self.trip)
        )
        self._raise_if_closed()
        self.connection.replies_withheld = True

    def cut(self, *, reset: bool) -> None:
        """End the connection on both sides: with RST, or with FIN."""
        self.connection.cut(reset=reset)

    def _raise_if_closed(self) -> None:
        if self.connection.closed:
            raise ConnectionLost
