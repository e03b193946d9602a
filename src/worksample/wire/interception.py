"""A round trip that a gate has intercepted, as a fault controls it."""

from __future__ import annotations

from worksample.wire.condition import Condition
from worksample.wire.connection import Connection
from worksample.wire.round_trips import Outcome, RoundTrip


class ConnectionLost(Exception):
    """The client or the database closed the connection of an intercepted round trip."""


class Interception:
    """Controls one intercepted round trip; `release()` is for the probe, the rest for the fault."""

    def __init__(self, connection: Connection, trip: RoundTrip, condition: Condition) -> None:
        self.connection, self.trip = connection, trip
        self.released = False
        self._condition = condition

    @property
    def held(self) -> bool:
        """Whether the round trip has not been sent yet."""
        return self.connection.held is self.trip

    def release(self) -> None:
        """Signal the fault to continue; the fault defines what happens then."""
        self.released = True
        self._condition.notify_all()

    async def wait_released(self) -> None:
        """Wait for `release()`. Raises `ConnectionLost`."""
        await self._condition.wait_for(lambda: self.released or self.connection.closed)
        self._raise_if_closed()

    async def send(self) -> None:
        """Send the round trip to the database. Raises `ConnectionLost`."""
        self._raise_if_closed()
        self.connection.release()

    async def wait_answered(self) -> None:
        """Wait for the complete reply. Raises `ConnectionLost` if it does not arrive."""
        await self._condition.wait_for(lambda: not self.trip.running)
        if self.trip.outcome is Outcome.LOST:
            raise ConnectionLost

    async def withhold_replies(self) -> None:
        """Wait for earlier replies, then stop forwarding replies. Raises `ConnectionLost`."""
        pending = self.connection.tracker.pending
        await self._condition.wait_for(
            lambda: self.connection.closed or (bool(pending) and pending[0].trip is self.trip)
        )
        self._raise_if_closed()
        self.connection.replies_withheld = True

    def cut(self, *, reset: bool) -> None:
        """Close the connection on both sides, by RST if `reset` is True, else by FIN."""
        self.connection.cut(reset=reset)

    def _raise_if_closed(self) -> None:
        if self.connection.closed:
            raise ConnectionLost
