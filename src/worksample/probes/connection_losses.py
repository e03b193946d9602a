"""Connection losses: cut the database connection at each round trip of each kind of operation.

If it is cut before the round trip, the database never receives the statement. If it is cut after,
the database has executed it, but the server cannot know. For the last write, the answer is also
withheld for a while before the cut.
"""

from __future__ import annotations

import asyncio
import math
import time
from collections import Counter, deque
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace

from worksample.messages import message
from worksample.probes.exchange import Exchange
from worksample.probes.hold_points import HoldPoint, HoldPointGate, only_prepared
from worksample.probes.sessions import idle_transactions
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
from worksample.services import OpenTransaction
from worksample.targets import Lab
from worksample.wire import Fault, Interception, Trace, Wire
from worksample.wire.faults.cut_after import CutAfter
from worksample.wire.faults.cut_before import CutBefore
from worksample.wire.faults.swallow import Swallow

#: The brief requires 5 seconds. The margin avoids false findings on a busy machine.
RECOVERY_SECONDS = 10.0
SWALLOWED_SECONDS = 0.3
RETRY_SECONDS = 0.2
IDLE_TRANSACTION_SECONDS = 10.0
MAX_TRIES = 2


@dataclass(frozen=True, slots=True)
class ConnectionLoss:
    """A fault that cuts the connection at `hold_point` of this kind of operation."""

    baseline: Baseline
    hold_point: HoldPoint
    fault: Fault
    description: str

    @property
    def key(self) -> tuple[str, HoldPoint, str]:
        """A key that is unique per loss."""
        return self.baseline.kind, self.hold_point, self.description


@dataclass(slots=True)
class LossHistory:
    """The results of all losses. `left_out` counts those for which there was no time.

    `connections` are the numbers of open connections before the first and after the last loss.
    `failed_request` is an ordinary request that still failed long after a loss and ended the
    series. `idle_transactions` are transactions that were still open long after the last loss.
    """

    attempts: list[Attempt] = field(default_factory=list)
    left_out: int = 0
    connections: tuple[int, int] = (0, 0)
    idle_transactions: list[OpenTransaction] = field(default_factory=list)
    failed_request: Exchange | None = None

    @property
    def recovered(self) -> bool:
        """Whether the server recovered from every loss."""
        return self.failed_request is None and self.can_continue

    @property
    def can_continue(self) -> bool:
        """Whether the server recovered from the last loss."""
        return not self.attempts or self.attempts[-1].recovery_seconds is not None


def all_losses(baselines: Iterable[Baseline]) -> list[ConnectionLoss]:
    """Return every loss that can matter, alternating between the kinds of operations.

    For a round trip that writes nothing it makes no difference whether it is cut before or after,
    so the two alternate. Cuts by RST and by FIN alternate too.
    """
    found = [(n, loss) for each in baselines for n, loss in enumerate(_losses_of(each))]
    return [loss for _, loss in sorted(found, key=lambda pair: pair[0])]


def _losses_of(baseline: Baseline) -> Iterator[ConnectionLoss]:
    last = next(
        (hold_point for hold_point, trip in reversed(baseline.hold_points) if writes(trip)), None
    )
    if last is not None:
        yield ConnectionLoss(
            baseline, last, Swallow(), "the answer was withheld, then the connection was cut, after"
        )
    for hold_point, trip in reversed(baseline.hold_points):
        even = trip.step % 2 == 0
        if even or writes(trip):
            yield ConnectionLoss(
                baseline, hold_point, CutAfter(even), "the connection was cut after"
            )
        if not even or writes(trip):
            yield ConnectionLoss(
                baseline, hold_point, CutBefore(even), "the connection was cut before"
            )


async def lose_connections(
    lab: Lab,
    kinds: Mapping[str, Prepare],
    baselines: Iterable[Baseline],
    other: SendRequest,
    budget: float,
    longest: float = math.inf,
) -> LossHistory:
    """Cut one connection after the other for up to `budget` seconds; return the results.

    The time in which the server recovers does not count, but the whole takes `longest` at most.
    `other` sends an unrelated request. The series ends early if the server does not recover.
    """
    history, queue, wire = LossHistory(), deque(all_losses(baselines)), lab.wire
    before, began = len(wire.connections), time.monotonic()
    deadline = began + budget
    tried = {loss.key for loss in queue}
    retries: Counter[tuple[str, HoldPoint, str]] = Counter()
    while queue and history.can_continue and time.monotonic() < deadline:
        loss = queue.popleft()
        try:
            attempt = await _lose_connection(wire, kinds, loss, other)
        except PreparationFailed as error:
            history.failed_request = error.exchange
            break
        recovering = attempt.recovery_seconds or 0.0
        deadline = min(deadline + recovering, began + longest)
        if attempt.step:
            history.attempts.append(attempt)
            if _hit_prepare(attempt) and retries[loss.key] < MAX_TRIES:
                retries[loss.key] += 1
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
    """Cut one connection. The attempt has step 0 if the operation did not reach the hold point."""
    operation = await prepare_operation(kinds[loss.baseline.kind])
    async with wire.trace(operation.kind, HoldPointGate(loss.hold_point, loss.fault)) as trace:
        task = asyncio.create_task(operation.send())
        interception = await _wait_for_loss(trace, loss, task)
        exchange = await task
    if interception is None:
        return Attempt(loss.baseline, "", 0, exchange, None, trips=tuple(trace.trips))
    recovery_seconds = await seconds_until_success(other, RECOVERY_SECONDS)
    recovered = recovery_seconds is not None
    return Attempt(
        baseline=loss.baseline,
        fault_summary=message(
            "{description} round trip {trip}",
            description=loss.description,
            trip=describe_trip(interception.trip),
        ),
        step=interception.trip.step,
        exchange=exchange,
        observed=await try_observe(operation) if recovered else None,
        retry=await send_with_retries(operation.send) if recovered else None,
        recovery_seconds=recovery_seconds,
        trips=tuple(trace.trips),
    )


def _new_losses(attempt: Attempt) -> list[ConnectionLoss]:
    """Return the losses of an operation that took another path than its baseline."""
    if not attempt.trips or not succeeded(attempt.exchange):
        return []
    return list(_losses_of(replace(attempt.baseline, trips=attempt.trips)))


def _hit_prepare(attempt: Attempt) -> bool:
    """Return whether the cut hit only the preparation of the intended statement."""
    return any(trip.step == attempt.step and only_prepared(trip) for trip in attempt.trips)


async def _wait_for_loss(
    trace: Trace, loss: ConnectionLoss, task: asyncio.Task[Exchange]
) -> Interception | None:
    """Wait for the loss; return None if it did not happen. Ends a withheld answer after a while."""
    interception = await wait_for_fault(trace, task)
    if interception is not None and isinstance(loss.fault, Swallow):
        await asyncio.sleep(SWALLOWED_SECONDS)
        interception.release()
    return interception


async def seconds_until_success(send: SendRequest, seconds: float) -> float | None:
    """Send until the answer is a success; return the time it took, None if more than `seconds`."""
    began = time.monotonic()
    while True:
        exchange = await send()
        took = time.monotonic() - began
        if succeeded(exchange):
            return took
        if took > seconds:
            return None
        await asyncio.sleep(RETRY_SECONDS)
