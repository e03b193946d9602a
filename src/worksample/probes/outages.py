"""The database goes away under a steady trickle of requests, and comes back."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Coroutine
from dataclasses import dataclass, field
from typing import Any, Protocol

from worksample.probes.exchange import Exchange
from worksample.probes.sessions import terminate_sessions
from worksample.probes.write_operations import SendRequest, succeeded
from worksample.targets import Lab

INTERVAL_SECONDS = 0.15
#: The promise is 5 seconds; a busy machine is no finding.
RECOVERY_SECONDS = 10.0
RETRY_SECONDS = 0.2

SendMany = Callable[[], Coroutine[Any, Any, list[Exchange]]]


class BackgroundClients(Protocol):
    """People who go on asking: for something to read, for something to be stored, all at once."""

    async def read(self) -> Exchange:
        """Read something that lies in the database."""

    async def write(self) -> Exchange:
        """Have something stored, each time something else."""

    async def burst(self) -> list[Exchange]:
        """Read many things at the same moment."""


@dataclass(slots=True)
class Outage:
    """What came of an outage.

    `during` are the requests that began while the database was away, `writes` all that wanted
    something stored, also just before; `exit_reason` says how the process ended ("" if it did not),
    `back` is how many seconds after the return all was well (None: never), `last_failure` what went wrong
    last, `after` what many asked at once when all was well.
    """

    during: list[Exchange] = field(default_factory=list)
    writes: list[Exchange] = field(default_factory=list)
    exit_reason: str = ""
    back: float | None = None
    last_failure: Exchange | None = None
    after: list[Exchange] = field(default_factory=list)


async def outage(lab: Lab, clients: BackgroundClients, *, shut_down: bool, away: float) -> Outage:
    """Take the database away for `away` seconds, and bring it back.

    With `shut_down` its connections are ended as PostgreSQL does when it stops; otherwise they
    just break.
    """
    found = Outage()
    await clients.burst()
    requests = _SteadyRequests(clients)
    try:
        await asyncio.sleep(2 * INTERVAL_SECONDS)
        if shut_down:
            await terminate_sessions(lab.wire, lab.database)
        lab.wire.take_down()
        began = time.monotonic()
        await asyncio.sleep(away)
    finally:
        await requests.stop()
    found.exit_reason = lab.target.exit_description
    lab.wire.bring_up()
    if not found.exit_reason:
        found.back, found.last_failure = await wait_for_recovery(clients, RECOVERY_SECONDS)
    reads, writes = await requests.all()
    found.writes = writes
    found.during = [each for each in (*reads, *writes) if each.started >= began]
    found.exit_reason = found.exit_reason or lab.target.exit_description
    if found.back is not None:
        found.after = await clients.burst()
    return found


async def wait_for_recovery(
    clients: BackgroundClients, seconds: float
) -> tuple[float | None, Exchange | None]:
    """Ask until all is well; return after how many seconds, or None and what went wrong last.

    All is well when one, then many at once, then something to be stored are answered well. A
    dead connection may cost a request each, but not for longer than `seconds`.
    """
    began = time.monotonic()
    while True:
        wrong = await _first_failure(clients)
        took = time.monotonic() - began
        if wrong is None and took <= seconds:
            return took, None
        if took > seconds:
            return None, wrong
        await asyncio.sleep(RETRY_SECONDS)


async def _first_failure(clients: BackgroundClients) -> Exchange | None:
    for send in (clients.read, clients.write):
        exchange = await send()
        if not succeeded(exchange):
            return exchange
    return next((each for each in await clients.burst() if not succeeded(each)), None)


class _SteadyRequests:
    """Asks something every moment, without waiting for the answers."""

    def __init__(self, clients: BackgroundClients) -> None:
        self._others = clients
        self._reads: list[asyncio.Task[Exchange]] = []
        self._writes: list[asyncio.Task[Exchange]] = []
        self._task = asyncio.create_task(self._send_steadily())

    async def _send_steadily(self) -> None:
        while True:
            self._reads.append(_started(self._others.read))
            self._writes.append(_started(self._others.write))
            await asyncio.sleep(INTERVAL_SECONDS)

    async def stop(self) -> None:
        """Ask nothing new."""
        self._task.cancel()
        await asyncio.wait((self._task,))

    async def all(self) -> tuple[list[Exchange], list[Exchange]]:
        """Wait for all answers; return them, of reads and of writes."""
        reads = await asyncio.gather(*self._reads)
        return list(reads), list(await asyncio.gather(*self._writes))


def _started(send: SendRequest) -> asyncio.Task[Exchange]:
    return asyncio.create_task(send())
