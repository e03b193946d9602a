"""Write operations: single write requests, and the state that the server shows afterwards.

The expected result of an operation is not specified anywhere. One undisturbed run records it as the
baseline. Whenever a fault is injected, the operation must have the same result or no effect at all.
"""

from __future__ import annotations

import asyncio
import itertools
import math
import re
import time
from collections.abc import Awaitable, Callable, Collection, Coroutine, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import Any

from worksample.probes.exchange import Exchange
from worksample.probes.hold_points import HoldPoint, hold_points_of, only_prepared
from worksample.wire import Interception, RoundTrip, Trace, Wire

MAX_SQL_LENGTH = 60
QUIET_SECONDS = 2.0
MAX_TRIES = 3
LATE_FAULT_SECONDS = 1.0
PREPARE_SECONDS = 10.0
RETRY_SECONDS = 0.2
BACKGROUND_WRITE_SECONDS = 1.0
#: No answer, or one that says: try again later.
_TEMPORARY = (0, 408, 425, 429, 502, 503, 504)
SendRequest = Callable[[], Coroutine[Any, Any, Exchange]]
_WRITES = re.compile(r"\b(insert|update|delete|merge|copy|call|commit|end)\b", re.IGNORECASE)


class StateUnavailable(Exception):
    """The server did not show its state: it failed, or its answer (`exchange`) is invalid."""

    def __init__(self, exchange: Exchange) -> None:
        super().__init__(f"{exchange.label}: {exchange.status or exchange.trouble}")
        self.exchange = exchange


class PreparationFailed(Exception):
    """The data that an operation needs could not be created: `exchange` failed."""

    def __init__(self, exchange: Exchange) -> None:
        super().__init__(f"{exchange.label}: {exchange.status or exchange.trouble}")
        self.exchange = exchange

    @property
    def answer(self) -> tuple[str, int] | None:
        """Method and status of the answer; None if the same request may soon succeed."""
        status = self.exchange.status
        return None if status in _TEMPORARY else (self.exchange.request.method, status)


@dataclass(frozen=True, slots=True)
class Observation:
    """The visible state of an operation, comparable between operations of the same kind."""

    state: Any
    exchanges: tuple[Exchange, ...] = ()


@dataclass(frozen=True, slots=True)
class WriteOperation:
    """A write request on its own data.

    `send` sends it exactly once. `observe` reads the state that it changes; it raises
    `StateUnavailable`.
    """

    kind: str
    send: SendRequest
    observe: Callable[[], Awaitable[Observation]]


Prepare = Callable[[], Awaitable[WriteOperation]]


@dataclass(frozen=True, slots=True)
class Baseline:
    """The result of an undisturbed operation: answer, state before and after, round trips.

    A state that has not been read is None; `reads` are the exchanges that read it afterwards.
    `late` are the steps of the round trips that write and started only after the answer. They are
    the last ones of `trips`.
    """

    kind: str
    exchange: Exchange
    before: Any
    after: Any
    trips: tuple[RoundTrip, ...]
    late: tuple[int, ...] = ()
    reads: tuple[Exchange, ...] = ()

    @property
    def works(self) -> bool:
        """Whether the answer was a success and the state changed visibly."""
        observed = self.before is not None and self.after is not None
        return observed and succeeded(self.exchange) and bool(self.before != self.after)

    @property
    def hold_points(self) -> list[tuple[HoldPoint, RoundTrip]]:
        """The points at which the operation can be held, each with its round trip."""
        by_step = hold_points_of(self.trips)
        return [(by_step[trip.step], trip) for trip in self.trips if not only_prepared(trip)]

    @property
    def crash_points(self) -> list[HoldPoint]:
        """The hold points before which a crash can matter: the first write and everything after it.

        A crash before the first write cannot leave anything behind.
        """
        read_only = itertools.takewhile(lambda each: not writes(each[1]), self.hold_points)
        return [hold_point for hold_point, _ in self.hold_points][len(list(read_only)) :]


@dataclass(frozen=True, slots=True)
class Attempt:
    """One operation with an injected fault at its round trip `step`, described by `fault_summary`.

    `exchange` is the answer, `observed` the state afterwards (None if the server did not show it),
    and `retry` the answer when the same request is sent again. `recovery_seconds` is the time until
    the server answered other requests again (None: never). `trips` are the round trips of the
    operation.
    """

    baseline: Baseline
    fault_summary: str
    step: int
    exchange: Exchange
    observed: Observation | None
    retry: Exchange | None = None
    recovery_seconds: float | None = 0.0
    trips: tuple[RoundTrip, ...] = ()


def succeeded(exchange: Exchange) -> bool:
    """Return whether the answer reports success (2xx)."""
    return 200 <= exchange.status < 300


def failed(exchange: Exchange) -> bool:
    """Return whether the server failed (5xx) or did not answer."""
    return exchange.status == 0 or exchange.status >= 500


def describe_trip(trip: RoundTrip) -> str:
    """Return the step and the (shortened) statement of a round trip."""
    sql = str(trip)
    return f"{trip.step}, {sql if len(sql) <= MAX_SQL_LENGTH else sql[:MAX_SQL_LENGTH] + '…'}"


