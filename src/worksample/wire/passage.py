"""A round trip that is held at the gate, in the hands of a fault."""

from __future__ import annotations

from worksample.wire.connection import Connection
from worksample.wire.news import News
from worksample.wire.trips import Outcome, RoundTrip


class Gone(Exception):
    """The connection ended (the client hung up, or PostgreSQL did) while its passage was held."""


class Passage:
    """The way of one held round trip to PostgreSQL and back; `release()` is for the probe."""

    def __init__(self, connection: Connection, trip: RoundTrip, news: News) -> None:
        self.connection, self.trip = connection, trip
        self.released = False
        self._news = news

    @property
    def held(self) -> bool:
        """Whether it still waits to be sent."""
        return self.connection.held is self.trip

    def release(self) -> None:
        """Let the fault go on: what that means, the fault says."""
        self.released = True
        self._news.wake()

    async def until_released(self) -> None:
        """Wait for `release()`. Raises `Gone`."""
        await self._news.until(lambda: self.released or self.connection.closed)
        self._still_there()

    async def send(self) -> None:
        """Pass it on to PostgreSQL. Raises `Gone`."""
        self._still_there()
        self.connection.release()

    async def answered(self) -> None:
        """Wait for the whole answer. Raises `Gone` if it never comes."""
        await self._news.until(lambda: not self.trip.running)
        if self.trip.outcome is Outcome.LOST:
            raise Gone

    async def withhold(self) -> None:
        """Let no answer pass from here on; earlier answers are waited for. Raises `Gone`."""
        pending = self.connection.talk.legs.pending
        await self._news.until(
            lambda: self.connection.closed or (bool(pending) and pending[0].trip is self.trip)
        )
        self._still_there()
        self.connection.mute = True

    def cut(self, *, reset: bool) -> None:
        """End the connection on both sides: with RST, or with FIN."""
        self.connection.cut(reset=reset)

    def _still_there(self) -> None:
        if self.connection.closed:
            raise Gone
