"""The database goes away under a steady trickle of requests, and comes back."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Coroutine
from dataclasses import dataclass, field
from typing import Any, Protocol

from worksample.probes.deeds import Ask, succeeded
from worksample.probes.exchange import Exchange
from worksample.probes.sessions import terminate_sessions
from worksample.targets import Lab

EVERY_SECONDS = 0.15
#: The promise is 5 seconds; a busy machine is no finding.
WELL_SECONDS = 10.0
PAUSE_SECONDS = 0.2

Crowd = Callable[[], Coroutine[Any, Any, list[Exchange]]]


class Others(Protocol):
    """People who go on asking: for something to read, for something to be stored, all at once."""

    async def look(self) -> Exchange:
        """Read something that lies in the database."""

    async def say(self) -> Exchange:
        """Have something stored, each time something else."""

    async def crowd(self) -> list[Exchange]:
        """Read many things at the same moment."""


@dataclass(slots=True)
class Outage:
    """What came of an outage.

    `meanwhile` are the requests that began while the database was away, `writes` all that wanted
    something stored, also just before; `ended` says how the process ended ("" if it did not),
    `back` is how many seconds after the return all was well (None: never), `last` what went wrong
    last, `after` what many asked at once when all was well.
    """

    meanwhile: list[Exchange] = field(default_factory=list)
    writes: list[Exchange] = field(default_factory=list)
    ended: str = ""
    back: float | None = None
    last: Exchange | None = None
    after: list[Exchange] = field(default_factory=list)


async def outage(lab: Lab, others: Others, *, shut_down: bool, away: float) -> Outage:
    """Take the database away for `away` seconds, and bring it back.

    With `shut_down` its connections are ended as PostgreSQL does when it stops; otherwise they
    just break.
    """
    found = Outage()
    await others.crowd()
    trickle = _Trickle(others)
    try:
        await asyncio.sleep(2 * EVERY_SECONDS)
        if shut_down:
            await terminate_sessions(lab.wire, lab.database)
        lab.wire.away()
        began = time.monotonic()
        await asyncio.sleep(away)
    finally:
        await trickle.stop()
    found.ended = lab.target.exit_description
    lab.wire.back()
    if not found.ended:
        found.back, found.last = await until_all_is_well(others, WELL_SECONDS)
    reads, writes = await trickle.all()
    found.writes = writes
    found.meanwhile = [each for each in (*reads, *writes) if each.started >= began]
    found.ended = found.ended or lab.target.exit_description
    if found.back is not None:
        found.after = await others.crowd()
    return found


async def until_all_is_well(others: Others, seconds: float) -> tuple[float | None, Exchange | None]:
    """Ask until all is well; return after how many seconds, or None and what went wrong last.

    All is well when one, then many at once, then something to be stored are answered well. A
    dead connection may cost a request each, but not for longer than `seconds`.
    """
    began = time.monotonic()
    while True:
        wrong = await _what_is_wrong(others)
        took = time.monotonic() - began
        if wrong is None and took <= seconds:
            return took, None
        if took > seconds:
            return None, wrong
        await asyncio.sleep(PAUSE_SECONDS)


async def _what_is_wrong(others: Others) -> Exchange | None:
    for ask in (others.look, others.say):
        exchange = await ask()
        if not succeeded(exchange):
            return exchange
    return next((each for each in await others.crowd() if not succeeded(each)), None)


class _Trickle:
    """Asks something every moment, without waiting for the answers."""

    def __init__(self, others: Others) -> None:
        self._others = others
        self._reads: list[asyncio.Task[Exchange]] = []
        self._writes: list[asyncio.Task[Exchange]] = []
        self._drip = asyncio.create_task(self._go_on())

    async def _go_on(self) -> None:
        while True:
            self._reads.append(_asked(self._others.look))
            self._writes.append(_asked(self._others.say))
            await asyncio.sleep(EVERY_SECONDS)

    async def stop(self) -> None:
        """Ask nothing new."""
        self._drip.cancel()
        await asyncio.wait((self._drip,))

    async def all(self) -> tuple[list[Exchange], list[Exchange]]:
        """Wait for all answers; return them, of reads and of writes."""
        reads = await asyncio.gather(*self._reads)
        return list(reads), list(await asyncio.gather(*self._writes))


def _asked(ask: Ask) -> asyncio.Task[Exchange]:
    return asyncio.create_task(ask())
