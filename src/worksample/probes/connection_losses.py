"""Lost connections: each round trip of each kind of write loses its connection.

Cut before, PostgreSQL never hears of the statement; cut after, it has done what it was asked and
the server cannot know. The answer to COMMIT may also just not come for a while.
"""

from __future__ import annotations

import asyncio
import time
from collections import Counter, deque
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace

from worksample.probes.exchange import Exchange
from worksample.probes.hold_points import HoldPoint, HoldPointGate, only_prepared
from worksample.probes.sessions import OpenTransaction, idle_transactions
from worksample.probes.write_operations import (
    Attempt,
    Baseline,
    PreparationFailed,
    Prepare,
    SendRequest,
    describe_trip,
    prepare_operation,
    send_with_retries,
    succeeded,
    try_observe,
    wait_for_fault,
    writes,
)
from worksample.targets import Lab
from worksample.wire import Fault, Interception, Trace, Wire
from worksample.wire.faults.cut_after import CutAfter
from worksample.wire.faults.cut_before import CutBefore
from worksample.wire.faults.swallow import Swallow

#: The promise is 5 seconds; a busy machine is no finding.
RECOVERY_SECONDS = 10.0
SWALLOWED_SECONDS = 0.3
RETRY_SECONDS = 0.2
IDLE_TRANSACTION_SECONDS = 10.0
MAX_TRIES = 2


@dataclass(frozen=True, slots=True)
class ConnectionLoss:
    """Lose the connection at this place of a deed of this kind."""

    baseline: Baseline
    hold_point: HoldPoint
    fault: Fault
    description: str

    @property
    def key(self) -> tuple[str, HoldPoint, str]:
        """What tells it from any other."""
        return self.baseline.kind, self.hold_point, self.description


@dataclass(slots=True)
class LossHistory:
    """What came of all losses; `left_out` counts those for which there was no time.

    `connections` are how many the server had open before the first and after the last. `failed_request` is
    an ordinary request that was still refused long after a loss, which ended the series;
    `idle_transactions` are the transactions that were open long after the last.
    """

    attempts: list[Attempt] = field(default_factory=list)
    left_out: int = 0
    connections: tuple[int, int] = (0, 0)
    idle_transactions: list[OpenTransaction] = field(default_factory=list)
    failed_request: Exchange | None = None

    @property
    def recovered(self) -> bool:
        """Whether the server was well again after every loss."""
        return self.failed_request is None and self.can_continue

    @property
    def can_continue(self) -> bool:
        """Whether the server recovered from the last loss."""
        return not self.attempts or self.attempts[-1].recovery_seconds is not None


def all_losses(baseline: Iterable[Baseline]) -> list[ConnectionLoss]:
    """Return every loss that matters, one of each kind before the second.

    Whether a round trip that writes nothing is lost before or after makes no difference: it is
    one of them by turns. So is whether a connection ends with RST or with FIN.
    """
    found = [(n, loss) for each in baseline for n, loss in enumerate(_losses_of(each))]
    return [loss for _, loss in sorted(found, key=lambda pair: pair[0])]


def _losses_of(baseline: Baseline) -> Iterator[ConnectionLoss]:
    last = next(
        (hold_point for hold_point, trip in reversed(baseline.hold_points) if writes(trip)), None
    )
    if last is not None:
        yield ConnectionLoss(
            baseline, last, Swallow(), "the answer did not come, then the line broke, after"
        )
    for hold_point, trip in reversed(baseline.hold_points):
        even = trip.step % 2 == 0
        if even or writes(trip):
            yield ConnectionLoss(baseline, hold_point, CutAfter(even), "the line broke after")
        if not even or writes(trip):
            yield ConnectionLoss(baseline, hold_point, CutBefore(even), "the line broke before")


async def lose_connections(
    lab: Lab,
    kinds: Mapping[str, Prepare],
    baseline: Iterable[Baseline],
    other: SendRequest,
    budget: float,
) -> LossHistory:
    """Lose one connection after the other, for at most `budget` seconds; return what came of it.

    `other` asks for something else. It ends when the server does not answer others any more.
    """
    history, queue, wire = LossHistory(), deque(all_losses(baseline)), lab.wire
    before, ends = len(wire.connections), time.monotonic() + budget
    tried = {loss.key for loss in queue}
    tried_again: Counter[tuple[str, HoldPoint, str]] = Counter()
    while queue and history.can_continue and time.monotonic() < ends:
        loss = queue.popleft()
        try:
            attempt = await _lose_connection(wire, kinds, loss, other)
        except PreparationFailed as error:
            history.failed_request = error.exchange
            break
        if attempt.step:
            history.attempts.append(attempt)
            if _hit_prepare(attempt) and tried_again[loss.key] < MAX_TRIES:
                tried_again[loss.key] += 1
                queue.append(loss)
        else:
            new = [each for each in _new_losses(attempt) if each.key not in tried]
            tried |= {each.key for each in new}
            queue.extend(new)
    history.left_out = len(queue)
    history.idle_transactions = await idle_transactions(
        wire, lab.database, IDLE_TRANSACTION_SECONDS
    )
    history.connections = (before, len(wire.connections))
    return history


async def _lose_connection(
    wire: Wire, kinds: Mapping[str, Prepare], loss: ConnectionLoss, other: SendRequest
) -> Attempt:
    """Lose one connection; of step 0 if the deed did not come to that place this time."""
    operation = await prepare_operation(kinds[loss.baseline.kind])
    async with wire.trace(operation.kind, HoldPointGate(loss.hold_point, loss.fault)) as trace:
        task = asyncio.create_task(operation.send())
        interception = await _wait_for_loss(trace, loss, task)
        exchange = await task
    if interception is None:
        return Attempt(loss.baseline, "", 0, exchange, None, trips=tuple(trace.trips))
    recovery_seconds = await seconds_until_success(other, RECOVERY_SECONDS)
    observed = await try_observe(operation) if recovery_seconds is not None else None
    retry = await send_with_retries(operation.send) if recovery_seconds is not None else None
    trips = tuple(trace.trips)
    fault_summary = f"{loss.description} round trip {describe_trip(interception.trip)}"
    return Attempt(
        loss.baseline,
        fault_summary,
        interception.trip.step,
        exchange,
        observed,
        retry,
        recovery_seconds,
        trips,
    )


def _new_losses(attempt: Attempt) -> list[ConnectionLoss]:
    """Return the losses of a deed that went another way this time than it did in peace."""
    if not attempt.trips or not succeeded(attempt.exchange):
        return []
    return list(_losses_of(replace(attempt.baseline, trips=attempt.trips)))


def _hit_prepare(attempt: Attempt) -> bool:
    """Whether what was lost had only been to prepare the statement that was meant."""
    return any(trip.step == attempt.step and only_prepared(trip) for trip in attempt.trips)


async def _wait_for_loss(
    trace: Trace, loss: ConnectionLoss, task: asyncio.Task[Exchange]
) -> Interception | None:
    """Return what was lost, None if the deed did not come to it; what is swallowed ends soon."""
    interception = await wait_for_fault(trace, task)
    if interception is not None and isinstance(loss.fault, Swallow):
        await asyncio.sleep(SWALLOWED_SECONDS)
        interception.release()
    return interception


async def seconds_until_success(send: SendRequest, seconds: float) -> float | None:
    """Ask until the answer is a success; return how long that took, None if longer than allowed."""
    began = time.monotonic()
    while True:
        exchange = await send()
        took = time.monotonic() - began
        if succeeded(exchange):
            return took
        if took > seconds:
            return None
        await asyncio.sleep(RETRY_SECONDS)
