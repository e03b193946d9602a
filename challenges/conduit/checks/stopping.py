"""SIGTERM: what has begun is finished, and then the server ends (V3)."""

from __future__ import annotations

from worksample.checks import Aspect, Finding, Unmet, check, say_exchange, shorten
from worksample.probes.deeds import learn, prepared, succeeded
from worksample.probes.http import HttpClient, Limits
from worksample.probes.stopping import Stopped, terminate, terminate_in_the_middle

from .telling import made, those_that_work
from .world import Conduit
from .writes import Writes

SKILLS = ("linux", "deployment")
PATIENT = Limits(idle=60.0)
GRACE = "Stop accepting, finish what has begun, close idle connections, end."


@check(
    title="On SIGTERM the server finishes the request that it has begun",
    aspect=Aspect.RESILIENCE,
    stage=8,
    clause="V3",
    why="Every deployment stops a server that is in use. Cut off in the middle, someone loses "
    "what they wrote, a few times every day.",
    hint=GRACE,
    skills=SKILLS,
    lab=True,
)
async def sigterm_finishes_what_has_begun(world: Conduit) -> None:
    writes = Writes(world)
    kind = "publishing with tags"
    way = {kind: writes.kinds[kind]}
    known = those_that_work(world, await made(learn(world.wire, way, writes.other)))[0]
    deed = await made(prepared(way[kind]))
    found = await terminate_in_the_middle(world.lab, deed)
    if not found.held:
        world.remark("the request did not stand still: SIGTERM came after it")
    if not succeeded(found.exchange):
        raise Unmet(
            Finding(
                expected="the answer to what had begun before SIGTERM",
                actual=say_exchange(found.exchange),
                exchanges=(found.exchange,),
            )
        )
    if found.seen is not None and found.seen.state != known.after:
        raise Unmet(
            Finding(
                expected="all of what was answered with success",
                actual=f"after the next start there is {shorten(found.seen.state)}",
                exchanges=(found.exchange, *found.seen.exchanges),
            )
        )
    _expect_end(found.stopped, "with a request under way")


@check(
    title="Idle connections do not keep the server from ending",
    aspect=Aspect.RESILIENCE,
    stage=8,
    clause="V3",
    why="Browsers and load balancers keep connections open. A server that waits for them is killed "
    "in the end, in the middle of whatever it does then.",
    hint=GRACE,
    skills=SKILLS,
    lab=True,
)
async def sigterm_ends_despite_idle_connections(world: Conduit) -> None:
    client = HttpClient(world.lab.target.base_url, limits=PATIENT)
    try:
        await world.sign_up()
        request = world.request("GET", "/tags")
        for _ in range(3):
            await client.send(request)
        _expect_end(await terminate(world.lab.target), "with a connection open and idle")
    finally:
        await client.aclose()


@check(
    title="A request that never comes to its end does not keep the server from ending",
    aspect=Aspect.RESILIENCE,
    stage=8,
    clause="V3",
    why="One phone that lost its signal in the middle of a request would hold up a deployment.",
    hint=GRACE,
    skills=SKILLS,
    lab=True,
)
async def sigterm_ends_despite_half_a_request(world: Conduit) -> None:
    person = await world.sign_up()
    payload = {"article": world.article()}
    request = world.request("POST", "/articles", payload, token=person.token)
    begun = [await world.session.client.begin(request, size) for size in (20, -20)]
    try:
        _expect_end(await terminate(world.lab.target), "with two half-sent requests")
    finally:
        for each in begun:
            each.vanish()


def _expect_end(stopped: Stopped, what: str) -> None:
    if not stopped.how:
        raise Unmet(
            Finding(
                expected="an end within 10 seconds of SIGTERM",
                actual=f"{what}, it still ran after {stopped.seconds:.0f} s",
            )
        )
