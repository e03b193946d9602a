"""The database goes away, comes back, is late, or falls silent (V2, V4)."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass

from worksample.checks import Aspect, CheckFailed, Finding, PreconditionFailed, check
from worksample.errors import StartFailed
from worksample.probes.blackhole import BlackholeResult, blackhole
from worksample.probes.exchange import Exchange
from worksample.probes.outages import Outage, outage
from worksample.probes.sessions import terminate_sessions
from worksample.probes.write_operations import succeeded

from .bystanders import Bystanders, expect_all_answered, expect_all_succeeded
from .world import Conduit
from .write_findings import discard_unless_healthy, shared_experiment, unwell

SKILLS = ("relational-databases",)
START_DELAY_SECONDS = 1.5
RECOVERY_SECONDS = 5.5
SURVIVES_CHECK = "a-server-outlives-its-database"
POOL_HINT = "Let the pool test, or throw away, connections that broke; do not keep one for ever."


@dataclass(frozen=True, slots=True)
class OutageResult:
    """An outage, and the comments that were promised meanwhile and are not there."""

    what: str
    outage: Outage
    missing_comments: list[Exchange]


async def _outages(world: Conduit) -> list[OutageResult]:
    """Take the database away twice: for a moment, shut down in order; and for longer, gone."""

    async def make() -> list[OutageResult]:
        first = await _outage(world, "when PostgreSQL is restarted", shut_down=True, away=1.0)
        if first.outage.back is None and not first.outage.exit_reason:
            await discard_unless_healthy(world, well=False)
            return [first]
        second = await _outage(world, "when the network breaks", shut_down=False, away=6.5)
        await discard_unless_healthy(world, well=second.outage.back is not None)
        return [first, second]

    return await shared_experiment(world, "outages", make)


async def _outage(world: Conduit, what: str, *, shut_down: bool, away: float) -> OutageResult:
    others = await Bystanders.create(world)
    found = await outage(world.lab, others, shut_down=shut_down, away=away)
    if found.exit_reason:
        await world.lab.target.kill()
        await world.lab.target.begin()
    well = found.exit_reason or found.back is not None
    return OutageResult(what, found, await others.missing_comments(found.writes) if well else [])


@check(
    title="The server outlives its database",
    aspect=Aspect.RESILIENCE,
    stage=8,
    clause="V2",
    why="A server that ends with its database needs somebody to start it again, and answers "
    "nothing at all until then.",
    hint="Listen for the errors of idle connections too: in some drivers an error that nobody "
    "listens for ends the process.",
    skills=SKILLS,
    lab=True,
)
async def a_server_outlives_its_database(world: Conduit) -> None:
    for each in await _outages(world):
        if each.outage.exit_reason:
            raise CheckFailed(
                Finding(
                    expected="a server that goes on, and says that it cannot help now",
                    actual=f"{each.what}, the process ends ({each.outage.exit_reason})",
                    log=world.lab.target.printed()[-3000:],
                )
            )


@check(
    title="While the database is away, requests are answered, and nothing false is promised",
    aspect=Aspect.RESILIENCE,
    stage=8,
    clause="V2",
    why="Who gets no answer does not know what happened; who gets a false one knows it wrongly.",
    hint="Refuse with 503, or wait a little; never say yes to what could not be stored.",
    skills=SKILLS,
    lab=True,
)
async def an_outage_is_answered_truly(world: Conduit) -> None:
    for each in await _outages(world):
        if each.outage.exit_reason:
            raise PreconditionFailed(SURVIVES_CHECK, _ended(each))
        expect_all_answered(each.outage.during, because=each.what)
        if each.missing_comments:
            raise CheckFailed(
                Finding(
                    expected="a refusal, or that the comment is stored",
                    actual=f"{each.what}: {len(each.missing_comments)} were answered with success, and "
                    "are not there",
                    exchanges=(each.missing_comments[0],),
                )
            )


@check(
    title="Within 5 seconds of the database's return all is well again",
    aspect=Aspect.RESILIENCE,
    stage=8,
    clause="V2",
    why="Databases are restarted every month. Servers that must be restarted after them are what "
    "people are woken for.",
    hint=POOL_HINT,
    skills=SKILLS,
    lab=True,
)
async def all_is_well_after_an_outage(world: Conduit) -> None:
    for each in await _outages(world):
        if each.outage.exit_reason:
            raise PreconditionFailed(SURVIVES_CHECK, _ended(each))
        if each.outage.last_failure is not None:
            raise CheckFailed(
                unwell(each.outage.last_failure, f"{each.what}, all has to be well 5 s later")
            )
        expect_all_succeeded(each.outage.after, because=f"all was well again, {each.what}")


def _ended(trouble: OutageResult) -> Finding:
    return Finding(
        expected="a server that runs",
        actual=f"it ended ({trouble.outage.exit_reason}) {trouble.what}",
    )


@check(
    title="Connections that were cut while nobody asked do not fail the first who ask",
    aspect=Aspect.RESILIENCE,
    stage=8,
    clause="V2",
    why="The database was restarted in the night. In the morning the first twenty people meet the "
    "twenty dead connections that the pool has kept.",
    hint=POOL_HINT,
    skills=SKILLS,
    lab=True,
)
async def a_restart_in_the_night_is_not_noticed(world: Conduit) -> None:
    wire, others = world.wire, await Bystanders.create(world)
    expect_all_succeeded(await others.burst(), because="nothing has happened yet")
    await wire.wait_idle(2.0)
    await terminate_sessions(wire, world.database)
    wire.take_down()
    wire.bring_up()
    await asyncio.sleep(RECOVERY_SECONDS)
    served = await others.burst()
    await discard_unless_healthy(world, well=all(map(succeeded, served)))
    expect_all_succeeded(served, because="the database has been back for more than 5 seconds")


@check(
    title="The server starts when the database is a little late",
    aspect=Aspect.RESILIENCE,
    stage=8,
    clause="V2",
    why="After a power cut everything starts at once, and databases take longest.",
    hint="Try to connect for half a minute before giving up.",
    skills=SKILLS,
    lab=True,
)
async def a_late_database_is_waited_for(world: Conduit) -> None:
    wire, target = world.wire, world.lab.target
    others = await Bystanders.create(world)
    await target.stop()
    tries = wire.reject_connections()
    starting = asyncio.create_task(target.begin())
    while not (tries() or starting.done()):
        await asyncio.wait((starting,), timeout=0.1)
    await asyncio.wait((starting,), timeout=START_DELAY_SECONDS)
    wire.bring_up()
    try:
        await starting
    except StartFailed as error:
        raise CheckFailed(_not_started(error)) from None
    exchange = await _first_success(others)
    if exchange is not None:
        raise CheckFailed(unwell(exchange, "the server was started before its database"))


async def _first_success(others: Bystanders) -> Exchange | None:
    """Ask until it is well, at most 10 s; return what is still wrong then."""
    for _ in range(50):
        exchange = await others.read()
        if succeeded(exchange):
            return None
        await asyncio.sleep(0.2)
    return exchange


def _not_started(error: StartFailed) -> Finding:
    return Finding(
        expected="a server that is ready once the database is, a little late",
        actual=error.message,
        log=error.log,
    )


async def _unresponsive_database(world: Conduit) -> BlackholeResult:
    """Let the database fall silent, once for all checks."""

    async def make() -> BlackholeResult:
        others = await Bystanders.create(world)
        visitor = [others.read] * 12
        found = await blackhole(world.wire, [others.write, *visitor], others)
        await discard_unless_healthy(world, well=found.back is not None)
        return found

    return await shared_experiment(world, "silence", make)


@check(
    title="A database that falls silent keeps nobody waiting for ever",
    aspect=Aspect.RESILIENCE,
    stage=8,
    clause="V4",
    why="A firewall that swallows packets does not say so. Without a time limit every page hangs, "
    "and the server fills up with waiting requests.",
    hint="Set a time limit for statements, for waiting for a free connection, and on our side "
    "of the connection too: a silent server does not keep its own.",
    skills=SKILLS,
    lab=True,
)
async def silence_keeps_nobody_waiting(world: Conduit) -> None:
    found = await _unresponsive_database(world)
    expect_all_answered(
        found.answers, because="10 seconds are promised, and twice as long was waited"
    )


@check(
    title="When a silent database speaks again, all is well within 5 seconds",
    aspect=Aspect.RESILIENCE,
    stage=8,
    clause="V4",
    why="A connection on which an answer is still to come is not fit for the next question.",
    hint=POOL_HINT,
    skills=SKILLS,
    lab=True,
)
async def all_is_well_after_silence(world: Conduit) -> None:
    found = await _unresponsive_database(world)
    if found.last_failure is not None:
        raise CheckFailed(unwell(found.last_failure, "the database was silent, and speaks again"))
