"""On SIGTERM the server finishes requests in progress and exits within 10 seconds."""

from __future__ import annotations

from worksample.checks import Aspect, CheckFailed, Finding, World, describe_exchange, shorten
from worksample.checks.suite import Suite
from worksample.messages import message
from worksample.probes.http import HttpClient, Limits
from worksample.probes.shutdown import ShutdownResult, terminate, terminate_during_write
from worksample.probes.write_operations import prepare_operation, succeeded
from worksample.suites.experiments import blocked_if_unprepared
from worksample.suites.interrupted import Interrupted
from worksample.suites.writes import record_working_baselines

LONG_IDLE = Limits(idle=60.0)
ACCEPT_SECONDS = 5.0
GRACEFUL_SHUTDOWN_HINT = (
    "Stop accepting connections, finish requests in progress, close idle connections, exit."
)
SUITE = Suite[Interrupted](
    "graceful-shutdown", Interrupted, aspect=Aspect.RESILIENCE, skills=("linux", "deployment")
)


@SUITE.check(
    title="On SIGTERM the server finishes the request that it has begun",
    why="Every deployment stops a server that is in use. If it drops requests in progress, users "
    "lose what they wrote, several times a day.",
    hint=GRACEFUL_SHUTDOWN_HINT,
    lab=True,
)
async def sigterm_finishes_what_has_begun(world: World, clients: Interrupted) -> None:
    writes, kind = clients.writes, clients.kinds[0]
    way = {kind: writes.kinds[kind]}
    recording = record_working_baselines(world, writes, way)
    known = await blocked_if_unprepared(world, recording, writes.needs)
    write = await blocked_if_unprepared(world, prepare_operation(way[kind]), writes.needs)
    found = await terminate_during_write(world.lab, write)
    if not found.held:
        world.note("the write could not be held: SIGTERM was sent after it")
    if not succeeded(found.exchange):
        raise CheckFailed(
            Finding(
                expected="the request that was in progress at SIGTERM is answered with 2xx",
                actual=describe_exchange(found.exchange),
                exchanges=(found.exchange,),
            )
        )
    if found.observed is not None and found.observed.state != known.baselines[0].after:
        raise CheckFailed(
            Finding(
                expected="the write that was acknowledged during shutdown is stored completely",
                actual=message(
                    "after the next start the server shows {state}",
                    state=shorten(found.observed.state),
                ),
                exchanges=(found.exchange, *found.observed.exchanges),
            )
        )
    _expect_exit(found.shutdown, "with a request in progress")


@SUITE.check(
    title="Idle connections do not keep the server from ending",
    why="Browsers and load balancers keep connections open. A server that waits for them is killed "
    "when its grace period ends, in the middle of whatever it does then.",
    hint=GRACEFUL_SHUTDOWN_HINT,
    lab=True,
)
async def sigterm_ends_despite_idle_connections(world: World, clients: Interrupted) -> None:
    agent = world.context.client.agent
    client = HttpClient(world.lab.target.base_url, limits=LONG_IDLE, agent=agent)
    try:
        await clients.bystander.prepare()
        request = clients.bystander.read_request()
        for _ in range(3):
            await client.send(request)
        _expect_exit(await terminate(world.lab.target), "with an idle keep-alive connection")
    finally:
        await client.aclose()


@SUITE.check(
    title="A request that never comes to its end does not keep the server from ending",
    why="One phone that lost its signal in the middle of a request would hold up a deployment.",
    hint=GRACEFUL_SHUTDOWN_HINT,
    lab=True,
)
async def sigterm_ends_despite_half_a_request(world: World, clients: Interrupted) -> None:
    await clients.bystander.prepare()
    request = clients.bystander.large_request()
    begun = [await world.session.client.begin(request, size) for size in (20, -20)]
    try:
        await _wait_until_accepted(world, clients)
        _expect_exit(await terminate(world.lab.target), "with two half-sent requests")
    finally:
        for each in begun:
            each.disconnect()


async def _wait_until_accepted(world: World, clients: Interrupted) -> None:
    """Wait until the server has accepted all connections that were opened before.

    It accepts them in their order, so one that is opened now is answered after that. A server that
    serves one request at a time answers none, but has accepted the first one in that time.
    """
    request = clients.bystander.read_request()
    label = "another client reads meanwhile"
    await world.session.exchange(request, label=label, timeout=ACCEPT_SECONDS, fresh=True)


def _expect_exit(shutdown: ShutdownResult, situation: str) -> None:
    if not shutdown.exit_description:
        raise CheckFailed(
            Finding(
                expected=message(
                    "{situation}, the process exits within 10 s after SIGTERM", situation=situation
                ),
                actual=message(
                    "it was still running after {seconds} s", seconds=f"{shutdown.seconds:.0f}"
                ),
            )
        )
