"""Hold the writes of a burst, until two requests have come so far.

A burst finds a read-then-write race only if one request reads between the read and the write of
another. That is left to chance, and where the requests come to the database one by one (two threads
hash the passwords of sixteen accounts), the chance is small. A write that is held until a second
request is about to write makes it certain: the second has read by then.

Which statements write is known only from their results, so bursts are observed first.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Iterable
from typing import Any, TypeVar

from worksample.probes.hold_points import shape_of
from worksample.probes.idle import POLL_SECONDS, StallClock
from worksample.wire import Fault, RoundTrip, Trace, Wire
from worksample.wire.faults.hold import Hold

WRITERS = 2
_NAME = "burst"
T = TypeVar("T")


def write_shapes(trips: Iterable[RoundTrip]) -> set[str]:
    """Return the shapes of the round trips that wrote and began with more than a BEGIN."""
    return {
        shape_of(trip)
        for trip in trips
        if any(each.writes for each in trip.statements) and not trip.statements[0].is_control
    }


class WriteGate:
    """A gate (see `wire.Gate`) that holds round trips of these shapes until it is opened."""

    def __init__(self, shapes: Iterable[str]) -> None:
        self.is_open = False
        self._shapes = frozenset(shapes)

    def decide(self, trip: RoundTrip) -> Fault | None:
        """See `wire.Gate`."""
        return Hold() if not self.is_open and shape_of(trip) in self._shapes else None


class HeldWrites:
    """Runs bursts on `wire`: first observed, then with their first writes held."""

    def __init__(self, wire: Wire) -> None:
        self._wire, self._shapes = wire, set[str]()
        #: Whether the last burst that was to be held had writes to hold.
        self.has_held = False

    @property
    def has_seen_writes(self) -> bool:
        """Whether a burst that was observed wrote something."""
        return bool(self._shapes)

    async def observe(self, burst: Coroutine[Any, Any, T]) -> T:
        """Run a burst and record which statements write."""
        async with self._wire.trace(_NAME) as trace:
            result = await burst
        self._shapes |= write_shapes(trace.trips)
        return result

    async def hold(
        self,
        burst: Coroutine[Any, Any, T],
        idle: float,
        computing: float = 0.0,
        computes: Callable[[], bool] = lambda: False,
    ) -> T:
        """Run a burst, and hold every write until there are two.

        They are released too when nothing happens on the wire for `idle` seconds, and the server
        does not compute then (see `StallClock`): it lets the first one write before the second one
        reads.
        """
        clock = StallClock(computes, idle, computing)
        gate = WriteGate(self._shapes)
        async with self._wire.trace(_NAME, gate) as trace:
            running = asyncio.ensure_future(burst)
            try:
                await _wait_for_writers(trace, running, clock)
                gate.is_open = True
                self.has_held = bool(trace.interceptions)
                for each in trace.interceptions.values():
                    each.release()
                return await running
            finally:
                running.cancel()
                await asyncio.wait((running,))


async def _wait_for_writers(trace: Trace, running: asyncio.Future[Any], clock: StallClock) -> None:
    """Wait until two writes are held, or nothing happens after the first; or the burst ends."""
    while len(trace.interceptions) < WRITERS and not running.done():
        answered = sum(not each.running for each in trace.trips)
        if clock.is_stalled((len(trace.trips), answered) if trace.holding else object()):
            return
        await asyncio.sleep(POLL_SECONDS)