def writes(trip: RoundTrip) -> bool:
    """Return whether a round trip may change stored data. COMMIT counts."""
    return any(_WRITES.search(each.sql) for each in trip.statements)


@dataclass(frozen=True, slots=True)
class Baselines:
    """The baselines by kind, and by kind why others could not be prepared or read back."""

    recorded: Mapping[str, Baseline]
    failures: Mapping[str, PreparationFailed]


async def record_baselines(
    wire: Wire, kinds: Mapping[str, Prepare], barrier: SendRequest
) -> Baselines:
    """Run one undisturbed operation of each kind that can be prepared and read back.

    `barrier` sends an unrelated request. When it is answered, background work that the server
    schedules after an answer has started. The final states are read once the wire is quiet.
    """
    found: dict[str, tuple[WriteOperation, Baseline]] = {}
    failures: dict[str, PreparationFailed] = {}
    for kind, prepare in kinds.items():
        try:
            operation = await prepare_operation(prepare, undisturbed=True)
            before = await _observe(operation)
        except PreparationFailed as failure:
            failures[kind] = failure
        else:
            found[kind] = operation, await _run_undisturbed(wire, operation, before, barrier)
    await asyncio.sleep(BACKGROUND_WRITE_SECONDS)
    await wire.wait_idle(QUIET_SECONDS)
    recorded: dict[str, Baseline] = {}
    for kind, (operation, baseline) in found.items():
        try:
            after = await _observe(operation)
        except PreparationFailed as failure:
            failures[kind] = failure
        else:
            recorded[kind] = replace(baseline, after=after.state, reads=after.exchanges)
    return Baselines(recorded, failures)


async def _observe(operation: WriteOperation) -> Observation:
    """Return the state that the operation changes; raise `PreparationFailed` if it is not shown."""
    try:
        return await operation.observe()
    except StateUnavailable as failure:
        raise PreparationFailed(failure.exchange) from None


async def _run_undisturbed(
    wire: Wire, operation: WriteOperation, before: Observation, barrier: SendRequest
) -> Baseline:
    async with wire.trace(operation.kind) as trace:
        exchange = await operation.send()
        ended = time.monotonic()
        for _ in range(2):
            await barrier()
        await wire.wait_idle(QUIET_SECONDS)
    own = [trip for trip in trace.trips if trip.started <= ended]
    late = [trip for trip in trace.trips if trip.started > ended and writes(trip)]
    for number, trip in enumerate(late, len(own) + 1):
        trip.step = number
    steps = tuple(trip.step for trip in late)
    return Baseline(operation.kind, exchange, before.state, None, (*own, *late), steps)


def normalize(
    state: Mapping[str, Any], names: Mapping[str, str], promised: Collection[str]
) -> dict[str, Any]:
    """Return a state that can be compared with that of another operation of the same kind.

    `names` maps strings of this operation to names of their roles. What the server showed keeps
    only the members that are `promised`; the members of `state` itself are ours.
    """
    return {key: _normalized(each, names, promised) for key, each in state.items()}


def _normalized(value: Any, names: Mapping[str, str], promised: Collection[str]) -> Any:
    if isinstance(value, dict):
        kept = {key: each for key, each in value.items() if key in promised}
        return normalize(kept, names, promised)
    if isinstance(value, list):
        return [_normalized(each, names, promised) for each in value]
    return names.get(value, value) if isinstance(value, str) else value


async def prepare_operation(prepare: Prepare, *, undisturbed: bool = False) -> WriteOperation:
    """Prepare an operation; retry for up to `PREPARE_SECONDS`. Raises `PreparationFailed`.

    An `undisturbed` server, which has no fault to recover from, is asked only twice if it refuses
    in the same way.
    """
    deadline = time.monotonic() + PREPARE_SECONDS
    answer = None
    while True:
        try:
            return await prepare()
        except PreparationFailed as failure:
            repeated = undisturbed and failure.answer is not None and failure.answer == answer
            if repeated or time.monotonic() > deadline:
                raise
            answer = failure.answer
        await asyncio.sleep(RETRY_SECONDS)


async def try_observe(operation: WriteOperation) -> Observation | None:
    """Return the state of the operation, None if the server does not show it."""
    try:
        return await operation.observe()
    except StateUnavailable:
        return None


async def wait_for_fault(trace: Trace, request: asyncio.Future[Exchange]) -> Interception | None:
    """Wait until a fault is injected; return None if the operation ends without one.

    Statements that the server does not wait for may start shortly after its answer, so this waits
    up to `LATE_FAULT_SECONDS` longer.
    """
    interception = await trace.wait_for_fault(unless=request)
    if interception is None:
        never = asyncio.get_running_loop().create_future()
        with suppress(TimeoutError):
            async with asyncio.timeout(LATE_FAULT_SECONDS):
                interception = await trace.wait_for_fault(unless=never)
    return interception


async def send_with_retries(send: SendRequest, *, within: float = math.inf) -> Exchange:
    """Send up to `MAX_TRIES` times while the server fails; return the last exchange.

    A failure that took longer than `within` seconds is not retried.
    """
    for _ in range(MAX_TRIES - 1):
        exchange = await send()
        if not failed(exchange) or exchange.seconds > within:
            return exchange
        await asyncio.sleep(RETRY_SECONDS)
    return await send()
