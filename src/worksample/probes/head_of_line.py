"""Head-of-line blocking: does a CPU-heavy request block other requests?

A trial sends a request that needs much CPU time. When the server has used part of that CPU time,
the trial sends a cheap request. A server that does not block starts to work on the cheap request,
which its database round trips show, before the slow request is computed. Only the order of events
counts: how long the cheap request takes depends on the machine.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Coroutine, Sequence
from dataclasses import dataclass
from typing import Any

Send = Callable[[], Coroutine[Any, Any, Any]]
#: Fractions of the slow request's CPU time.
SEND_AT, LATEST_SEND, FINISHED_AT = 0.35, 0.65, 0.8
POLL_SECONDS = 0.0005
LOOP_TURNS = 5
#: When is a trial disturbed by other programs? An undisturbed server uses one second of CPU per
#: second, and this process polls every half millisecond. With two runs side by side on two cores,
#: the server took 1.2 to 2 times as long and polls were 4 to 7 ms apart. Beside three CPU-bound
#: programs it was 2 to 4 times, and 9 to 12 ms.
MAX_STRETCH, JITTER, MAX_POLL_GAP = 1.5, 0.004, 0.008
#: A single unblocked trial may be chance (the server did something unrelated at that moment), so
#: three are required. Seven blocked trials suffice for the opposite verdict if they were
#: undisturbed, three times as many if they were disturbed. Each unblocked trial adds that number
#: once more.
MIN_UNBLOCKED, UNDISTURBED_WEIGHT, MIN_BLOCKED_WEIGHT, MAX_TRIALS = 3, 3, 21, 60


@dataclass(frozen=True, slots=True)
class BlockingTrial:
    """One trial. Times are CPU seconds of the server since the slow request was sent.

    `sent`: the cheap request was sent. `first_activity`: the first database activity after that, or
    the first answer. `total`: CPU time of the slow request. `slow_pending`: the slow request was
    not answered at `first_activity`. `undisturbed`: no other program took CPU time from the server
    or from this process; in a disturbed trial the cheap request may have waited for that program.
    """

    sent: float
    first_activity: float
    total: float
    slow_pending: bool
    undisturbed: bool = True

    @property
    def is_valid(self) -> bool:
        """Whether the cheap request was sent while the slow one was being computed."""
        return 0 < self.sent <= self.total * LATEST_SEND

    @property
    def was_blocked(self) -> bool:
        """Whether the server started on the cheap request only after the slow one."""
        return not self.slow_pending or self.first_activity >= self.total * FINISHED_AT


@dataclass(frozen=True, slots=True)
class BlockingSetup:
    """A server and two requests.

    `cpu_seconds` returns the CPU time used by the server. The result of `activity` changes with
    each database round trip. `cpu_alone` is the CPU time (slow, cheap) of each request when sent
    alone.
    """

    cpu_seconds: Callable[[], float]
    activity: Callable[[], object]
    slow: Send
    cheap: Send
    cpu_alone: tuple[float, float]


async def run_trial(setup: BlockingSetup) -> BlockingTrial:
    """Send the slow request, and the cheap one while the slow one is being computed."""
    cpu_seconds, (cpu_slow, cpu_cheap) = setup.cpu_seconds, setup.cpu_alone
    began = cpu_seconds()
    slow = asyncio.ensure_future(setup.slow())
    while cpu_seconds() - began < cpu_slow * SEND_AT and not slow.done():  # noqa: ASYNC110
        await asyncio.sleep(POLL_SECONDS)
    before = setup.activity()
    cheap = asyncio.ensure_future(setup.cheap())
    await _yield_to_loop()
    sent, since, poll_gap = cpu_seconds() - began, time.monotonic(), 0.0
    while not (slow.done() or cheap.done() or setup.activity() != before):
        polled = time.monotonic()
        await asyncio.sleep(POLL_SECONDS)
        poll_gap = max(poll_gap, time.monotonic() - polled)
    first_activity, waited = cpu_seconds() - began, time.monotonic() - since
    slow_pending = not slow.done() or setup.activity() != before or cheap.done()
    await asyncio.gather(slow, cheap)
    undisturbed = (
        waited <= MAX_STRETCH * (first_activity - sent) + JITTER and poll_gap <= MAX_POLL_GAP
    )
    total = max(cpu_seconds() - began - cpu_cheap, 0.0)
    return BlockingTrial(sent, first_activity, total, slow_pending, undisturbed)


async def _yield_to_loop() -> None:
    """Let other tasks run, so that the request is sent."""
    for _ in range(LOOP_TURNS):
        await asyncio.sleep(0)


async def run_trials(trial: Callable[[], Awaitable[BlockingTrial]]) -> list[BlockingTrial]:
    """Run trials until there is a verdict, at most `MAX_TRIALS`."""
    found: list[BlockingTrial] = []
    for _ in range(MAX_TRIALS):
        found.append(await trial())
        if is_blocking(found) is not None:
            break
    return found


def is_blocking(trials: Sequence[BlockingTrial]) -> bool | None:
    """Return whether the slow request blocks others; None if there are too few valid trials."""
    valid = [each for each in trials if each.is_valid]
    unblocked = sum(not each.was_blocked for each in valid)
    if unblocked >= MIN_UNBLOCKED:
        return False
    weight = sum(
        UNDISTURBED_WEIGHT if each.undisturbed else 1 for each in valid if each.was_blocked
    )
    return True if weight >= MIN_BLOCKED_WEIGHT * (unblocked + 1) else None
