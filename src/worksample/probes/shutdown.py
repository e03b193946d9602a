"""SIGTERM while something is under way."""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass

from worksample.probes.exchange import Exchange
from worksample.probes.write_operations import Observation, WriteOperation, try_observe, writes
from worksample.targets import Lab, Target
from worksample.wire import Fault, RoundTrip
from worksample.wire.faults.hold import Hold

#: The promise is 10 seconds; a busy machine is no finding.
SHUTDOWN_SECONDS = 13.0
HELD_SECONDS = 0.5
POLL_SECONDS = 0.01


@dataclass(frozen=True, slots=True)
class ShutdownResult:
    """How a server ended: in words ("" if it did not), and after how many seconds."""

    exit_description: str
    seconds: float


@dataclass(frozen=True, slots=True)
class InterruptedWrite:
    """What came of the deed that was under way, and what is there after the next start.

    `held` says that it really was under way.
    """

    shutdown: ShutdownResult
    exchange: Exchange
    observed: Observation | None
    held: bool


async def terminate(target: Target) -> ShutdownResult:
    """Send SIGTERM, wait for the end; what does not end is killed afterwards."""
    began = time.monotonic()
    exit_ = await target.terminate()
    if exit_ is None:
        exit_ = await target.wait(max(0.0, began + SHUTDOWN_SECONDS - time.monotonic()))
    took = time.monotonic() - began
    return ShutdownResult(str(exit_) if exit_ is not None else "", took)


class HoldFirstWrite:
    """A gate that holds the first round trip that writes."""

    def __init__(self) -> None:
        self.step = 0

    def decide(self, trip: RoundTrip) -> Fault | None:
        """Hold it, if it is the first."""
        if self.step or not writes(trip):
            return None
        self.step = trip.step
        return Hold()


async def terminate_during_write(lab: Lab, operation: WriteOperation) -> InterruptedWrite:
    """Send SIGTERM while the deed's first write is held, let it go on, start again.

    Raises `StartFailed`.
    """
    gate = HoldFirstWrite()
    async with lab.wire.trace(operation.kind, gate) as trace:
        asking = asyncio.create_task(operation.send())
        while not (gate.step or asking.done()):
            await asyncio.wait((asking,), timeout=POLL_SECONDS)
        ending = asyncio.create_task(terminate(lab.target))
        await asyncio.wait((asking,), timeout=HELD_SECONDS)
        for interception in trace.interceptions.values():
            interception.release()
        exchange, shutdown = await asking, await ending
    await lab.target.kill()
    await lab.target.begin()
    return InterruptedWrite(shutdown, exchange, await try_observe(operation), bool(gate.step))
