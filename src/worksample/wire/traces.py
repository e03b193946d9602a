"""The round trips of one request, and ways to wait for them."""

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

    `late` holds those that began after the trace was closed, in a transaction that the request had
    begun; `background` the background round trips that began meanwhile. `interceptions` maps steps
    to intercepted round trips. `dropped` counts the round trips beyond 10 000, which are not kept.
    """

    def __init__(
        self, name: str, gate: Gate | None, condition: Condition, wait_for_lock: LockWaiter
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
        self._condition, self._wait_for_lock = condition, wait_for_lock

    @property
    def waiting(self) -> bool:
        """Whether a round trip is held or unanswered."""
        return bool(self._running)

    @property
    def holding(self) -> bool:
        """Whether a round trip is held."""
        return any(each.held for each in self.interceptions.values())

    def running_on(self) -> set[int]:
        """Return the numbers of the connections with a held or unanswered round trip."""
        return {each.connection for each in self._running}

    @property
    def sure(self) -> bool:
        """Whether all round trips are attributed with certainty."""
        return all(each.sure for each in self.trips)

    def add(self, trip: RoundTrip, *, sure: bool) -> None:
        """Add a round trip that has just begun."""
        self._steps += 1
        trip.request, trip.step, trip.sure = self.name, self._steps, sure
        self._running.add(trip)
        if len(self.trips) < MAX_TRIPS:
            self.trips.append(trip)
        else:
            self.dropped += 1

    def remove(self, trip: RoundTrip) -> None:
        """Move a round trip to `background`; the other round trips keep their steps."""
        trip.request, trip.step, trip.background = "", 0, True
        self._running.discard(trip)
        if trip in self.trips:
            self.trips.remove(trip)
        self.background.append(trip)

    def round_trip_ended(self, trip: RoundTrip) -> None:
        """Record the end of a round trip."""
        self._running.discard(trip)

    async def wait_for_step(self, step: int, unless: asyncio.Future[Any]) -> Interception | None:
        """Wait until the round trip `step` is intercepted; return None if `unless` is done first.

        Pass the task of the request as `unless`: once it is done, the step is not reached.
        """
        await _before(unless, self._condition.wait_for(lambda: step in self.interceptions))
        return self.interceptions.get(step)

    async def wait_for_fault(self, unless: asyncio.Future[Any]) -> Interception | None:
        """Wait for the first intercepted round trip; return None if `unless` is done first."""
        await _before(unless, self._condition.wait_for(lambda: bool(self.interceptions)))
        return next(iter(self.interceptions.values()), None)

    async def wait_for_lock(self, unless: asyncio.Future[Any]) -> LockWait | None:
        """Wait until the request waits for a lock that a held request holds.

        Return None if `unless` is done first. Raises `DatabaseError` if the database cannot be
        queried.
        """
        return await _before(unless, self._wait_for_lock(self))

    async def wait_answered(self) -> None:
        """Wait until all round trips are answered."""
        await self._condition.wait_for(lambda: not self.waiting)


async def _before(unless: asyncio.Future[Any], wait: Coroutine[Any, Any, T]) -> T | None:
    """Return the result of `wait`, None if `unless` is done first."""
    waiting = asyncio.ensure_future(wait)
    try:
        await asyncio.wait((waiting, unless), return_when=asyncio.FIRST_COMPLETED)
        return waiting.result() if waiting.done() else None
    finally:
        waiting.cancel()
        await asyncio.wait((waiting,))
