"""What one request did on the wire, and how to wait for it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any, TypeVar

from worksample.wire.condition import Condition
from worksample.wire.gate import FaultScript, Gate
from worksample.wire.interception import Interception
from worksample.wire.locks import LockWait
from worksample.wire.round_trips import RoundTrip

MAX_TRIPS = 10_000
LockWaiter = Callable[["Trace"], Coroutine[Any, Any, LockWait]]
T = TypeVar("T")


class Trace:
    """The round trips of a request, in the order in which they began.

    `late` are those that came after the watch was closed, in a transaction that the request had
    begun; `background` those that went on meanwhile and are the server's own; `dropped` counts
    what was too much to keep (more than 10 000). Not `open`, it gets no more of its own.
    """

    def __init__(
        self, name: str, gate: Gate | None, condition: Condition, stuck: LockWaiter
    ) -> None:
        self.name = name
        self.gate: Gate = gate or FaultScript()
        self.trips: list[RoundTrip] = []
        self.late: list[RoundTrip] = []
        self.background: list[RoundTrip] = []
        self.interceptions: dict[int, Interception] = {}
        self.open = True
        self.dropped = 0
        self._steps = 0
        self._running: set[RoundTrip] = set()
        self._condition, self._wait_for_lock = condition, stuck

    @property
    def waiting(self) -> bool:
        """Whether one of its round trips is held or not yet answered."""
        return bool(self._running)

    @property
    def holding(self) -> bool:
        """Whether one of its round trips is held at the gate."""
        return any(each.held for each in self.interceptions.values())

    def running_on(self) -> set[int]:
        """Return the connections on which it has something held or not yet answered."""
        return {each.connection for each in self._running}

    @property
    def sure(self) -> bool:
        """Whether all of its round trips are certainly its own."""
        return all(each.sure for each in self.trips)

    def add(self, trip: RoundTrip, *, sure: bool) -> None:
        """Make a round trip, which has just begun, its own."""
        self._steps += 1
        trip.request, trip.step, trip.sure = self.name, self._steps, sure
        self._running.add(trip)
        if len(self.trips) < MAX_TRIPS:
            self.trips.append(trip)
        else:
            self.dropped += 1

    def remove(self, trip: RoundTrip) -> None:
        """A round trip turned out to be the server's own; the numbers of the others stay."""
        trip.request, trip.step, trip.background = "", 0, True
        self._running.discard(trip)
        if trip in self.trips:
            self.trips.remove(trip)
        self.background.append(trip)

    def round_trip_ended(self, trip: RoundTrip) -> None:
        """One of its round trips has ended."""
        self._running.discard(trip)

    async def wait_for_step(self, step: int, unless: asyncio.Future[Any]) -> Interception | None:
        """Wait until the fault at `step` has its round trip; None if `unless` is done before.

        `unless` is the request itself: one that has ended will not come to that step any more.
        """
        await _before(unless, self._condition.wait_for(lambda: step in self.interceptions))
        return self.interceptions.get(step)

    async def wait_for_fault(self, unless: asyncio.Future[Any]) -> Interception | None:
        """Wait until the gate has a round trip for a fault, and return the first one.

        None if `unless` is done before.
        """
        await _before(unless, self._condition.wait_for(lambda: bool(self.interceptions)))
        return next(iter(self.interceptions.values()), None)

    async def wait_for_lock(self, unless: asyncio.Future[Any]) -> LockWait | None:
        """Wait until it waits for a lock that a held request has; None if `unless` is done before.

        PostgreSQL is asked for it; raises `psycopg.Error` if it cannot be asked.
        """
        return await _before(unless, self._wait_for_lock(self))

    async def wait_answered(self) -> None:
        """Wait until all of its round trips are answered."""
        await self._condition.wait_for(lambda: not self.waiting)


async def _before(unless: asyncio.Future[Any], wait: Coroutine[Any, Any, T]) -> T | None:
    """Return what `wait` brings, None if `unless` is done before."""
    waiting = asyncio.ensure_future(wait)
    try:
        await asyncio.wait((waiting, unless), return_when=asyncio.FIRST_COMPLETED)
        return waiting.result() if waiting.done() else None
    finally:
        waiting.cancel()
        await asyncio.wait((waiting,))
