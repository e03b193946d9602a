"""The database falls silent: it takes every question, and answers none."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field

from worksample.probes.exchange import Exchange
from worksample.probes.outages import RECOVERY_SECONDS, BackgroundClients, wait_for_recovery
from worksample.probes.write_operations import SendRequest
from worksample.wire import Fault, RoundTrip, Wire
from worksample.wire.faults.hold import Hold


class HoldAll:
    """A gate that lets nothing through."""

    def decide(self, trip: RoundTrip) -> Fault | None:
        """Hold it."""
        return Hold()


@dataclass(slots=True)
class BlackholeResult:
    """What was answered while the database was silent; when all was well again, or what was not.

    `held` is how many statements were left without an answer.
    """

    answers: list[Exchange] = field(default_factory=list)
    held: int = 0
    back: float | None = None
    last_failure: Exchange | None = None


async def blackhole(
    wire: Wire, requests: Sequence[SendRequest], clients: BackgroundClients
) -> BlackholeResult:
    """Ask all at once while nothing is answered, wait for what comes, then let it speak again.

    What was asked in the silence is never answered: a firewall has forgotten those connections.
    """
    found = BlackholeResult()
    async with wire.trace("silence", HoldAll()) as trace:
        found.answers = list(await asyncio.gather(*(send() for send in requests)))
        found.held = len(trace.interceptions)
        for interception in trace.interceptions.values():
            interception.connection.replies_withheld = True
    found.back, found.last_failure = await wait_for_recovery(clients, RECOVERY_SECONDS)
    return found
