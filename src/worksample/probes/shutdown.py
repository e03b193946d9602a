"""Graceful shutdown: SIGTERM while a request is in progress."""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass

from worksample.probes.exchange import Exchange
from worksample.probes.write_operations import Observation, WriteOperation, try_observe, writes
from worksample.targets import Lab, Target
from worksample.wire import Fault, RoundTrip
from worksample.wire.faults.hold import Hold

#: The brief requires 10 seconds. The margin avoids false findings on a busy machine.
SHUTDOWN_SECONDS = 13.0
HELD_SECONDS = 0.5
POLL_SECONDS = 0.01


@dataclass(frozen=True, slots=True)
class ShutdownResult:
    """How a server process ended ("" if it did not), and after how many seconds."""

    exit_description: str
    seconds: float


@dataclass(frozen=True, slots=True)
class InterruptedWrite:
    """The answer of the interrupted operation, and the state observed after the next start.

    `held` says whether the operation was in progress when SIGTERM was sent.
    """

    shutdown: ShutdownResult
    exchange: Exchange
    observed: Observation | None
    held: bool


async def terminate(target: Target) -> ShutdownResult:
    """Send SIGTERM and wait up to `SHUTDOWN_SECONDS` for the server to end."""
    began = time.monotonic()
    exit_ = await target.terminate()
    if exit_ is None:
        exit_ = await target.wait(max(0.0, began + SHUTDOWN_SECONDS - time.monotonic()))
    took = time.monotonic() - began
    return ShutdownResult(str(exit_) if exit_ is not None else "", took)


class HoldFirstWrite:
    """A gate (see `wire.Gate`) that holds the first round trip that writes."""

    def __init__(self) -> None:
        self.step = 0

    def decide(self, trip: RoundTrip) -> Fault | None:
        """Hold the round trip if it is the first write."""
        if self.step or not writes(trip):
            return None
        self.step = trip.step
        return Hold()


async def terminate_during_write(lab: Lab, operation: WriteOperation) -> InterruptedWrite:
    """Send SIGTERM while the first write of `operation` is held, release it, and start again.

    Raises `StartFailed`.
    """
    gate = HoldFirstWrite()
    async with lab.wire.trace(operation.kind, gate) as trace:
        request = asyncio.create_task(operation.send())
        while not (gate.step or request.done()):
            await asyncio.wait((request,), timeout=POLL_SECONDS)
        termination = asyncio.create_task(terminate(lab.target))
        await asyncio.wait((request,), timeout=HELD_SECONDS)
        for interception in trace.interceptions.values():
            interception.release()
        exchange, shutdown = await request, await termination
    await lab.target.kill()
    await lab.target.begin()
    return InterruptedWrite(shutdown, exchange, await try_observe(operation), bool(gate.step))
