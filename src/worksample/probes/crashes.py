"""Crash points: kill the server before each round trip of each kind of write operation.

Several operations are held at the same time, each before a different round trip, so that one kill
and one restart test several crash points.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Iterable, Mapping
from contextlib import AsyncExitStack
from dataclasses import dataclass, field, replace

from worksample.messages import message
from worksample.probes.exchange import Exchange
from worksample.probes.hold_points import HoldPoint, HoldPointGate
from worksample.probes.write_operations import (
    Attempt,
    Baseline,
    Prepare,
    SendRequest,
    WriteOperation,
    describe_trip,
    prepare_operation,
    send_with_retries,
    succeeded,
    try_observe,
    wait_for_fault,
)
from worksample.targets import Lab
from worksample.wire import Interception, Trace
from worksample.wire.faults.hold import Hold

#: Operations held at the same time. Connection pools often have ten connections, and the server
#: needs some for other requests.
BATCH_SIZE = 7
MAX_KILLS = 14
REACH_SECONDS = 4.0
SETTLE_SECONDS = 0.3

OnStarted = Callable[[], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class CrashPoint:
    """A point at which to kill the server: before `hold_point` of this kind of operation."""

    baseline: Baseline
    hold_point: HoldPoint

    @property
    def key(self) -> tuple[str, HoldPoint]:
        """A key that is unique per crash point."""
        return self.baseline.kind, self.hold_point


@dataclass(slots=True)
class HeldOperation:
    """An operation in progress. `reached` is the held round trip, None if it is not held."""

    point: CrashPoint
    operation: WriteOperation
    task: asyncio.Task[Exchange]
    trace: Trace
    reached: Interception | None = None

    @property
    def is_stuck(self) -> bool:
        """Whether the operation neither reached its crash point nor finished."""
        return self.reached is None and not self.task.done()


@dataclass(slots=True)
class CrashHistory:
    """The results of all kills. `left_out` are the crash points that were never reached."""

    attempts: list[Attempt] = field(default_factory=list)
    left_out: list[CrashPoint] = field(default_factory=list)
    kills: int = 0


def all_crash_points(baselines: Iterable[Baseline]) -> list[CrashPoint]:
    """Return all crash points, alternating between the kinds of operations."""
    found = [
        (number, CrashPoint(each, hold_point))
        for each in baselines
        for number, hold_point in enumerate(reversed(each.crash_points))
    ]
    return [point for _, point in sorted(found, key=lambda pair: pair[0])]


async def crash_at_every_point(
    lab: Lab,
    kinds: Mapping[str, Prepare],
    baselines: Iterable[Baseline],
    barrier: SendRequest,
    on_started: OnStarted,
) -> CrashHistory:
    """Kill the server at every crash point, restart it after each kill, and observe what is stored.

    Stops after `MAX_KILLS` kills. `barrier` sends an unrelated request. `on_started` is called
    after each start. Raises `StartFailed` if the server does not start again, and
    `PreparationFailed` if the restarted server does not work.
    """
    history, queue, width = CrashHistory(), deque(all_crash_points(baselines)), BATCH_SIZE
    tried = {point.key for point in queue}
    while queue and history.kills < MAX_KILLS:
        batch = [queue.popleft() for _ in range(min(width, len(queue)))]
        held = await _hold_and_kill(lab, kinds, batch, barrier)
        history.kills += 1
        await lab.target.begin()
        await on_started()
        history.attempts += [await _attempt_of(each) for each in held]
        untried = batch[len(held) :]
        if untried or not _reached_or_answered(held[-1]):
            width = max(1, len(held) - 1)
            untried = [held[-1].point, *untried] if len(batch) > 1 else []
            history.left_out += [] if untried else batch
        queue.extendleft(reversed(untried))
        for each in held:
            new = [point for point in _new_points(each) if point.key not in tried]
            tried |= {point.key for point in new}
            queue.extend(new)
    history.left_out += queue
    return history


async def _hold_and_kill(
    lab: Lab, kinds: Mapping[str, Prepare], batch: list[CrashPoint], barrier: SendRequest
) -> list[HeldOperation]:
    """Run each operation up to its crash point, then kill the server.

    Starts no further operation after one that is stuck.
    """
    operations = [await prepare_operation(kinds[point.baseline.kind]) for point in batch]
    held: list[HeldOperation] = []
    async with AsyncExitStack() as stack:
        for point, operation in zip(batch, operations, strict=True):
            held.append(await _run_up_to(lab, stack, point, operation))
            if held[-1].is_stuck:
                break
        await _wait_for_answers(held, barrier)
        await lab.target.kill()
        await asyncio.wait([each.task for each in held])
    return held


async def _run_up_to(
    lab: Lab, stack: AsyncExitStack, point: CrashPoint, operation: WriteOperation
) -> HeldOperation:
    """Start an operation and wait until it is held at its crash point, finishes, or times out.

    Ends the trace of a finished operation, so that later round trips are not attributed to it.
    """
    async with AsyncExitStack() as own:
        watch = lab.wire.trace(point.baseline.kind, HoldPointGate(point.hold_point, Hold()))
        trace = await own.enter_async_context(watch)
        held = HeldOperation(point, operation, asyncio.create_task(operation.send()), trace)
        try:
            async with asyncio.timeout(REACH_SECONDS):
                held.reached = await wait_for_fault(trace, held.task)
        except TimeoutError:
            pass
        if held.reached is not None or held.is_stuck:
            stack.push_async_exit(own.pop_all())
        else:
            await lab.wire.wait_idle(SETTLE_SECONDS)
    return held


async def _wait_for_answers(held: list[HeldOperation], barrier: SendRequest) -> None:
    """Wait for a later request, so that a server which answers before it commits has answered."""
    later = asyncio.create_task(barrier())
    await asyncio.wait((later,), timeout=REACH_SECONDS / 2)
    pending = [each.task for each in held if not each.task.done()]
    if pending:
        await asyncio.wait(pending, timeout=SETTLE_SECONDS)
    later.cancel()
    await asyncio.wait((later,))


def _new_points(held: HeldOperation) -> list[CrashPoint]:
    """Return new crash points of an operation that took another path and missed its crash point."""
    trips = tuple(held.trace.trips)
    if held.reached is not None or not trips or not succeeded(held.task.result()):
        return []
    baseline = replace(held.point.baseline, trips=trips)
    return [CrashPoint(baseline, hold_point) for hold_point in baseline.crash_points]


def _reached_or_answered(held: HeldOperation) -> bool:
    return held.reached is not None or held.task.result().response is not None


async def _attempt_of(held: HeldOperation) -> Attempt:
    observed = await try_observe(held.operation)
    trip = held.reached.trip if held.reached is not None else None
    when = (
        message("before round trip {trip}", trip=describe_trip(trip))
        if trip is not None
        else "after the answer"
    )
    return Attempt(
        baseline=held.point.baseline,
        fault_summary=message("the server was killed {when}", when=when),
        step=trip.step if trip is not None else 0,
        exchange=held.task.result(),
        observed=observed,
        retry=await send_with_retries(held.operation.send),
        trips=tuple(held.trace.trips),
    )
