"""SIGTERM while something is under way."""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass

from worksample.probes.deeds import Deed, Seen, shown, writes
from worksample.probes.exchange import Exchange
from worksample.targets import Lab, Target
from worksample.wire import Fault, RoundTrip
from worksample.wire.faults.hold import Hold

#: The promise is 10 seconds; a busy machine is no finding.
STOP_SECONDS = 13.0
HELD_SECONDS = 0.5
LOOK_SECONDS = 0.01


@dataclass(frozen=True, slots=True)
class Stopped:
    """How a server ended: in words ("" if it did not), and after how many seconds."""

    how: str
    seconds: float


@dataclass(frozen=True, slots=True)
class Finished:
    """What came of the deed that was under way, and what is there after the next start.

    `held` says that it really was under way.
    """

    stopped: Stopped
    exchange: Exchange
    seen: Seen | None
    held: bool


async def terminate(target: Target) -> Stopped:
    """Send SIGTERM, wait for the end; what does not end is killed afterwards."""
    began = time.monotonic()
    exit_ = await target.terminate()
    if exit_ is None:
        exit_ = await target.wait(max(0.0, began + STOP_SECONDS - time.monotonic()))
    took = time.monotonic() - began
    return Stopped(str(exit_) if exit_ is not None else "", took)


class FirstWrite:
    """A gate that holds the first round trip that writes."""

    def __init__(self) -> None:
        self.step = 0

    def decide(self, trip: RoundTrip) -> Fault | None:
        """Hold it, if it is the first."""
        if self.step or not writes(trip):
            return None
        self.step = trip.step
        return Hold()


async def terminate_in_the_middle(lab: Lab, deed: Deed) -> Finished:
    """Send SIGTERM while the deed's first write is held, let it go on, start again.

    Raises `StartFailed`.
    """
    gate = FirstWrite()
    async with lab.wire.watch(deed.kind, gate) as trace:
        asking = asyncio.create_task(deed.ask())
        while not (gate.step or asking.done()):
            await asyncio.wait((asking,), timeout=LOOK_SECONDS)
        ending = asyncio.create_task(terminate(lab.target))
        await asyncio.wait((asking,), timeout=HELD_SECONDS)
        for passage in trace.passages.values():
            passage.release()
        exchange, stopped = await asking, await ending
    await lab.target.kill()
    await lab.target.begin()
    return Finished(stopped, exchange, await shown(deed), bool(gate.step))
