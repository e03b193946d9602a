"""Password hashing blocks no other request (W3) and happens outside transactions (W5)."""

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
    """Expect that the server starts a cheap read while it computes the slow request."""

    async def cheap() -> Answer:
        return await world.send("GET", "/tags", label="a visitor reads the tags", fresh=True)

    heavy = await _cpu_alone(world, slow, meaning, needs)
    light = await _cpu_alone(world, cheap, Meaning.OK, "the-tags-in-use-are-listed-once")
    if heavy < _MIN_CPU_SECONDS:
        world.remark(f"the request takes {1000 * heavy:.1f} ms of CPU: too little to block others")
        return
    activity = ActivityCounter(world.wire)
    scene = BlockingSetup(
        world.lab.target.cpu_seconds, activity.snapshot, slow, cheap, (heavy, light)
    )
    async with world.wire.trace("all", activity):
        found = await run_trials(lambda: run_trial(scene))
    _judge(world, found)


async def _cpu_alone(world: Conduit, ask: Slow, meaning: Meaning, needs: str) -> float:
    """Return the least CPU seconds of a request over several runs without other load."""
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
            f"the machine was too busy to tell whether other requests wait ({len(found)} attempts)"
        )
    if waits:
        counted = [each for each in found if each.is_valid]
        was_blocked = sum(each.was_blocked for each in counted)
        raise CheckFailed(
            Finding(
                expected="the server starts GET /tags while it hashes a password for another "
                "request",
                actual="GET /tags waited until the password was hashed, "
                f"in {was_blocked} of {len(counted)} attempts",
                exchanges=tuple(world.session.exchanges[-2:]),
                hint="Hash in a worker thread or process, so that the event loop stays free.",
            )
        )


@check(
    title="Signing in does not hold up readers",
    aspect=Aspect.PERFORMANCE,
    stage=7,
    clause="W3",
    why="Password hashes are slow on purpose. Computed on the event loop, twenty sign-ins block "
    "all other requests for a second or two.",
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
    why="When many people register at once, readers must not wait for their password hashes.",
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
    """Expect that, in at least one of several runs, no transaction is open while most of the
    request's CPU time is used.
    """
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
            actual=f"at least {least.share:.0%} of the request's CPU time "
            f"({1000 * least.seconds:.0f} ms) is used between two statements of an open "
            f"transaction, in {_RUNS} of {_RUNS} runs",
            exchanges=tuple(world.session.exchanges[-1:]),
            details=(f"the CPU time follows: {shorten(str(least.trip))}",),
            hint="Hash before the transaction begins, or end the transaction that looked up the "
            "account first. Many libraries begin a transaction implicitly with the first "
            "statement.",
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
    why="Each sign-in then occupies a pooled connection while it hashes: ten sign-ins at once, and "
    "no other request gets a connection.",
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
    why="An idle open transaction occupies a connection, holds its locks and blocks VACUUM.",
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
    why="The row of the account is often locked by then: other requests of the same account wait.",
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
