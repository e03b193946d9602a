"""Black hole: the database accepts every statement and answers none."""

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
    """A gate (see `wire.Gate`) that holds every round trip."""

    def decide(self, trip: RoundTrip) -> Fault | None:
        """Hold the round trip."""
        return Hold()


@dataclass(slots=True)
class BlackholeResult:
    """The results of a black hole.

    `answers` are the exchanges while the database did not answer, `held` is the number of
    statements left without an answer. `back` is the number of seconds until the server had
    recovered (None: never), `last_failure` the last failed request in that case.
    """

    answers: list[Exchange] = field(default_factory=list)
    held: int = 0
    back: float | None = None
    last_failure: Exchange | None = None


async def blackhole(
    wire: Wire, requests: Sequence[SendRequest], clients: BackgroundClients
) -> BlackholeResult:
    """Send `requests` at once while the database answers nothing; then let it answer again.

    The held statements are never answered, as if a firewall had dropped their connections.
    """
    found = BlackholeResult()
    async with wire.trace("blackhole", HoldAll()) as trace:
        found.answers = list(await asyncio.gather(*(send() for send in requests)))
        found.held = len(trace.interceptions)
        for interception in trace.interceptions.values():
            interception.connection.replies_withheld = True
    found.back, found.last_failure = await wait_for_recovery(clients, RECOVERY_SECONDS)
    return found
