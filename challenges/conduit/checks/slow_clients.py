"""Clients that are slow, stop in the middle or vanish cost the others nothing (V5)."""

from __future__ import annotations

from worksample.checks import Aspect, CheckFailed, Finding, cause_of, check, describe_exchange
from worksample.probes.sessions import idle_transactions
from worksample.probes.slow_clients import DisconnectedClient, byte_by_byte, disconnect, half_sent
from worksample.probes.write_operations import failed, record_baselines, succeeded

from .bystanders import Bystanders, expect_all_succeeded
from .world import Conduit
from .write_findings import (
    blocked_if_unprepared,
    discard_unless_healthy,
    shared_experiment,
    working_baselines,
)
from .writes import ConduitWrites

SKILLS = ("networking", "relational-databases")
SLOW_CLIENTS = 30
DISCONNECTS = 24
OPEN_SECONDS = 5.0
RETURN_CONNECTION_HINT = (
    "Give a connection back whatever happens: also when the work on it is cancelled."
)


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
    others = await Bystanders.create(world)
    request = world.request("GET", "/articles", token=others.reader.token)
    async with byte_by_byte(world.session.client, [request] * SLOW_CLIENTS):
        served = [await others.read(), await others.write(), *await others.burst()]
    expect_all_succeeded(served, because=f"{SLOW_CLIENTS} others only send slowly")


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
    others = await Bystanders.create(world)
    payload = {"article": world.article()}
    request = world.request("POST", "/articles", payload, token=others.reader.token)
    async with half_sent(world.session.client, [request] * SLOW_CLIENTS):
        served = [await others.read(), await others.write(), *await others.burst()]
        held = await idle_transactions(world.wire, world.database, 2.0)
    expect_all_succeeded(served, because=f"{SLOW_CLIENTS} others have sent half a request")
    if held:
        raise CheckFailed(
            Finding(
                expected="no transaction open for a request that has not arrived",
                actual=f"{len(held)} open, the first {held[0]}",
            )
        )


async def _disconnected_clients(world: Conduit) -> list[DisconnectedClient]:
    """Let clients hang up in the middle of all kinds of writes, once for all checks."""

    async def make() -> list[DisconnectedClient]:
        writes = ConduitWrites(world)
        kinds = {
            kind: way
            for kind, way in writes.kinds.items()
            if kind in ("editing title and tags", "marking a favourite", "commenting")
        }
        baseline = working_baselines(world, await record_baselines(world.wire, kinds, writes.other))
        return await disconnect(
            world.wire, kinds, baseline, sum(len(each.trips) - 1 for each in baseline)
        )

    return await shared_experiment(world, "vanished", make)


@check(
    title="A client that vanishes leaves nothing locked",
    aspect=Aspect.RESILIENCE,
    stage=8,
    clause="V5",
    why="Someone closes the lid in the wrong moment, and nobody can edit that article any more.",
    hint=RETURN_CONNECTION_HINT,
    skills=SKILLS,
    lab=True,
)
async def a_vanished_client_leaves_no_lock(world: Conduit) -> None:
    for each in await _disconnected_clients(world):
        if each.retry is not None and failed(each.retry):
            raise CheckFailed(
                Finding(
                    expected="an answer to the next one who wants to do the same",
                    actual=f"{each.baseline.kind}, after a client vanished before round trip "
                    f"{each.step}: {describe_exchange(each.retry)}",
                    exchanges=(each.retry,),
                    culprit=0,
                    cause=cause_of(each.retry),
                )
            )


@check(
    title="Clients that vanish cost no connection to the database",
    aspect=Aspect.RESILIENCE,
    stage=8,
    clause="V5",
    why="A pool of ten is empty after ten people who closed the lid in the wrong moment.",
    hint=RETURN_CONNECTION_HINT,
    skills=SKILLS,
    lab=True,
)
async def vanished_clients_cost_no_connection(world: Conduit) -> None:
    others = await Bystanders.create(world)
    writes = ConduitWrites(world)
    kind = "marking a favourite"
    kinds = {kind: writes.kinds[kind]}
    baseline = working_baselines(
        world, await blocked_if_unprepared(record_baselines(world.wire, kinds, writes.other))
    )
    await blocked_if_unprepared(
        disconnect(world.wire, kinds, baseline, DISCONNECTS, then_retry=False)
    )
    held = await idle_transactions(world.wire, world.database, OPEN_SECONDS)
    served = await others.burst()
    await discard_unless_healthy(world, well=all(map(succeeded, served)))
    expect_all_succeeded(served, because="others have vanished in the middle of something")
    if held:
        raise CheckFailed(
            Finding(
                expected="no transaction open for clients that have vanished",
                actual=f"{len(held)} open, the first {held[0]}",
            )
        )
