"""Lab checks of the counter challenge: races, crashes, lost connections, outages, two instances."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from functools import partial

from worksample.checks import Answer, Aspect, Race, check, expect
from worksample.suites.races import BOTH_SUCCEED, ONE_SUCCEEDS, RaceFactory, pair_of_writes
from worksample.wire import Fault, FaultScript
from worksample.wire.faults.cut_after import CutAfter
from worksample.wire.faults.cut_before import CutBefore
from worksample.wire.faults.hold import Hold
from worksample.wire.faults.swallow import Swallow

from .world import Counters

INCREMENT = "going-up-adds-exactly-one"
UNIQUE_NAME = "a-name-is-given-once"
MAX_ROUND_TRIPS = 20
# Generous, because six scenarios run on this machine at the same time.
RECOVERY_SECONDS = 30.0

said = {
    "stage": 3,
    "why": "Crashes, outages and concurrent requests are normal in production.",
    "skills": ("sql",),
}
lab_check = partial(check, lab=True, **said)
race = partial(pair_of_writes, symmetric=True, **said)
race_check = partial(lab_check, aspect=Aspect.CONCURRENCY)
fault_check = partial(lab_check, aspect=Aspect.RESILIENCE, clause="K1")
WhileHeld = Callable[[], Awaitable[None]]


@race(title="Two who count at once both count", clause="U1", needs=INCREMENT, outcomes=BOTH_SUCCEED)
async def two_who_count_at_once_both_count(world: Counters) -> RaceFactory:
    async def new_race() -> Race:
        name = await world.new_counter()
        up = partial(world.increment, name)
        return Race(first=up, second=up, read_state=lambda: value(world, name))

    return new_race


@race(
    title="A name is given once to two who ask at once",
    clause="C4",
    needs=UNIQUE_NAME,
    outcomes=ONE_SUCCEEDS,
)
async def a_name_is_given_once_to_two_at_once(world: Counters) -> RaceFactory:
    async def new_race() -> Race:
        name = world.unique_name("cups")
        make = partial(world.create, name)
        return Race(first=make, second=make, read_state=lambda: value(world, name))

    return new_race


@fault_check(title="A crash at any moment loses nothing and leaves nothing half")
async def a_crash_loses_nothing(world: Counters) -> None:
    target = world.lab.target

    async def crash() -> None:
        await target.kill()

    for fault in (Hold(), Swallow()):
        async for name, answer in increments_with_fault(world, fault, crash):
            if not target.alive:
                await target.begin()
            await expect_consistent(world, name, answer)


@fault_check(title="A connection that breaks at any moment is not the end")
async def a_broken_connection_is_survived(world: Counters) -> None:
    for fault in (CutBefore(), CutAfter()):
        async for name, answer in increments_with_fault(world, fault):
            await expect_consistent(world, name, answer)


@fault_check(title="The server comes back when its database does")
async def it_comes_back_with_its_database(world: Counters) -> None:
    name = await world.new_counter()
    world.wire.take_down()
    answer = await world.increment(name)
    expect(answer.status, "the status (0: no response)").satisfies(
        lambda status: status == 0 or status >= 500, "5xx or no response"
    )
    world.wire.bring_up()
    await expect_consistent(world, name, None)


@race_check(title="Two copies of the server count together", clause="U1")
async def two_copies_count_together(world: Counters) -> None:
    other = await world.second_instance()
    name = await world.new_counter()
    for number, instance in enumerate((world, other, world), start=1):
        answer = expect(await instance.increment(name)).ok()
        expect(answer.at("counter", "value"), "the value").equals(number)


async def increments_with_fault(
    world: Counters, fault: Fault, while_held: WhileHeld | None = None
) -> AsyncIterator[tuple[str, Answer]]:
    """Increment counters with `fault` at one round trip each; yield each counter and its answer.

    `while_held` runs while the request is held at the fault.
    """
    for step in range(1, MAX_ROUND_TRIPS):
        name = await world.new_counter()
        async with world.wire.trace("up", FaultScript({step: fault})) as trace:
            request = asyncio.ensure_future(world.increment(name))
            interception = await trace.wait_for_step(step, unless=request)
            if interception is not None and while_held is not None:
                if isinstance(fault, Swallow):
                    await trace.wait_answered()
                await while_held()
            answer = await request
        yield name, answer
        if interception is None:
            return


async def expect_consistent(world: Counters, name: str, answer: Answer | None) -> None:
    """Expect that the increment happened or not, as `answer` says, and that the next one works."""
    found = await value_after_recovery(world, name)
    done = answer is not None and answer.status == 200
    expect(found, "the counter").satisfies(
        lambda value: value in ((1,) if done else (0, 1)), "at 1" if done else "at 0 or at 1"
    )
    again = expect(await world.increment(name)).ok(because="the fault is over")
    expect(again.at("counter", "value"), "the next value").equals(found + 1)


async def value_after_recovery(world: Counters, name: str) -> int:
    """Return a counter's value as soon as it can be read; fail after `RECOVERY_SECONDS` seconds."""
    until = time.monotonic() + RECOVERY_SECONDS
    answer = await world.read(name)
    while answer.status != 200 and time.monotonic() < until:
        await asyncio.sleep(0.05)
        answer = await world.read(name)
    because = f"the server must recover within {RECOVERY_SECONDS:.0f} s after the fault"
    return int(expect(answer).ok(because=because).at("counter", "value"))


async def value(world: Counters, name: str) -> object:
    """Return a counter's value, or the status if it cannot be read."""
    answer = await world.read(name)
    return answer.at("counter", "value") if answer.status == 200 else answer.status
