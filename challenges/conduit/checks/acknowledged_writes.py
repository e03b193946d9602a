"""Killed, or cut off from the database, in the middle of a write: what was promised is kept (V1).

Both series are dear: each is made once, by the first check here that needs it, and judged by
those in `surviving.py` too.
"""

from __future__ import annotations

import asyncio

from worksample.checks import Aspect, CheckFailed, Finding, PreconditionFailed, check, shorten
from worksample.probes.connection_losses import LossHistory, lose_connections
from worksample.probes.crashes import CrashHistory, crash_at_every_point
from worksample.probes.durability import lost_writes
from worksample.probes.exchange import Exchange
from worksample.probes.write_operations import (
    Baseline,
    Observation,
    WriteOperation,
    prepare_operation,
    record_baselines,
    succeeded,
    try_observe,
)

from .world import Conduit
from .write_findings import (
    blocked_if_unprepared,
    describe_outcome,
    discard_unless_healthy,
    expect_none,
    shared_experiment,
    unwell,
    working_baselines,
)
from .writes import ConduitWrites

SKILLS = ("relational-databases", "databases")
RECOVERS_CHECK = "a-broken-connection-is-mended"
CONNECTION_LOSS_SECONDS = 100.0
COMMIT_FIRST_HINT = "Answer when the database has committed, not when you have asked it to."


async def crashes(world: Conduit) -> CrashHistory:
    """Kill the server at every point of every kind of write, once for all checks."""

    async def make() -> CrashHistory:
        writes = ConduitWrites(world)
        good = await _baselines(world, writes)
        return await crash_at_every_point(
            world.lab, writes.kinds, good, writes.other, writes.sign_in_again
        )

    found = await shared_experiment(world, "crashes", make)
    if found.left_out:
        world.remark(f"{len(found.left_out)} points of a crash could not be reached in time")
    return found


async def losses(world: Conduit) -> LossHistory:
    """Lose the connection at every point of every kind of write, once for all checks."""

    async def make() -> LossHistory:
        writes = ConduitWrites(world)
        good = await _baselines(world, writes)
        found = await lose_connections(
            world.lab, writes.kinds, good, writes.other, CONNECTION_LOSS_SECONDS
        )
        await discard_unless_healthy(world, well=found.recovered)
        return found

    found = await shared_experiment(world, "losses", make)
    if found.left_out and found.recovered:
        world.remark(f"there was no time for {found.left_out} of the lost connections")
    return found


def require_complete_series(found: LossHistory) -> None:
    """Block where the series ended early, because the server did not recover from a loss."""
    if not found.recovered:
        last = found.failed_request or found.attempts[-1].exchange
        raise PreconditionFailed(RECOVERS_CHECK, unwell(last))


async def _baselines(world: Conduit, writes: ConduitWrites) -> list[Baseline]:
    return working_baselines(world, await record_baselines(world.wire, writes.kinds, writes.other))


@check(
    title="What was answered with success is still there after a kill",
    aspect=Aspect.RESILIENCE,
    stage=8,
    clause="V1",
    why="Machines are switched off without asking. Who was told “saved” does not save again.",
    hint=COMMIT_FIRST_HINT,
    skills=SKILLS,
    lab=True,
)
async def what_was_answered_survives_a_kill(world: Conduit) -> None:
    writes, target = ConduitWrites(world), world.lab.target
    operations = [
        await blocked_if_unprepared(prepare_operation(each)) for each in writes.kinds.values()
    ]
    before = [await try_observe(operation) for operation in operations]
    answers = [
        await operations[0].send(),
        *await asyncio.gather(*(operation.send() for operation in operations[1:])),
    ]
    await target.kill()
    await target.begin()
    await writes.sign_in_again()
    for operation, was, answer in zip(operations, before, answers, strict=True):
        seen = await try_observe(operation)
        if succeeded(answer) and was and seen and seen.state == was.state:
            raise CheckFailed(_lost_write(operation, answer, seen))


def _lost_write(operation: WriteOperation, answer: Exchange, seen: Observation) -> Finding:
    return Finding(
        expected="all that was answered with success before the kill",
        actual=f"{operation.kind} was answered {answer.status}, and there is {shorten(seen.state)}",
        exchanges=(answer, *seen.exchanges),
        cause=operation.kind,
    )


@check(
    title="Nothing is answered with success before it is stored",
    aspect=Aspect.RESILIENCE,
    stage=8,
    clause="V1",
    why="What is stored a moment after the answer is lost with every crash, and nobody knows what "
    "it was.",
    hint=COMMIT_FIRST_HINT,
    skills=SKILLS,
    lab=True,
)
async def nothing_is_answered_before_it_is_stored(world: Conduit) -> None:
    expect_none(
        lost_writes((await crashes(world)).attempts),
        "what was answered with success, whenever the server is killed",
        describe_outcome,
    )


@check(
    title="When the connection to the database breaks, nothing is called a success that is not",
    aspect=Aspect.RESILIENCE,
    stage=8,
    clause="V1",
    why="An error of the database that is caught and forgotten becomes somebody's lost work.",
    hint="A 5xx is the right answer to a write that failed. Catch only what you can mend.",
    cites="CWE-391",
    skills=SKILLS,
    lab=True,
)
async def no_success_without_storing(world: Conduit) -> None:
    found = await losses(world)
    expected = "a failure (5xx), or that it is stored"
    expect_none(lost_writes(found.attempts), expected, describe_outcome)
    require_complete_series(found)
