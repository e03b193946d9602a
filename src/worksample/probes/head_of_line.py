"""Does one who computes hold up the others? Told by the order of events, not by the clock.

One sends a request that is known to need much CPU. When the server has used a part of it, somebody
else sends a cheap one. The server has to begin with that, as its questions to the database show,
before the first has been computed. How soon it is done depends on the machine, and is not asked.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Coroutine, Sequence
from dataclasses import dataclass
from typing import Any

Send = Callable[[], Coroutine[Any, Any, Any]]
SEND_AT, LATEST_SEND, FINISHED_AT = 0.35, 0.65, 0.8
POLL_SECONDS = 0.0005
LOOP_TURNS = 5
#: A server that computes undisturbed uses a second of CPU in a second, and we look each half
#: millisecond. Two runs side by side on two cores stretch 1.2 to 2 times and blind for 4 to 7 ms;
#: beside three programs that burn CPU it was 2 to 4 times, or 9 to 12 ms.
MAX_STRETCH, JITTER, MAX_POLL_GAP = 1.5, 0.004, 0.008
#: One that got through may be luck: a server that computes something else besides, just then. So
#: three have to, and for each that does the others are asked as often again. Seven that waited are
#: enough where nothing else disturbed them, three times as many where something did.
MIN_UNBLOCKED, UNDISTURBED_WEIGHT, MIN_BLOCKED_WEIGHT, MAX_TRIALS = 3, 3, 21, 60


@dataclass(frozen=True, slots=True)
class BlockingTrial:
    """One attempt, in CPU seconds of the server since the slow request was sent.

    `sent` when the cheap one was sent, `first_activity` when the server was first seen to do something
    after that, or one of the two was answered; `total` is what the slow one took. `slow_pending` says
    whether the slow one was not answered by then. Not `undisturbed`, others took the machine meanwhile,
    from the server or from us who look: who waited then may have waited for them.
    """

    sent: float
    first_activity: float
    total: float
    slow_pending: bool
    undisturbed: bool = True

    @property
    def is_valid(self) -> bool:
        """Whether the cheap one was sent while the slow one was still being computed."""
        return 0 < self.sent <= self.total * LATEST_SEND

    @property
    def was_blocked(self) -> bool:
        """Whether nothing was done for the cheap one until the slow one was computed."""
        return not self.slow_pending or self.first_activity >= self.total * FINISHED_AT


@dataclass(frozen=True, slots=True)
class BlockingSetup:
    """A server with two requests, and how it is watched.

    `cpu_seconds` is what it has used; `activity` changes whenever it asks its database something.
    `cpu_alone` are the CPU seconds of each request alone: the slow one's, the cheap one's.
    """

    cpu_seconds: Callable[[], float]
    activity: Callable[[], object]
    slow: Send
    cheap: Send
    cpu_alone: tuple[float, float]


async def run_trial(scene: BlockingSetup) -> BlockingTrial:
    """Send the slow request, and the cheap one in the midst of it."""
    cpu_seconds, (cpu_alone, little) = scene.cpu_seconds, scene.cpu_alone
    began = cpu_seconds()
    slowly = asyncio.ensure_future(scene.slow())
    while cpu_seconds() - began < cpu_alone * SEND_AT and not slowly.done():  # noqa: ASYNC110
        await asyncio.sleep(POLL_SECONDS)
    before = scene.activity()
    quickly = asyncio.ensure_future(scene.cheap())
    await _yield_to_loop()
    sent, since, poll_gap = cpu_seconds() - began, time.monotonic(), 0.0
    while not (slowly.done() or quickly.done() or scene.activity() != before):
        looked = time.monotonic()
        await asyncio.sleep(POLL_SECONDS)
        poll_gap = max(poll_gap, time.monotonic() - looked)
    first_activity, waited = cpu_seconds() - began, time.monotonic() - since
    slow_pending = not slowly.done() or scene.activity() != before or quickly.done()
    await asyncio.gather(slowly, quickly)
    undisturbed = (
        waited <= MAX_STRETCH * (first_activity - sent) + JITTER and poll_gap <= MAX_POLL_GAP
    )
    return BlockingTrial(
        sent, first_activity, max(cpu_seconds() - began - little, 0.0), slow_pending, undisturbed
    )


async def _yield_to_loop() -> None:
    """Let what is ready go first."""
    for _ in range(LOOP_TURNS):
        await asyncio.sleep(0)


async def run_trials(trial: Callable[[], Awaitable[BlockingTrial]]) -> list[BlockingTrial]:
    """Try until it can be said whether others are held up; a bounded number of times."""
    found: list[BlockingTrial] = []
    for _ in range(MAX_TRIALS):
        found.append(await trial())
        if is_blocking(found) is not None:
            break
    return found


def is_blocking(trials: Sequence[BlockingTrial]) -> bool | None:
    """Return whether others are held up; None if too few attempts count to say so."""
    counted = [each for each in trials if each.is_valid]
    free = sum(not each.was_blocked for each in counted)
    if free >= MIN_UNBLOCKED:
        return False
    told = sum(
        UNDISTURBED_WEIGHT if each.undisturbed else 1 for each in counted if each.was_blocked
    )
    return True if told >= MIN_BLOCKED_WEIGHT * (free + 1) else None
