"""Acknowledged writes are durable: after a kill and after a lost database connection (V1).

Each of the two experiments takes a minute or more. The first check that needs one runs it; the
checks here and in `write_atomicity.py` share the result.
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
    recovery_finding,
    shared_experiment,
    working_baselines,
)
from .writes import ConduitWrites

SKILLS = ("relational-databases", "databases")
RECOVERS_CHECK = "a-broken-connection-is-mended"
CONNECTION_LOSS_SECONDS = 100.0
COMMIT_FIRST_HINT = "Send the response after the database has confirmed the COMMIT, not before."


async def crash_experiment(world: Conduit) -> CrashHistory:
    """Kill the server at every crash point of every kind of write; runs once per run."""

    async def make() -> CrashHistory:
        writes = ConduitWrites(world)
        good = await _baselines(world, writes)
        return await crash_at_every_point(
            world.lab, writes.kinds, good, writes.other, writes.sign_in_again
        )

    found = await shared_experiment(world, "crashes", make)
    if found.left_out:
        world.remark(
            f"{len(found.left_out)} crash points were not reached in time and are not judged"
        )
    return found


async def connection_loss_experiment(world: Conduit) -> LossHistory:
    """Break the database connection at every point of every kind of write; runs once per run."""

    async def make() -> LossHistory:
        writes = ConduitWrites(world)
        good = await _baselines(world, writes)
        found = await lose_connections(
            world.lab, writes.kinds, good, writes.other, CONNECTION_LOSS_SECONDS
        )
        await discard_unless_healthy(world, healthy=found.recovered)
        return found

    found = await shared_experiment(world, "losses", make)
    if found.left_out and found.recovered:
        world.remark(f"time ran out: {found.left_out} planned connection losses were not tried")
    return found


def require_complete_series(found: LossHistory) -> None:
    """Raise `PreconditionFailed` if the server did not recover from a loss."""
    if not found.recovered:
        last = found.failed_request or found.attempts[-1].exchange
        raise PreconditionFailed(
            RECOVERS_CHECK, recovery_finding(last, "a lost database connection")
        )


async def _baselines(world: Conduit, writes: ConduitWrites) -> list[Baseline]:
    return working_baselines(world, await record_baselines(world.wire, writes.kinds, writes.other))


@check(
    title="What was answered with success is still there after a kill",
    aspect=Aspect.RESILIENCE,
    stage=8,
    clause="V1",
    why="Processes are killed without warning. A user who read “saved” does not save again.",
    hint=COMMIT_FIRST_HINT,
    skills=SKILLS,
    lab=True,
)
async def what_was_answered_survives_a_kill(world: Conduit) -> None:
    writes, target = ConduitWrites(world), world.lab.target
    prepared_writes = [
        await blocked_if_unprepared(prepare_operation(each)) for each in writes.kinds.values()
    ]
    before = [await try_observe(write) for write in prepared_writes]
    first, *others = prepared_writes
    answers = [await first.send(), *await asyncio.gather(*(write.send() for write in others))]
    await target.kill()
    await target.begin()
    await writes.sign_in_again()
    for write, was, answer in zip(prepared_writes, before, answers, strict=True):
        seen = await try_observe(write)
        if succeeded(answer) and was and seen and seen.state == was.state:
            raise CheckFailed(_lost_write(write, answer, seen))


def _lost_write(write: WriteOperation, answer: Exchange, seen: Observation) -> Finding:
    return Finding(
        expected="after the restart, everything that was acknowledged before the kill is stored",
        actual=f"{write.kind} was answered {answer.status} before the kill; after the restart the "
        f"server shows {shorten(seen.state)}",
        exchanges=(answer, *seen.exchanges),
        cause=write.kind,
    )


@check(
    title="Nothing is answered with success before it is stored",
    aspect=Aspect.RESILIENCE,
    stage=8,
    clause="V1",
    why="A write that is stored after the response is lost in every crash, and no one knows which "
    "writes those were.",
    hint=COMMIT_FIRST_HINT,
    skills=SKILLS,
    lab=True,
)
async def nothing_is_answered_before_it_is_stored(world: Conduit) -> None:
    expect_none(
        lost_writes((await crash_experiment(world)).attempts),
        "a write that was answered with success is stored, wherever the server is killed",
        describe_outcome,
    )


@check(
    title="When the connection to the database breaks, nothing is called a success that is not",
    aspect=Aspect.RESILIENCE,
    stage=8,
    clause="V1",
    why="A database error that is caught and ignored becomes a user's lost work.",
    hint="Answer a write that failed with a 5xx. Catch only errors that you can handle.",
    cites="CWE-391",
    skills=SKILLS,
    lab=True,
)
async def no_success_without_storing(world: Conduit) -> None:
    found = await connection_loss_experiment(world)
    expected = "an error (5xx), or a success and the write is stored"
    expect_none(lost_writes(found.attempts), expected, describe_outcome)
    require_complete_series(found)
