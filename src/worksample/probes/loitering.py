"""Clients that cost time: slow ones, those that stop in the middle, and those that vanish."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from itertools import cycle, islice

from worksample.probes.deeds import (
    Deed,
    Known,
    Prepare,
    Unprepared,
    ask_again,
    failed,
    prepared,
)
from worksample.probes.exchange import Exchange, Request
from worksample.probes.http import HttpClient
from worksample.probes.http.unfinished import Unfinished
from worksample.wire import Script, Wire
from worksample.wire.faults.hold import Hold

BYTE_SECONDS = 0.05
AT_ONCE = 1.0
NOTICE_SECONDS = 0.05
REACH_SECONDS = 10.0
SETTLE_SECONDS = 2.0


@asynccontextmanager
async def byte_by_byte(client: HttpClient, requests: Sequence[Request]) -> AsyncIterator[None]:
    """Within the block, each request is being sent one byte after the other, and never whole."""
    begun = [await client.begin(request) for request in requests]
    drip = asyncio.create_task(_drip(begun))
    try:
        yield
    finally:
        drip.cancel()
        await asyncio.wait((drip,))
        for each in begun:
            each.vanish()


async def _drip(begun: Sequence[Unfinished]) -> None:
    while True:
        for each in begun:
            if each.left > 1:
                await each.send(1)
        await asyncio.sleep(BYTE_SECONDS)


@asynccontextmanager
async def half_sent(client: HttpClient, requests: Sequence[Request]) -> AsyncIterator[None]:
    """Within the block, each request has been sent up to the middle of its body, or of its head."""
    begun = [await client.begin(each, -max(1, len(each.body) // 2)) for each in requests]
    try:
        yield
    finally:
        for one in begun:
            one.vanish()


@dataclass(frozen=True, slots=True)
class Vanished:
    """A client that hung up while its request stood before round trip `step`.

    `again` is what came of asking for the same afterwards, None if nobody did.
    """

    known: Known
    step: int
    again: Exchange | None = None


async def vanish(
    wire: Wire,
    kinds: Mapping[str, Prepare],
    known: Sequence[Known],
    times: int,
    *,
    and_ask: bool = True,
) -> list[Vanished]:
    """Let so many clients hang up, at one round trip after the other, of one kind after the other.

    With `and_ask` somebody asks for the same afterwards. A failure at once is forgiven twice: what
    the one who vanished had asked may still go on, and get in the way. One that was waited for is
    not: in the end even a forgotten transaction is ended.

    It ends with the first after whom nobody can go on. Raises `Unprepared` if even the first
    cannot begin.
    """
    places = [(each, trip.step) for each in known for trip in each.trips if trip.step > 1]
    places.sort(key=lambda place: place[1], reverse=True)
    found: list[Vanished] = []
    for each, step in islice(cycle(places), times):
        try:
            deed = await prepared(kinds[each.kind])
        except Unprepared:
            if found:
                break
            raise
        await _hang_up(wire, deed, step)
        again = await ask_again(deed.ask, within=AT_ONCE) if and_ask else None
        found.append(Vanished(each, step, again))
        if again is not None and failed(again):
            break
    return found


async def _hang_up(wire: Wire, deed: Deed, step: int) -> None:
    async with wire.watch(deed.kind, Script({step: Hold()})) as trace:
        asking = asyncio.create_task(deed.ask())
        with suppress(TimeoutError):
            async with asyncio.timeout(REACH_SECONDS):
                await trace.reached(step, unless=asking)
        asking.cancel()
        await asyncio.wait((asking,))
        await asyncio.sleep(NOTICE_SECONDS)
    await wire.quiet(SETTLE_SECONDS)
