"""Slow requests (they hash a password) block no other request, and hash outside transactions."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Protocol

from worksample.checks import (
    Answer,
    Aspect,
    CheckFailed,
    Finding,
    Meaning,
    Skipped,
    World,
    precondition_success,
    shorten,
)
from worksample.checks.suite import Suite
from worksample.messages import message
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

_RUNS, _RUNS_ALONE = 3, 3
#: Of so many CPU seconds, what else the server does meanwhile is a small part: one run will do.
_MUCH_CPU_SECONDS = 0.1
_MIN_CPU_SECONDS = 0.006
_MIN_SHARE = 0.5
Send = Callable[[], Awaitable[Answer]]


class SlowRequest(Protocol):
    """A request that hashes a password, and a cheap read beside it.

    meaning, needs: what the slow request must answer, and the check that tests that.
    cheap_name, cheap_needs: the cheap read as findings name it, and the check that tests it.
    """

    @property
    def meaning(self) -> Meaning: ...

    @property
    def needs(self) -> str: ...

    @property
    def cheap_name(self) -> str: ...

    @property
    def cheap_needs(self) -> str: ...

    async def prepare(self) -> None:
        """Create the data that both need. Raises `PreconditionFailed`."""

    async def slow(self) -> Answer:
        """Send the slow request; it must work several times."""

    async def cheap(self) -> Answer:
        """Send the cheap read, on a new connection."""


SUITE = Suite[SlowRequest](
    "password-hashing",
    SlowRequest,
    aspect=Aspect.PERFORMANCE,
    skills=("cryptography", "performance-scalability"),
)


@SUITE.check(
    title="A request that hashes a password does not hold up readers",
    why="Password hashes are slow on purpose. Computed on the event loop, twenty of them block all "
    "other requests for a second or two.",
    lab=True,
    repeated_alone=True,
)
async def hashing_does_not_hold_up_readers(world: World, request: SlowRequest) -> None:
    await request.prepare()
    heavy = await _cpu_alone(world, request.slow, request.meaning, request.needs)
    light = await _cpu_alone(world, request.cheap, Meaning.OK, request.cheap_needs)
    if heavy < _MIN_CPU_SECONDS:
        world.note(
            message(
                "the request takes {milliseconds} ms of CPU: too little to block others",
                milliseconds=f"{1000 * heavy:.1f}",
            )
        )
        return
    activity = ActivityCounter(world.wire)
    scene = BlockingSetup(
        world.lab.target.cpu_seconds,
        activity.snapshot,
        request.slow,
        request.cheap,
        (heavy, light),
    )
    async with world.wire.trace("all", activity):
        found = await run_trials(lambda: run_trial(scene))
    _judge(world, found, request.cheap_name)


async def _cpu_alone(world: World, ask: Send, meaning: Meaning, needs: str) -> float:
    """Return the least CPU seconds of a request over several runs without other load.

    One run, if it takes much.
    """
    cpu, found = world.lab.target.cpu_seconds, []
    for _ in range(_RUNS_ALONE):
        before = cpu()
        precondition_success(world, await ask(), meaning, needs=needs)
        found.append(cpu() - before)
        if found[-1] >= _MUCH_CPU_SECONDS:
            break
    return min(found)


def _judge(world: World, found: list[BlockingTrial], cheap: str) -> None:
    waits = is_blocking(found)
    if waits is None:
        raise Skipped(
            message(
                "the machine was too busy to tell whether other requests wait ({count} attempts)",
                count=len(found),
            )
        )
    if waits:
        counted = [each for each in found if each.is_valid]
        was_blocked = sum(each.was_blocked for each in counted)
        raise CheckFailed(
            Finding(
                expected=message(
                    "the server starts {cheap} while it hashes a password for another request",
                    cheap=cheap,
                ),
                actual=message(
                    "{cheap} waited until the password was hashed, in {blocked} of {count} "
                    "attempts",
                    cheap=cheap,
                    blocked=was_blocked,
                    count=len(counted),
                ),
                exchanges=tuple(world.session.exchanges[-2:]),
                hint="Hash in a worker thread or process, so that the event loop stays free.",
            )
        )


@SUITE.check(
    title="No transaction is open while a password is hashed",
    why="An idle open transaction occupies a connection, holds its locks and blocks VACUUM.",
    lab=True,
)
async def no_transaction_is_open_while_hashing(world: World, request: SlowRequest) -> None:
    """Expect that, in at least one of several runs, no transaction is open while most of the
    request's CPU time is used.
    """
    await request.prepare()
    precondition_success(world, await request.slow(), request.meaning, needs=request.needs)
    found: list[TransactionCpu] = []
    for _ in range(_RUNS):
        longest = await _longest_held(world, request)
        if longest is None or longest.seconds < _MIN_CPU_SECONDS or longest.share < _MIN_SHARE:
            return
        found.append(longest)
    raise CheckFailed(_held_finding(world, min(found, key=lambda each: each.share)))


def _held_finding(world: World, least: TransactionCpu) -> Finding:
    return Finding(
        expected="no transaction is open while the password is hashed",
        actual=message(
            "at least {share} of the request's CPU time ({milliseconds} ms) is used "
            "between two statements of an open transaction, in {runs} of {runs} runs",
            share=f"{least.share:.0%}",
            milliseconds=f"{1000 * least.seconds:.0f}",
            runs=_RUNS,
        ),
        exchanges=tuple(world.session.exchanges[-1:]),
        details=(message("the CPU time comes after: {trip}", trip=shorten(str(least.trip))),),
        hint="Hash before the transaction begins, or end the transaction that looked up the "
        "account first. Many libraries begin a transaction implicitly with the first statement.",
    )


async def _longest_held(world: World, request: SlowRequest) -> TransactionCpu | None:
    cpu = world.lab.target.cpu_seconds
    gate = CpuGate(cpu)
    before = cpu()
    async with world.wire.trace("hashing", gate):
        precondition_success(world, await request.slow(), request.meaning, needs=request.needs)
        total = cpu() - before
        await world.wire.wait_idle(2.0)
    return longest_transaction_cpu(gate.samples, total)
