"""Clients that are slow, stop in the middle or vanish cost the others nothing (V5)."""

from __future__ import annotations

from worksample.checks import Aspect, Finding, Unmet, blame, check, say_exchange
from worksample.probes.deeds import failed, learn, succeeded
from worksample.probes.loitering import Vanished, byte_by_byte, half_sent, vanish
from worksample.probes.sessions import forgotten_transactions

from .others import Bystanders, all_served
from .telling import leave, made, survey, those_that_work
from .world import Conduit
from .writes import Writes

SKILLS = ("networking", "relational-databases")
MANY = 30
VANISHERS = 24
OPEN_SECONDS = 5.0
GIVE_BACK = "Give a connection back whatever happens: also when the work on it is cancelled."


@check(
    title="Thirty clients that send byte by byte do not hold up the others",
    aspect=Aspect.RESILIENCE,
    stage=8,
    clause="V5",
    why="A few phones in a tunnel, or one person with a script, and nobody else gets in.",
    hint="Do not give a thread or a process to a request that has not arrived yet, or put a server "
    "in front that waits for it.",
    cites="CWE-400 (Slowloris)",
    skills=SKILLS,
    lab=True,
)
async def slow_clients_hold_up_nobody(world: Conduit) -> None:
    others = await Bystanders.arrive(world)
    request = world.request("GET", "/articles", token=others.reader.token)
    async with byte_by_byte(world.session.client, [request] * MANY):
        served = [await others.look(), await others.say(), *await others.crowd()]
    all_served(served, because=f"{MANY} others only send slowly")


@check(
    title="Thirty clients that stop in the middle of a request do not hold up the others",
    aspect=Aspect.RESILIENCE,
    stage=8,
    clause="V5",
    why="A request that never comes to its end must not occupy what others need: a thread, a "
    "connection to the database, a lock.",
    hint="Read the whole request first, then ask the database.",
    cites="CWE-400",
    skills=SKILLS,
    lab=True,
)
async def half_requests_hold_up_nobody(world: Conduit) -> None:
    others = await Bystanders.arrive(world)
    payload = {"article": world.article()}
    request = world.request("POST", "/articles", payload, token=others.reader.token)
    async with half_sent(world.session.client, [request] * MANY):
        served = [await others.look(), await others.say(), *await others.crowd()]
        held = await forgotten_transactions(world.wire, world.database, 2.0)
    all_served(served, because=f"{MANY} others have sent half a request")
    if held:
        raise Unmet(
            Finding(
                expected="no transaction open for a request that has not arrived",
                actual=f"{len(held)} open, the first {held[0]}",
            )
        )


async def _vanished(world: Conduit) -> list[Vanished]:
    """Let clients hang up in the middle of all kinds of writes, once for all checks."""

    async def make() -> list[Vanished]:
        writes = Writes(world)
        kinds = {
            kind: way
            for kind, way in writes.kinds.items()
            if kind in ("editing title and tags", "marking a favourite", "commenting")
        }
        known = those_that_work(world, await learn(world.wire, kinds, writes.other))
        return await vanish(world.wire, kinds, known, sum(len(each.trips) - 1 for each in known))

    return await survey(world, "vanished", make)


@check(
    title="A client that vanishes leaves nothing locked",
    aspect=Aspect.RESILIENCE,
    stage=8,
    clause="V5",
    why="Someone closes the lid in the wrong moment, and nobody can edit that article any more.",
    hint=GIVE_BACK,
    skills=SKILLS,
    lab=True,
)
async def a_vanished_client_leaves_no_lock(world: Conduit) -> None:
    for each in await _vanished(world):
        if each.again is not None and failed(each.again):
            raise Unmet(
                Finding(
                    expected="an answer to the next one who wants to do the same",
                    actual=f"{each.known.kind}, after a client vanished before round trip "
                    f"{each.step}: {say_exchange(each.again)}",
                    exchanges=(each.again,),
                    culprit=0,
                    cause=blame(each.again),
                )
            )


@check(
    title="Clients that vanish cost no connection to the database",
    aspect=Aspect.RESILIENCE,
    stage=8,
    clause="V5",
    why="A pool of ten is empty after ten people who closed the lid in the wrong moment.",
    hint=GIVE_BACK,
    skills=SKILLS,
    lab=True,
)
async def vanished_clients_cost_no_connection(world: Conduit) -> None:
    others = await Bystanders.arrive(world)
    writes = Writes(world)
    kind = "marking a favourite"
    kinds = {kind: writes.kinds[kind]}
    known = those_that_work(world, await made(learn(world.wire, kinds, writes.other)))
    await made(vanish(world.wire, kinds, known, VANISHERS, and_ask=False))
    held = await forgotten_transactions(world.wire, world.database, OPEN_SECONDS)
    served = await others.crowd()
    await leave(world, well=all(map(succeeded, served)))
    all_served(served, because="others have vanished in the middle of something")
    if held:
        raise Unmet(
            Finding(
                expected="no transaction open for clients that have vanished",
                actual=f"{len(held)} open, the first {held[0]}",
            )
        )
