"""While a password is hashed: nobody else waits, and no transaction is open."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from typing import Any

from worksample.checks import (
    Answer,
    Aspect,
    CheckFailed,
    Finding,
    Meaning,
    Skipped,
    check,
    precondition,
    shorten,
)
from worksample.probes.head_of_line import (
    BlockingSetup,
    BlockingTrial,
    is_blocking,
    run_trial,
    run_trials,
)
from worksample.probes.transaction_cpu import (
    ActivityCounter,
    CpuGate,
    TransactionCpu,
    longest_transaction_cpu,
)

from .world import CHANGING, REGISTERING, SIGNING_IN, Conduit, Person

SKILLS = ("cryptography", "performance-scalability")
_RUNS, _RUNS_ALONE = 3, 3
_MIN_CPU_SECONDS = 0.006
_MIN_SHARE = 0.5
Slow = Callable[[], Coroutine[Any, Any, Answer]]


async def _expect_reader_not_blocked(
    world: Conduit, slow: Slow, meaning: Meaning, needs: str
) -> None:
    """Expect that a cheap read is begun with while the slow request is computed."""

    async def cheap() -> Answer:
        return await world.send("GET", "/tags", label="a visitor looks at the tags", fresh=True)

    heavy = await _cpu_alone(world, slow, meaning, needs)
    light = await _cpu_alone(world, cheap, Meaning.OK, "the-tags-in-use-are-listed-once")
    if heavy < _MIN_CPU_SECONDS:
        world.remark(f"it takes {1000 * heavy:.1f} ms of CPU: too little to hold anybody up")
        return
    activity = ActivityCounter(world.wire)
    scene = BlockingSetup(
        world.lab.target.cpu_seconds, activity.snapshot, slow, cheap, (heavy, light)
    )
    async with world.wire.trace("all", activity):
        found = await run_trials(lambda: run_trial(scene))
    _judge(world, found)


async def _cpu_alone(world: Conduit, ask: Slow, meaning: Meaning, needs: str) -> float:
    """Return the CPU seconds that a request takes when it is alone."""
    cpu, found = world.lab.target.cpu_seconds, []
    for _ in range(_RUNS_ALONE):
        before = cpu()
        precondition(await ask(), meaning, needs=needs)
        found.append(cpu() - before)
    return min(found)


def _judge(world: Conduit, found: list[BlockingTrial]) -> None:
    waits = is_blocking(found)
    if waits is None:
        raise Skipped(
            f"the machine was too busy to say whether others are held up, in {len(found)} attempts"
        )
    if waits:
        counted = [each for each in found if each.is_valid]
        was_blocked = sum(each.was_blocked for each in counted)
        raise CheckFailed(
            Finding(
                expected="a reader is served while somebody else's password is being hashed",
                actual="nothing was done for the reader until that was done, "
                f"{was_blocked} of {len(counted)} times",
                exchanges=tuple(world.session.exchanges[-2:]),
                hint="Hash in a thread or a process of its own, and let the event loop go on.",
            )
        )


@check(
    title="Signing in does not hold up readers",
    aspect=Aspect.PERFORMANCE,
    stage=7,
    clause="W3",
    why="A password is slow to check on purpose. On the event loop that slowness is everybody's: "
    "twenty people who sign in make the site stand still for a second or two.",
    skills=SKILLS,
    lab=True,
    alone=True,
)
async def signing_in_does_not_hold_up_readers(world: Conduit) -> None:
    person = await world.sign_up()

    async def slow() -> Answer:
        return await world.log_in(person.email, person.password)

    await _expect_reader_not_blocked(world, slow, Meaning.OK, SIGNING_IN)


@check(
    title="Registering does not hold up readers",
    aspect=Aspect.PERFORMANCE,
    stage=7,
    clause="W3",
    why="On the day on which the newspaper writes about you everybody registers at once, and "
    "nobody may have to wait for that who only wants to read.",
    skills=SKILLS,
    lab=True,
    alone=True,
)
async def registering_does_not_hold_up_readers(world: Conduit) -> None:
    async def slow() -> Answer:
        return await world.register(world.new_account())

    await _expect_reader_not_blocked(world, slow, Meaning.CREATED, REGISTERING)


async def _expect_no_open_transaction(
    world: Conduit, slow: Slow, meaning: Meaning, needs: str
) -> None:
    """Expect that no transaction is open while most of a request's CPU is used, time and again."""
    precondition(await slow(), meaning, needs=needs)
    found = [await _longest_held(world, slow, meaning, needs) for _ in range(_RUNS)]
    if any(
        each is None or each.seconds < _MIN_CPU_SECONDS or each.share < _MIN_SHARE for each in found
    ):
        return
    least = min(filter(None, found), key=lambda each: each.share)
    raise CheckFailed(
        Finding(
            expected="no transaction is open while the password is hashed",
            actual=f"{least.share:.0%} of the request's CPU ({1000 * least.seconds:.0f} ms) is "
            f"used between two statements of an open transaction, {_RUNS} times of {_RUNS}",
            exchanges=tuple(world.session.exchanges[-1:]),
            details=(f"after: {shorten(str(least.trip))}",),
            hint="Hash before the transaction begins, or end the one that looked up the account "
            "first. Many libraries begin one with the first statement, without being told.",
        )
    )


async def _longest_held(
    world: Conduit, slow: Slow, meaning: Meaning, needs: str
) -> TransactionCpu | None:
    cpu = world.lab.target.cpu_seconds
    gate = CpuGate(cpu)
    before = cpu()
    async with world.wire.trace("hashing", gate):
        precondition(await slow(), meaning, needs=needs)
        total = cpu() - before
        await world.wire.wait_idle(2.0)
    return longest_transaction_cpu(gate.samples, total)


@check(
    title="No transaction is open while a password is checked",
    aspect=Aspect.PERFORMANCE,
    stage=7,
    clause="W5",
    why="Each one that signs in then keeps a connection for as long as hashing takes, and there "
    "are only a few: ten people who sign in, and nobody reads.",
    skills=SKILLS,
    lab=True,
)
async def no_transaction_is_open_while_a_password_is_checked(world: Conduit) -> None:
    person = await world.sign_up()

    async def slow() -> Answer:
        return await world.log_in(person.email, person.password)

    await _expect_no_open_transaction(world, slow, Meaning.OK, SIGNING_IN)


@check(
    title="No transaction is open while the password of a new account is hashed",
    aspect=Aspect.PERFORMANCE,
    stage=7,
    clause="W5",
    why="An open transaction that does nothing keeps a connection, its locks, and the rows that "
    "cannot be tidied up because of it.",
    skills=SKILLS,
    lab=True,
)
async def no_transaction_is_open_while_registering(world: Conduit) -> None:
    async def slow() -> Answer:
        return await world.register(world.new_account())

    await _expect_no_open_transaction(world, slow, Meaning.CREATED, REGISTERING)


@check(
    title="No transaction is open while a changed password is hashed",
    aspect=Aspect.PERFORMANCE,
    stage=7,
    clause="W5",
    why="The row of the account is often locked by then: whoever comes with the same token waits.",
    skills=SKILLS,
    lab=True,
)
async def no_transaction_is_open_while_a_password_is_changed(world: Conduit) -> None:
    people: list[Person] = [await world.sign_up()]

    async def slow() -> Answer:
        new = world.password()
        answer = await people[-1].change(password=new)
        people.append(
            Person(world, people[-1].username, people[-1].token_from(answer))
            if answer.status == 200
            else people[-1]
        )
        return answer

    await _expect_no_open_transaction(world, slow, Meaning.OK, CHANGING)
