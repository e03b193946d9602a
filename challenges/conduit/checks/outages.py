"""The database goes away, comes back, is late, or falls silent (V2, V4)."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass

from worksample.checks import Aspect, Finding, GivenFailed, Unmet, check
from worksample.errors import StartFailed
from worksample.probes.deeds import succeeded
from worksample.probes.exchange import Exchange
from worksample.probes.outages import Outage, outage
from worksample.probes.sessions import terminate_sessions
from worksample.probes.silence import Silence, fall_silent

from .others import Bystanders, all_served, answered
from .telling import leave, survey, unwell
from .world import Conduit

SKILLS = ("relational-databases",)
LATE_SECONDS = 1.5
NIGHT_SECONDS = 5.5
STAYS_UP = "a-server-outlives-its-database"
HEAL = "Let the pool test, or throw away, connections that broke; do not keep one for ever."


@dataclass(frozen=True, slots=True)
class Trouble:
    """An outage, and the comments that were promised meanwhile and are not there."""

    what: str
    outage: Outage
    unkept: list[Exchange]


async def _outages(world: Conduit) -> list[Trouble]:
    """Take the database away twice: for a moment, shut down in order; and for longer, gone."""

    async def make() -> list[Trouble]:
        first = await _outage(world, "when PostgreSQL is restarted", shut_down=True, away=1.0)
        if first.outage.back is None and not first.outage.ended:
            await leave(world, well=False)
            return [first]
        second = await _outage(world, "when the network breaks", shut_down=False, away=6.5)
        await leave(world, well=second.outage.back is not None)
        return [first, second]

    return await survey(world, "outages", make)


async def _outage(world: Conduit, what: str, *, shut_down: bool, away: float) -> Trouble:
    others = await Bystanders.arrive(world)
    found = await outage(world.lab, others, shut_down=shut_down, away=away)
    if found.ended:
        await world.lab.target.kill()
        await world.lab.target.begin()
    well = found.ended or found.back is not None
    return Trouble(what, found, await others.unkept(found.writes) if well else [])


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
        if each.outage.ended:
            raise Unmet(
                Finding(
                    expected="a server that goes on, and says that it cannot help now",
                    actual=f"{each.what}, the process ends ({each.outage.ended})",
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
        if each.outage.ended:
            raise GivenFailed(STAYS_UP, _ended(each))
        answered(each.outage.meanwhile, because=each.what)
        if each.unkept:
            raise Unmet(
                Finding(
                    expected="a refusal, or that the comment is stored",
                    actual=f"{each.what}: {len(each.unkept)} were answered with success, and "
                    "are not there",
                    exchanges=(each.unkept[0],),
                )
            )


@check(
    title="Within 5 seconds of the database's return all is well again",
    aspect=Aspect.RESILIENCE,
    stage=8,
    clause="V2",
    why="Databases are restarted every month. Servers that must be restarted after them are what "
    "people are woken for.",
    hint=HEAL,
    skills=SKILLS,
    lab=True,
)
async def all_is_well_after_an_outage(world: Conduit) -> None:
    for each in await _outages(world):
        if each.outage.ended:
            raise GivenFailed(STAYS_UP, _ended(each))
        if each.outage.last is not None:
            raise Unmet(unwell(each.outage.last, f"{each.what}, all has to be well 5 s later"))
        all_served(each.outage.after, because=f"all was well again, {each.what}")


def _ended(trouble: Trouble) -> Finding:
    return Finding(
        expected="a server that runs", actual=f"it ended ({trouble.outage.ended}) {trouble.what}"
    )


@check(
    title="Connections that were cut while nobody asked do not fail the first who ask",
    aspect=Aspect.RESILIENCE,
    stage=8,
    clause="V2",
    why="The database was restarted in the night. In the morning the first twenty people meet the "
    "twenty dead connections that the pool has kept.",
    hint=HEAL,
    skills=SKILLS,
    lab=True,
)
async def a_restart_in_the_night_is_not_noticed(world: Conduit) -> None:
    wire, others = world.wire, await Bystanders.arrive(world)
    all_served(await others.crowd(), because="nothing has happened yet")
    await wire.quiet(2.0)
    await terminate_sessions(wire, world.database)
    wire.away()
    wire.back()
    await asyncio.sleep(NIGHT_SECONDS)
    served = await others.crowd()
    await leave(world, well=all(map(succeeded, served)))
    all_served(served, because="the database has been back for more than 5 seconds")


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
    others = await Bystanders.arrive(world)
    await target.stop()
    tries = wire.late()
    starting = asyncio.create_task(target.begin())
    while not (tries() or starting.done()):
        await asyncio.wait((starting,), timeout=0.1)
    await asyncio.wait((starting,), timeout=LATE_SECONDS)
    wire.back()
    try:
        await starting
    except StartFailed as error:
        raise Unmet(_not_started(error)) from None
    exchange = await _first_success(others)
    if exchange is not None:
        raise Unmet(unwell(exchange, "the server was started before its database"))


async def _first_success(others: Bystanders) -> Exchange | None:
    """Ask until it is well, at most 10 s; return what is still wrong then."""
    for _ in range(50):
        exchange = await others.look()
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


async def _silence(world: Conduit) -> Silence:
    """Let the database fall silent, once for all checks."""

    async def make() -> Silence:
        others = await Bystanders.arrive(world)
        visitor = [others.look] * 12
        found = await fall_silent(world.wire, [others.say, *visitor], others)
        await leave(world, well=found.back is not None)
        return found

    return await survey(world, "silence", make)


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
    found = await _silence(world)
    answered(found.answers, because="10 seconds are promised, and twice as long was waited")


@check(
    title="When a silent database speaks again, all is well within 5 seconds",
    aspect=Aspect.RESILIENCE,
    stage=8,
    clause="V4",
    why="A connection on which an answer is still to come is not fit for the next question.",
    hint=HEAL,
    skills=SKILLS,
    lab=True,
)
async def all_is_well_after_silence(world: Conduit) -> None:
    found = await _silence(world)
    if found.last is not None:
        raise Unmet(unwell(found.last, "the database was silent, and speaks again"))
