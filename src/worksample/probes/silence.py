"""The database falls silent: it takes every question, and answers none."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field

from worksample.probes.deeds import Ask
from worksample.probes.exchange import Exchange
from worksample.probes.outages import WELL_SECONDS, Others, until_all_is_well
from worksample.wire import Fault, RoundTrip, Wire
from worksample.wire.faults.hold import Hold


class Everything:
    """A gate that lets nothing through."""

    def decide(self, trip: RoundTrip) -> Fault | None:
        """Hold it."""
        return Hold()


@dataclass(slots=True)
class Silence:
    """What was answered while the database was silent; when all was well again, or what was not.

    `held` is how many statements were left without an answer.
    """

    answers: list[Exchange] = field(default_factory=list)
    held: int = 0
    back: float | None = None
    last: Exchange | None = None


async def fall_silent(wire: Wire, asks: Sequence[Ask], others: Others) -> Silence:
    """Ask all at once while nothing is answered, wait for what comes, then let it speak again.

    What was asked in the silence is never answered: a firewall has forgotten those connections.
    """
    found = Silence()
    async with wire.watch("silence", Everything()) as trace:
        found.answers = list(await asyncio.gather(*(ask() for ask in asks)))
        found.held = len(trace.passages)
        for passage in trace.passages.values():
            passage.connection.mute = True
    found.back, found.last = await until_all_is_well(others, WELL_SECONDS)
    return found
