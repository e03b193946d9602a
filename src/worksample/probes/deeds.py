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
from worksample.probes.places import Place, only_prepared, places_of
from worksample.wire import Passage, RoundTrip, Trace, Wire

MOST_SAID = 60
QUIET_SECONDS = 2.0
TIMES_AGAIN = 3
BEHIND_SECONDS = 1.0
PREPARE_SECONDS = 10.0
PAUSE_SECONDS = 0.2
LATE_SECONDS = 1.0
Ask = Callable[[], Coroutine[Any, Any, Exchange]]
_WRITES = re.compile(r"\b(insert|update|delete|merge|copy|call|commit|end)\b", re.IGNORECASE)


class Unclear(Exception):
    """The server did not show what there is: it failed, or what it shows makes no sense."""


class Unprepared(Exception):
    """What a deed is to be done to could not be made: `exchange` went wrong."""

    def __init__(self, exchange: Exchange) -> None:
        super().__init__(f"{exchange.label}: {exchange.status or exchange.trouble}")
        self.exchange = exchange


@dataclass(frozen=True, slots=True)
class Seen:
    """What the server shows of a deed, told so that two deeds of a kind can be compared."""

    state: Any
    exchanges: tuple[Exchange, ...] = ()


@dataclass(frozen=True, slots=True)
class Deed:
    """A write on data of its own: `ask` sends it, exactly once; `look` shows what came of it.

    `look` raises `Unclear`.
    """

    kind: str
    ask: Ask
    look: Callable[[], Awaitable[Seen]]


Prepare = Callable[[], Awaitable[Deed]]


@dataclass(frozen=True, slots=True)
class Known:
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
        seen = self.before is not None and self.after is not None
        return seen and succeeded(self.exchange) and bool(self.before != self.after)

    @property
    def places(self) -> list[tuple[Place, RoundTrip]]:
        """Where it can be held: each place with the round trip that did something there."""
        at = places_of(self.trips)
        return [(at[trip.step], trip) for trip in self.trips if not only_prepared(trip)]

    @property
    def telling(self) -> list[Place]:
        """The places before which a crash could matter: those that write, and all behind them.

        Whatever happens before anything was written comes to nothing anyway.
        """
        silent = itertools.takewhile(lambda each: not writes(each[1]), self.places)
        return [place for place, _ in self.places][len(list(silent)) :]


@dataclass(frozen=True, slots=True)
class Attempt:
    """One deed that something befell: `fate` says what, before or after its round trip `step`.

    `exchange` is what was answered, `seen` what was there afterwards (None if the server did not
    show it), `again` what came of asking the same again. `back` is how many seconds the server
    took to answer others again (None: it did not), `trips` what the deed did until then.
    """

    known: Known
    fate: str
    step: int
    exchange: Exchange
    seen: Seen | None
    again: Exchange | None = None
    back: float | None = 0.0
    trips: tuple[RoundTrip, ...] = ()


def succeeded(exchange: Exchange) -> bool:
    """Whether an answer promises that all is done."""
    return 200 <= exchange.status < 300


def failed(exchange: Exchange) -> bool:
    """Whether the server failed, or did not answer at all."""
    return exchange.status == 0 or exchange.status >= 500


def told(trip: RoundTrip) -> str:
    """Say which round trip of a deed it is and what it asks, shortly."""
    said = str(trip)
    return f"{trip.step}, {said if len(said) <= MOST_SAID else said[:MOST_SAID] + '…'}"


def writes(trip: RoundTrip) -> bool:
    """Whether a round trip may leave something behind (a COMMIT does)."""
    return any(_WRITES.search(each.sql) for each in trip.statements)


async def learn(wire: Wire, kinds: Mapping[str, Prepare], barrier: Ask) -> dict[str, Known]:
    """Ask a deed of each kind in peace; return what is known of each.

    `barrier` asks for something else: once that is answered, what the server began behind the
    answer before has begun. The states are those after a while, when nothing is under way.
    """
    found: list[tuple[Deed, Known]] = []
    for prepare in kinds.values():
        deed = await prepared(prepare)
        found.append((deed, await _in_peace(wire, deed, barrier)))
    await asyncio.sleep(LATE_SECONDS)
    await wire.quiet(QUIET_SECONDS)
    return {deed.kind: await _settled(deed, known) for deed, known in found}


async def _in_peace(wire: Wire, deed: Deed, barrier: Ask) -> Known:
    before = await shown(deed)
    async with wire.watch(deed.kind) as trace:
        exchange = await deed.ask()
        ended = time.monotonic()
        for _ in range(2):
            await barrier()
        await wire.quiet(QUIET_SECONDS)
    own = [trip for trip in trace.trips if trip.started <= ended]
    late = [trip for trip in trace.trips if trip.started > ended and writes(trip)]
    for number, trip in enumerate(late, len(own) + 1):
        trip.step = number
    steps = tuple(trip.step for trip in late)
    return Known(deed.kind, exchange, before and before.state, None, (*own, *late), steps)


async def _settled(deed: Deed, known: Known) -> Known:
    after = await shown(deed)
    return replace(known, after=after and after.state)


def normal(value: Any, names: Mapping[str, str], leave_out: Sequence[str]) -> Any:
    """Return a JSON value in which the values of one deed have the names of their roles.

    `names` maps a text to the name of its role; members called as in `leave_out` are left out,
    for they differ from one deed to the next.
    """
    if isinstance(value, dict):
        kept = {key: each for key, each in value.items() if key not in leave_out}
        return {key: normal(each, names, leave_out) for key, each in kept.items()}
    if isinstance(value, list):
        return [normal(each, names, leave_out) for each in value]
    if isinstance(value, str):
        return names.get(value, value)
    return value


async def prepared(prepare: Prepare) -> Deed:
    """Prepare a deed, again while that fails, for some seconds. Raises `Unprepared`."""
    ends = time.monotonic() + PREPARE_SECONDS
    while True:
        try:
            return await prepare()
        except Unprepared:
            if time.monotonic() > ends:
                raise
        await asyncio.sleep(PAUSE_SECONDS)


async def shown(deed: Deed) -> Seen | None:
    """Return what is there, None if the server does not show it."""
    try:
        return await deed.look()
    except Unclear:
        return None


async def come_to_it(trace: Trace, asking: asyncio.Future[Exchange]) -> Passage | None:
    """Wait until a deed comes to where something befalls it; None if it ends and does not.

    What a server does not wait for may begin a little after its answer.
    """
    passage = await trace.befallen(unless=asking)
    if passage is None:
        never = asyncio.get_running_loop().create_future()
        with suppress(TimeoutError):
            async with asyncio.timeout(BEHIND_SECONDS):
                passage = await trace.befallen(unless=never)
    return passage


async def ask_again(ask: Ask, *, within: float = math.inf) -> Exchange:
    """Ask the same again; a failure is forgiven twice, if it came `within` so many seconds."""
    for _ in range(TIMES_AGAIN - 1):
        exchange = await ask()
        if not failed(exchange) or exchange.seconds > within:
            return exchange
        await asyncio.sleep(PAUSE_SECONDS)
    return await ask()
