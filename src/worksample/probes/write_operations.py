"""Deeds: writes that can be asked one at a time, and what the server shows of them.

What a deed comes to is not written down anywhere: it is learned by asking it in peace once. Any
other time it has to come to the same, or to nothing.
"""

from __future__ import annotations

import asyncio
import itertools
import math
import re
import time
from collections.abc import Awaitable, Callable, Coroutine, Mapping, Sequence
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
SendRequest = Callable[[], Coroutine[Any, Any, Exchange]]
_WRITES = re.compile(r"\b(insert|update|delete|merge|copy|call|commit|end)\b", re.IGNORECASE)


class StateUnavailable(Exception):
    """The server did not show what there is: it failed, or what it shows makes no sense."""


class PreparationFailed(Exception):
    """What a deed is to be done to could not be made: `exchange` went wrong."""

    def __init__(self, exchange: Exchange) -> None:
        super().__init__(f"{exchange.label}: {exchange.status or exchange.trouble}")
        self.exchange = exchange


@dataclass(frozen=True, slots=True)
class Observation:
    """What the server shows of a deed, told so that two deeds of a kind can be compared."""

    state: Any
    exchanges: tuple[Exchange, ...] = ()


@dataclass(frozen=True, slots=True)
class WriteOperation:
    """A write on data of its own: `send` sends it, exactly once; `observe` shows what came of it.

    `observe` raises `StateUnavailable`.
    """

    kind: str
    send: SendRequest
    observe: Callable[[], Awaitable[Observation]]


Prepare = Callable[[], Awaitable[WriteOperation]]


@dataclass(frozen=True, slots=True)
class Baseline:
    """What a deed of a kind does in peace: its answer, the state around it, its round trips.

    A state that the server did not show is None. `late` are the steps of those round trips that
    write and began only after the answer; they come last.
    """

    kind: str
    exchange: Exchange
    before: Any
    after: Any
    trips: tuple[RoundTrip, ...]
    late: tuple[int, ...] = ()

    @property
    def works(self) -> bool:
        """Whether it was answered with success and can be seen."""
        observed = self.before is not None and self.after is not None
        return observed and succeeded(self.exchange) and bool(self.before != self.after)

    @property
    def hold_points(self) -> list[tuple[HoldPoint, RoundTrip]]:
        """Where it can be held: each place with the round trip that did something there."""
        at = hold_points_of(self.trips)
        return [(at[trip.step], trip) for trip in self.trips if not only_prepared(trip)]

    @property
    def crash_points(self) -> list[HoldPoint]:
        """The places before which a crash could matter: those that write, and all behind them.

        Whatever happens before anything was written comes to nothing anyway.
        """
        silent = itertools.takewhile(lambda each: not writes(each[1]), self.hold_points)
        return [hold_point for hold_point, _ in self.hold_points][len(list(silent)) :]


@dataclass(frozen=True, slots=True)
class Attempt:
    """One deed that something befell: `fault_summary` says what, before or after its round trip `step`.

    `exchange` is what was answered, `observed` what was there afterwards (None if the server did not
    show it), `retry` what came of asking the same again. `recovery_seconds` is how many seconds the server
    took to answer others again (None: it did not), `trips` what the deed did until then.
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
    """Whether an answer promises that all is done."""
    return 200 <= exchange.status < 300


def failed(exchange: Exchange) -> bool:
    """Whether the server failed, or did not answer at all."""
    return exchange.status == 0 or exchange.status >= 500


def describe_trip(trip: RoundTrip) -> str:
    """Say which round trip of a deed it is and what it asks, shortly."""
    said = str(trip)
    return f"{trip.step}, {said if len(said) <= MAX_SQL_LENGTH else said[:MAX_SQL_LENGTH] + '…'}"


def writes(trip: RoundTrip) -> bool:
    """Whether a round trip may leave something behind (a COMMIT does)."""
    return any(_WRITES.search(each.sql) for each in trip.statements)


async def record_baselines(
    wire: Wire, kinds: Mapping[str, Prepare], barrier: SendRequest
) -> dict[str, Baseline]:
    """Ask a deed of each kind in peace; return what is known of each.

    `barrier` asks for something else: once that is answered, what the server began behind the
    answer before has begun. The states are those after a while, when nothing is under way.
    """
    found: list[tuple[WriteOperation, Baseline]] = []
    for prepare in kinds.values():
        operation = await prepare_operation(prepare)
        found.append((operation, await _run_undisturbed(wire, operation, barrier)))
    await asyncio.sleep(BACKGROUND_WRITE_SECONDS)
    await wire.wait_idle(QUIET_SECONDS)
    return {
        operation.kind: await _with_final_state(operation, baseline)
        for operation, baseline in found
    }


async def _run_undisturbed(wire: Wire, operation: WriteOperation, barrier: SendRequest) -> Baseline:
    before = await try_observe(operation)
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
    return Baseline(operation.kind, exchange, before and before.state, None, (*own, *late), steps)


async def _with_final_state(operation: WriteOperation, baseline: Baseline) -> Baseline:
    after = await try_observe(operation)
    return replace(baseline, after=after and after.state)


def normalize(value: Any, names: Mapping[str, str], leave_out: Sequence[str]) -> Any:
    """Return a JSON value in which the values of one deed have the names of their roles.

    `names` maps a text to the name of its role; members called as in `leave_out` are left out,
    for they differ from one deed to the next.
    """
    if isinstance(value, dict):
        kept = {key: each for key, each in value.items() if key not in leave_out}
        return {key: normalize(each, names, leave_out) for key, each in kept.items()}
    if isinstance(value, list):
        return [normalize(each, names, leave_out) for each in value]
    if isinstance(value, str):
        return names.get(value, value)
    return value


async def prepare_operation(prepare: Prepare) -> WriteOperation:
    """Prepare a deed, again while that fails, for some seconds. Raises `PreparationFailed`."""
    ends = time.monotonic() + PREPARE_SECONDS
    while True:
        try:
            return await prepare()
        except PreparationFailed:
            if time.monotonic() > ends:
                raise
        await asyncio.sleep(RETRY_SECONDS)


async def try_observe(operation: WriteOperation) -> Observation | None:
    """Return what is there, None if the server does not show it."""
    try:
        return await operation.observe()
    except StateUnavailable:
        return None


async def wait_for_fault(trace: Trace, asking: asyncio.Future[Exchange]) -> Interception | None:
    """Wait until a deed comes to where something befalls it; None if it ends and does not.

    What a server does not wait for may begin a little after its answer.
    """
    interception = await trace.wait_for_fault(unless=asking)
    if interception is None:
        never = asyncio.get_running_loop().create_future()
        with suppress(TimeoutError):
            async with asyncio.timeout(LATE_FAULT_SECONDS):
                interception = await trace.wait_for_fault(unless=never)
    return interception


async def send_with_retries(send: SendRequest, *, within: float = math.inf) -> Exchange:
    """Ask the same again; a failure is forgiven twice, if it came `within` so many seconds."""
    for _ in range(MAX_TRIES - 1):
        exchange = await send()
        if not failed(exchange) or exchange.seconds > within:
            return exchange
        await asyncio.sleep(RETRY_SECONDS)
    return await send()
