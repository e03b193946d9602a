"""Slow and stalled clients do not affect other clients."""

from __future__ import annotations

from worksample.checks import Aspect, CheckFailed, Finding, World
from worksample.checks.suite import Suite
from worksample.messages import message
from worksample.probes.sessions import idle_transactions
from worksample.probes.slow_clients import byte_by_byte, half_sent
from worksample.suites.bystanders import Bystander, Bystanders, expect_all_succeeded

SLOW_CLIENTS = 30
SUITE = Suite[Bystander](
    "slow-clients",
    Bystander,
    aspect=Aspect.RESILIENCE,
    skills=("networking", "relational-databases"),
)


@SUITE.check(
    title="Thirty clients that send byte by byte do not hold up the others",
    why="A few phones in a tunnel, or one person with a script, and no other request is served.",
    hint="Do not assign a thread or process to a request before it has arrived completely, or put "
    "a buffering reverse proxy in front.",
    cites="CWE-400 (Slowloris)",
    lab=True,
)
async def slow_clients_hold_up_nobody(world: World, bystander: Bystander) -> None:
    others = await Bystanders.create(world, bystander)
    requests = [bystander.read_request()] * SLOW_CLIENTS
    async with byte_by_byte(world.session.client, requests):
        served = [await others.read(), await others.write(), *await others.burst()]
    expect_all_succeeded(
        served,
        because=message(
            "{clients} other clients send their requests byte by byte", clients=SLOW_CLIENTS
        ),
    )


@SUITE.check(
    title="Thirty clients that stop in the middle of a request do not hold up the others",
    why="A request that is never completed must not occupy a thread, a database connection or a "
    "lock.",
    hint="Read the whole request before you use the database.",
    cites="CWE-400",
    lab=True,
)
async def half_requests_hold_up_nobody(world: World, bystander: Bystander) -> None:
    others = await Bystanders.create(world, bystander)
    requests = [bystander.large_request()] * SLOW_CLIENTS
    async with half_sent(world.session.client, requests):
        served = [await others.read(), await others.write(), *await others.burst()]
        held = await idle_transactions(world.wire, world.database, 2.0)
    expect_all_succeeded(
        served,
        because=message("{clients} other clients have sent half a request", clients=SLOW_CLIENTS),
    )
    if held:
        raise CheckFailed(
            Finding(
                expected="no open transaction for a request that has not arrived completely",
                actual=message("{count} open; the first: {first}", count=len(held), first=held[0]),
            )
        )
