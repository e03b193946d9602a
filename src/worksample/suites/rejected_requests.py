"""Rejected requests release their transactions and connections."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

from worksample.checks import Aspect, CheckFailed, Finding, World
from worksample.checks.suite import Suite
from worksample.messages import message
from worksample.probes.exchange import Exchange, Request
from worksample.probes.sessions import idle_transactions
from worksample.probes.write_operations import failed, succeeded
from worksample.services import OpenTransaction
from worksample.suites.bystanders import Bystander, Bystanders, expect_all_succeeded
from worksample.suites.experiments import discard_unless_healthy

REPEATS = 24
AT_ONCE = 4
#: One leaves its transaction open as well as six would; that many refusals exhaust the connections
#: is for `steady_load` to find.
EXPENSIVE_REPEATS = 2
OPEN_SECONDS = 5.0
CLEAN_UP_HINT = (
    "Close the transaction and give the connection back in a `finally` or a context manager."
)


class Rejections(Protocol):
    """Requests that must be rejected: invalid, or about taken, foreign or missing things."""

    @property
    def bystander(self) -> Bystander: ...

    async def prepare(self) -> None:
        """Create the data that the requests need. Raises `PreconditionFailed`."""

    def cheap(self) -> Sequence[Request]:
        """Requests that must be rejected, one of each kind."""

    def expensive(self) -> Sequence[Request]:
        """The same for requests that cost the server much, such as a password hash."""


SUITE = Suite[Rejections](
    "rejected-requests",
    Rejections,
    aspect=Aspect.RESILIENCE,
    skills=("relational-databases", "databases"),
)


@dataclass(frozen=True, slots=True)
class RejectionResult:
    """What remains after many rejected requests.

    `open_transactions` are those still open after 5 s, `new_connections` is how many connections to
    the database the server has more than before, `reads` are the answers to later reads.
    """

    open_transactions: list[OpenTransaction]
    new_connections: int
    reads: list[Exchange]


async def _rejection_experiment(world: World, rejections: Rejections) -> RejectionResult:
    """Send several hundred requests that must be rejected; runs once per run."""

    async def make() -> RejectionResult:
        wire, others = world.wire, await Bystanders.create(world, rejections.bystander)
        await rejections.prepare()
        before = len(wire.connections)
        requests = _many(rejections)
        await asyncio.gather(*(_send_all(world, requests) for _ in range(AT_ONCE)))
        held = await idle_transactions(wire, world.database, OPEN_SECONDS)
        new_connections, served = len(wire.connections) - before, await others.burst()
        await discard_unless_healthy(world, healthy=all(map(succeeded, served)))
        return RejectionResult(held, new_connections, served)

    return await world.once_per_run("refused", make)


def _many(rejections: Rejections) -> Iterator[Request]:
    for _ in range(EXPENSIVE_REPEATS):
        yield from rejections.expensive()
    for _ in range(REPEATS):
        yield from rejections.cheap()


async def _send_all(world: World, requests: Iterator[Request]) -> None:
    """Send `requests` one after another; stop at the first 5xx or missing answer."""
    for request in requests:
        exchange = await world.session.exchange(request, label="must be rejected", fresh=True)
        if failed(exchange):
            return


@SUITE.check(
    title="A refusal leaves no transaction open",
    why="An open transaction holds its locks and blocks VACUUM: the database gets slow today and "
    "runs full next month.",
    hint=CLEAN_UP_HINT,
    lab=True,
)
async def a_refusal_leaves_no_transaction_open(world: World, rejections: Rejections) -> None:
    held = (await _rejection_experiment(world, rejections)).open_transactions
    if held:
        raise CheckFailed(
            Finding(
                expected="no open transaction after every request has been answered",
                actual=message("{count} open; the first: {first}", count=len(held), first=held[0]),
            )
        )


@SUITE.check(
    title="Refusals cost no connection to the database",
    why="If each rejected request leaks a connection, the pool runs empty and the server hangs for "
    "everyone.",
    hint=CLEAN_UP_HINT,
    lab=True,
)
async def refusals_cost_no_connection(world: World, rejections: Rejections) -> None:
    found = await _rejection_experiment(world, rejections)
    expect_all_succeeded(found.reads, because="several hundred requests were rejected before")
    if found.new_connections > 2 * REPEATS:
        raise CheckFailed(
            Finding(
                expected="about as many connections to the database as before",
                actual=message("{count} more than before", count=found.new_connections),
            )
        )
