"""Clients that disconnect in the middle of a write leave no lock and no connection behind."""

from __future__ import annotations

from worksample.checks import Aspect, CheckFailed, Finding, World, cause_of, describe_exchange
from worksample.checks.suite import Suite
from worksample.messages import message
from worksample.probes.sessions import idle_transactions
from worksample.probes.slow_clients import DisconnectedClient, disconnect
from worksample.probes.write_operations import failed, succeeded
from worksample.suites.bystanders import Bystanders, expect_all_succeeded
from worksample.suites.experiments import (
    blocked_if_unprepared,
    discard_unless_healthy,
    shared_experiment,
)
from worksample.suites.interrupted import Interrupted
from worksample.suites.writes import WorkingWrites, Writes, record_working_baselines

DISCONNECTS = 24
OPEN_SECONDS = 5.0
RETURN_CONNECTION_HINT = (
    "Return the connection to the pool on every path, including cancellation of the request."
)
SUITE = Suite[Interrupted](
    "vanished-clients",
    Interrupted,
    aspect=Aspect.RESILIENCE,
    skills=("networking", "relational-databases"),
)


async def _disconnected_clients(world: World, clients: Interrupted) -> list[DisconnectedClient]:
    """Disconnect clients in the middle of each kind of write; runs once per run."""

    writes = clients.writes

    async def make() -> tuple[WorkingWrites, list[DisconnectedClient]]:
        kinds = {kind: way for kind, way in writes.kinds.items() if kind in clients.kinds}
        working = await record_working_baselines(world, writes, kinds)
        times = sum(len(each.trips) - 1 for each in working.baselines)
        return working, await disconnect(world.wire, kinds, working.baselines, times)

    working, found = await shared_experiment(world, "vanished", make, writes.needs)
    working.tell(world, writes)
    return found


@SUITE.check(
    title="A client that vanishes leaves nothing locked",
    why="Someone closes a laptop at the wrong moment, and no one can change that object any more.",
    hint=RETURN_CONNECTION_HINT,
    lab=True,
)
async def a_vanished_client_leaves_no_lock(world: World, clients: Interrupted) -> None:
    for each in await _disconnected_clients(world, clients):
        if each.retry is not None and failed(each.retry):
            raise CheckFailed(
                Finding(
                    expected=message(
                        "{write} works after a client disconnected in the middle of it",
                        write=each.baseline.kind,
                    ),
                    actual=message(
                        "{answer} (the client had disconnected before round trip {step})",
                        answer=describe_exchange(each.retry),
                        step=each.step,
                    ),
                    exchanges=(each.retry,),
                    culprit=0,
                    cause=cause_of(each.retry),
                )
            )


@SUITE.check(
    title="Clients that vanish cost no connection to the database",
    why="A pool of ten connections is empty after ten clients that disconnected at the wrong "
    "moment.",
    hint=RETURN_CONNECTION_HINT,
    lab=True,
)
async def vanished_clients_cost_no_connection(world: World, clients: Interrupted) -> None:
    others = await Bystanders.create(world, clients.bystander)
    writes, kind = clients.writes, clients.kinds[0]
    await blocked_if_unprepared(world, _disconnect_often(world, writes, kind), writes.needs)
    held = await idle_transactions(world.wire, world.database, OPEN_SECONDS)
    served = await others.burst()
    await discard_unless_healthy(world, healthy=all(map(succeeded, served)))
    expect_all_succeeded(
        served,
        because=message("{clients} clients disconnected during a write", clients=DISCONNECTS),
    )
    if held:
        raise CheckFailed(
            Finding(
                expected="no open transaction for clients that have disconnected",
                actual=message("{count} open; the first: {first}", count=len(held), first=held[0]),
            )
        )


async def _disconnect_often(world: World, writes: Writes, kind: str) -> None:
    kinds = {kind: writes.kinds[kind]}
    working = await record_working_baselines(world, writes, kinds)
    await disconnect(world.wire, kinds, working.baselines, DISCONNECTS, then_retry=False)
