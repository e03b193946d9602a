"""What counters must stand: two at once, a crash, a lost connection, an outage, a second copy."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from functools import partial

from worksample.checks import Answer, Aspect, Race, check, either_order, expect
from worksample.wire import Fault, Script
from worksample.wire.faults.cut_after import CutAfter
from worksample.wire.faults.cut_before import CutBefore
from worksample.wire.faults.hold import Hold
from worksample.wire.faults.swallow import Swallow

from .world import Counters

COUNTING = "going-up-adds-exactly-one"
TWICE = "a-name-is-given-once"
MOST_STEPS = 20
# Long: a machine on which six scenarios run at once is no finding.
RECOVERED_WITHIN = 30.0

experiment = partial(
    check, stage=3, why="What breaks once breaks at the worst moment.", skills=("sql",), lab=True
)
racing = partial(experiment, aspect=Aspect.CONCURRENCY)
breaking = partial(experiment, aspect=Aspect.RESILIENCE, clause="K1")
Meanwhile = Callable[[], Awaitable[None]]


@racing(title="Two who count at once both count", clause="U1")
async def two_who_count_at_once_both_count(world: Counters) -> None:
    async def scene() -> Race:
        name = await world.made()
        up = partial(world.up, name)
        return Race(first=up, second=up, look=lambda: value(world, name))

    await either_order(world, scene, needs=COUNTING, serially=[("done", "done")], symmetric=True)


@racing(title="A name is given once to two who ask at once", clause="C4")
async def a_name_is_given_once_to_two_at_once(world: Counters) -> None:
    async def scene() -> Race:
        name = world.word("cups")
        make = partial(world.make, name)
        return Race(first=make, second=make, look=lambda: value(world, name))

    await either_order(world, scene, needs=TWICE, serially=[("done", "refused")], symmetric=True)


@breaking(title="A crash at any moment loses nothing and leaves nothing half")
async def a_crash_loses_nothing(world: Counters) -> None:
    target = world.lab.target

    async def crash() -> None:
        await target.kill()

    for fault in (Hold(), Swallow()):
        async for name, answer in spoilt(world, fault, crash):
            if not target.alive:
                await target.begin()
            await is_sane(world, name, answer)


@breaking(title="A connection that breaks at any moment is not the end")
async def a_broken_connection_is_survived(world: Counters) -> None:
    for fault in (CutBefore(), CutAfter()):
        async for name, answer in spoilt(world, fault):
            await is_sane(world, name, answer)


@breaking(title="The server comes back when its database does")
async def it_comes_back_with_its_database(world: Counters) -> None:
    name = await world.made()
    world.wire.away()
    answer = await world.up(name)
    expect(answer.status, "the status (0: no answer)").satisfies(
        lambda status: status == 0 or status >= 500, "a failure"
    )
    world.wire.back()
    await is_sane(world, name, None)


@racing(title="Two copies of the server count together", clause="U1")
async def two_copies_count_together(world: Counters) -> None:
    other = await world.copy()
    name = await world.made()
    for number, place in enumerate((world, other, world), start=1):
        answer = expect(await place.up(name)).ok()
        expect(answer.at("counter", "value"), "the value").equals(number)


async def spoilt(
    world: Counters, fault: Fault, meanwhile: Meanwhile | None = None
) -> AsyncIterator[tuple[str, Answer]]:
    """Let a fault befall each round trip of an up, one a time; yield the counter and the answer."""
    for step in range(1, MOST_STEPS):
        name = await world.made()
        async with world.wire.watch("up", Script({step: fault})) as trace:
            asking = asyncio.ensure_future(world.up(name))
            passage = await trace.reached(step, unless=asking)
            if passage is not None and meanwhile is not None:
                if isinstance(fault, Swallow):
                    await trace.settled()
                await meanwhile()
            answer = await asking
        yield name, answer
        if passage is None:
            return


async def is_sane(world: Counters, name: str, answer: Answer | None) -> None:
    """Expect a counter that is at 0 or 1 (1 if the up was answered so), and goes on from there."""
    found = await recovered(world, name)
    done = answer is not None and answer.status == 200
    expect(found, "the counter").satisfies(
        lambda value: value in ((1,) if done else (0, 1)), "at 1" if done else "at 0 or at 1"
    )
    again = expect(await world.up(name)).ok(because="the trouble is over")
    expect(again.at("counter", "value"), "the next value").equals(found + 1)


async def recovered(world: Counters, name: str) -> int:
    """Return a counter's value once there is one to be had; soon there must be."""
    until = time.monotonic() + RECOVERED_WITHIN
    answer = await world.read(name)
    while answer.status != 200 and time.monotonic() < until:
        await asyncio.sleep(0.05)
        answer = await world.read(name)
    return int(expect(answer).ok(because="the trouble is over").at("counter", "value"))


async def value(world: Counters, name: str) -> object:
    """Return a counter's value as it is read."""
    answer = await world.read(name)
    return answer.at("counter", "value") if answer.status == 200 else answer.status
