"""Slow, stalled and disconnecting clients do not affect other clients (V5)."""

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
    "Return the connection to the pool on every path, including cancellation of the request."
)


@check(
    title="Thirty clients that send byte by byte do not hold up the others",
    aspect=Aspect.RESILIENCE,
    stage=8,
    clause="V5",
    why="A few phones in a tunnel, or one person with a script, and no other request is served.",
    hint="Do not assign a thread or process to a request before it has arrived completely, or put "
    "a buffering reverse proxy in front.",
    cites="CWE-400 (Slowloris)",
    skills=SKILLS,
    lab=True,
)
async def slow_clients_hold_up_nobody(world: Conduit) -> None:
    others = await Bystanders.create(world)
    request = world.request("GET", "/articles", token=others.reader.token)
    async with byte_by_byte(world.session.client, [request] * SLOW_CLIENTS):
        served = [await others.read(), await others.write(), *await others.burst()]
    expect_all_succeeded(
        served, because=f"{SLOW_CLIENTS} other clients send their requests byte by byte"
    )


@check(
    title="Thirty clients that stop in the middle of a request do not hold up the others",
    aspect=Aspect.RESILIENCE,
    stage=8,
    clause="V5",
    why="A request that is never completed must not occupy a thread, a database connection or a "
    "lock.",
    hint="Read the whole request before you use the database.",
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
    expect_all_succeeded(served, because=f"{SLOW_CLIENTS} other clients have sent half a request")
    if held:
        raise CheckFailed(
            Finding(
                expected="no open transaction for a request that has not arrived completely",
                actual=f"{len(held)} open; the first: {held[0]}",
            )
        )


async def _disconnected_clients(world: Conduit) -> list[DisconnectedClient]:
    """Disconnect clients in the middle of three kinds of write; runs once per run."""

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
    why="Someone closes a laptop at the wrong moment, and no one can edit that article any more.",
    hint=RETURN_CONNECTION_HINT,
    skills=SKILLS,
    lab=True,
)
async def a_vanished_client_leaves_no_lock(world: Conduit) -> None:
    for each in await _disconnected_clients(world):
        if each.retry is not None and failed(each.retry):
            raise CheckFailed(
                Finding(
                    expected=f"{each.baseline.kind} works after a client disconnected in the "
                    "middle of it",
                    actual=f"{describe_exchange(each.retry)} (the client had disconnected before "
                    f"round trip {each.step})",
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
    why="A pool of ten connections is empty after ten clients that disconnected at the wrong "
    "moment.",
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
    await discard_unless_healthy(world, healthy=all(map(succeeded, served)))
    expect_all_succeeded(served, because=f"{DISCONNECTS} clients disconnected during a write")
    if held:
        raise CheckFailed(
            Finding(
                expected="no open transaction for clients that have disconnected",
                actual=f"{len(held)} open; the first: {held[0]}",
            )
        )
