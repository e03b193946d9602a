"""The database is unavailable, starts late, or stops responding."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass

from worksample.checks import Aspect, CheckFailed, Finding, PreconditionFailed, World
from worksample.checks.suite import Suite
from worksample.errors import StartFailed
from worksample.messages import message
from worksample.probes.blackhole import BlackholeResult, blackhole
from worksample.probes.exchange import Exchange
from worksample.probes.outages import Outage, outage
from worksample.probes.sessions import terminate_sessions
from worksample.probes.write_operations import succeeded
from worksample.suites.bystanders import (
    Bystander,
    Bystanders,
    expect_all_answered,
    expect_all_succeeded,
)
from worksample.suites.experiments import discard_unless_healthy
from worksample.suites.write_findings import recovery_finding

START_DELAY_SECONDS = 1.5
RECOVERY_SECONDS = 5.5
SURVIVES_CHECK = "a-server-outlives-its-database"
POOL_HINT = (
    "Configure the pool to test connections or to discard broken ones, and to limit their age."
)
RECOVERY_HINT = (
    "Configure the pool to test connections or to discard broken ones, and to limit their age. "
    "Remember no failure, in a cache or by a circuit breaker, for longer than 5 seconds."
)
SUITE = Suite[Bystander](
    "outages", Bystander, aspect=Aspect.RESILIENCE, skills=("relational-databases",)
)


@dataclass(frozen=True, slots=True)
class OutageResult:
    """One outage, and the writes that were acknowledged but are not stored afterwards."""

    name: str
    outage: Outage
    lost_writes: list[Exchange]


async def _outages(world: World, bystander: Bystander) -> list[OutageResult]:
    """Cause two outages: a database restart of 1 s, and a network outage of 6.5 s."""

    async def make() -> list[OutageResult]:
        first = await _outage(
            world, bystander, "a restart of the database", shut_down=True, away=1.0
        )
        if first.outage.back is None and not first.outage.exit_reason:
            await discard_unless_healthy(world, healthy=False)
            return [first]
        second = await _outage(world, bystander, "a network outage", shut_down=False, away=6.5)
        await discard_unless_healthy(world, healthy=second.outage.back is not None)
        return [first, second]

    return await world.once_per_run("outages", make)


async def _outage(
    world: World, bystander: Bystander, name: str, *, shut_down: bool, away: float
) -> OutageResult:
    others = await Bystanders.create(world, bystander, every_kind=True)
    found = await outage(world.lab, others, shut_down=shut_down, away=away)
    if found.exit_reason:
        await world.lab.target.kill()
        await world.lab.target.begin()
    recovered = found.exit_reason or found.back is not None
    lost = await others.lost(found.writes) if recovered else []
    return OutageResult(name, found, lost)


@SUITE.check(
    title="The server outlives its database",
    why="A server that exits when its database goes away stays down until someone starts it again.",
    hint="Handle errors of idle connections too: in some drivers an unhandled error event ends the "
    "process.",
    lab=True,
)
async def a_server_outlives_its_database(world: World, bystander: Bystander) -> None:
    for each in await _outages(world, bystander):
        if each.outage.exit_reason:
            raise CheckFailed(
                Finding(
                    expected=message(
                        "the server process keeps running during {name}", name=each.name
                    ),
                    actual=message("the process ended ({exit})", exit=each.outage.exit_reason),
                    log=world.lab.target.printed()[-3000:],
                )
            )


@SUITE.check(
    title="While the database is away, requests are answered, and nothing false is promised",
    why="Without an answer a user does not know what happened; with a false one they lose work.",
    hint="Answer 503, or wait a few seconds; never acknowledge a write that was not stored.",
    lab=True,
)
async def an_outage_is_answered_truly(world: World, bystander: Bystander) -> None:
    for each in await _outages(world, bystander):
        if each.outage.exit_reason:
            raise PreconditionFailed(SURVIVES_CHECK, _ended(each))
        expect_all_answered(
            each.outage.during, because=message("sent during {name}", name=each.name)
        )
        if each.lost_writes:
            raise CheckFailed(
                Finding(
                    expected=message(
                        "every write that is acknowledged during {name} is stored", name=each.name
                    ),
                    actual=message(
                        "{lost} acknowledged writes are not stored", lost=len(each.lost_writes)
                    ),
                    exchanges=(each.lost_writes[0],),
                )
            )


@SUITE.check(
    title="Within 5 seconds of the database's return all is well again",
    why="Databases are restarted every month. A server that needs a restart afterwards wakes "
    "someone up at night.",
    hint=RECOVERY_HINT,
    lab=True,
)
async def all_is_well_after_an_outage(world: World, bystander: Bystander) -> None:
    for each in await _outages(world, bystander):
        if each.outage.exit_reason:
            raise PreconditionFailed(SURVIVES_CHECK, _ended(each))
        if each.outage.last_failure is not None:
            raise CheckFailed(
                recovery_finding(
                    each.outage.last_failure, message("the end of {name}", name=each.name)
                )
            )
        expect_all_succeeded(
            each.outage.after, because=message("sent after {name}", name=each.name)
        )


def _ended(result: OutageResult) -> Finding:
    return Finding(
        expected=message("the server process keeps running during {name}", name=result.name),
        actual=message("the process ended ({exit})", exit=result.outage.exit_reason),
    )


@SUITE.check(
    title="Connections that were cut while nobody asked do not fail the first who ask",
    why="The database was restarted at night. In the morning the first twenty requests get the "
    "twenty dead connections that the pool has kept.",
    hint=POOL_HINT,
    lab=True,
)
async def a_restart_in_the_night_is_not_noticed(world: World, bystander: Bystander) -> None:
    wire, others = world.wire, await Bystanders.create(world, bystander)
    expect_all_succeeded(await others.burst(), because="no fault has been injected yet")
    await wire.wait_idle(2.0)
    await terminate_sessions(wire, world.database)
    wire.take_down()
    wire.bring_up()
    await asyncio.sleep(RECOVERY_SECONDS)
    served = await others.burst()
    await discard_unless_healthy(world, healthy=all(map(succeeded, served)))
    expect_all_succeeded(served, because="the database has been back for more than 5 seconds")


@SUITE.check(
    title="The server starts when the database is a little late",
    why="After a power cut everything starts at once, and databases take longest.",
    hint="At startup, retry the connection for half a minute before giving up.",
    lab=True,
)
async def a_late_database_is_waited_for(world: World, bystander: Bystander) -> None:
    wire, target = world.wire, world.lab.target
    others = await Bystanders.create(world, bystander)
    await target.stop()
    connection_attempts = wire.reject_connections()
    starting = asyncio.create_task(target.begin())
    while not (connection_attempts() or starting.done()):
        await asyncio.wait((starting,), timeout=0.1)
    await asyncio.wait((starting,), timeout=START_DELAY_SECONDS)
    wire.bring_up()
    try:
        await starting
    except StartFailed as error:
        raise CheckFailed(_not_started(error)) from None
    exchange = await _first_success(others)
    if exchange is not None:
        raise CheckFailed(recovery_finding(exchange, "the start of the database"))


async def _first_success(others: Bystanders) -> Exchange | None:
    """Read until an answer is a 2xx; return the last failure after 50 attempts, or None."""
    for _ in range(50):
        exchange = await others.read()
        if succeeded(exchange):
            return None
        await asyncio.sleep(0.2)
    return exchange


def _not_started(error: StartFailed) -> Finding:
    return Finding(
        expected="the server starts when the database becomes available 1.5 s later",
        actual=error.message,
        log=error.log,
    )


async def _unresponsive_database(world: World, bystander: Bystander) -> BlackholeResult:
    """Leave every statement without a response for a while; runs once per run."""

    async def make() -> BlackholeResult:
        others = await Bystanders.create(world, bystander)
        reads = [others.read] * 12
        found = await blackhole(world.wire, [others.write, *reads], others)
        await discard_unless_healthy(world, healthy=found.back is not None)
        return found

    return await world.once_per_run("silence", make)


@SUITE.check(
    title="A database that falls silent keeps nobody waiting for ever",
    why="A firewall that drops packets sends no error. Without timeouts every page hangs, and "
    "waiting requests pile up.",
    hint="Set timeouts for statements and for waiting for a free connection, and set them in the "
    "client: an unresponsive PostgreSQL does not enforce its own statement_timeout.",
    lab=True,
)
async def silence_keeps_nobody_waiting(world: World, bystander: Bystander) -> None:
    found = await _unresponsive_database(world, bystander)
    expect_all_answered(
        found.answers,
        because="the brief requires an answer within 10 s; this check waited 20 s",
    )


@SUITE.check(
    title="When a silent database speaks again, all is well within 5 seconds",
    why="A connection with an outstanding response must not be used for the next statement.",
    hint=POOL_HINT,
    lab=True,
)
async def all_is_well_after_silence(world: World, bystander: Bystander) -> None:
    found = await _unresponsive_database(world, bystander)
    if found.last_failure is not None:
        raise CheckFailed(recovery_finding(found.last_failure, "the database responds again"))
