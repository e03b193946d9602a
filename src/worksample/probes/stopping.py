"""SIGTERM while something is under way."""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass

from worksample.probes.deeds import Deed, Seen, shown
from worksample.probes.exchange import Exchange
from worksample.targets import Lab, Target
from worksample.wire import Script
from worksample.wire.faults.hold import Hold

#: The promise is 10 seconds; a busy machine is no finding.
STOP_SECONDS = 13.0
HELD_SECONDS = 0.5
REACH_SECONDS = 10.0


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


async def terminate_in_the_middle(lab: Lab, deed: Deed, step: int) -> Finished:
    """Send SIGTERM while the deed's round trip `step` is held, let it go on, start again.

    Raises `StartFailed`.
    """
    async with lab.wire.watch(deed.kind, Script({step: Hold()})) as trace:
        asking = asyncio.create_task(deed.ask())
        async with asyncio.timeout(REACH_SECONDS):
            passage = await trace.reached(step, unless=asking)
        ending = asyncio.create_task(terminate(lab.target))
        await asyncio.wait((asking,), timeout=HELD_SECONDS)
        if passage is not None:
            passage.release()
        exchange, stopped = await asking, await ending
    await lab.target.kill()
    await lab.target.begin()
    return Finished(stopped, exchange, await shown(deed), passage is not None)
