"""Acknowledged writes are durable: after a kill and after a lost database connection."""

from __future__ import annotations

import asyncio

from worksample.checks import Aspect, CheckFailed, Finding, PreconditionFailed, World, shorten
from worksample.checks.suite import Suite
from worksample.messages import message
from worksample.probes.durability import lost_writes
from worksample.probes.exchange import Exchange
from worksample.probes.write_operations import (
    Observation,
    PreparationFailed,
    WriteOperation,
    prepare_operation,
    succeeded,
    try_observe,
)
from worksample.suites.write_experiments import (
    connection_loss_experiment,
    crash_experiment,
    require_complete_series,
)
from worksample.suites.write_findings import describe_outcome, expect_none
from worksample.suites.writes import Writes, precondition_of, record_working_baselines

COMMIT_FIRST_HINT = "Send the response after the database has confirmed the COMMIT, not before."
SUITE = Suite[Writes](
    "acknowledged-writes",
    Writes,
    aspect=Aspect.RESILIENCE,
    skills=("relational-databases", "databases"),
)


@SUITE.check(
    title="What was answered with success is still there after a kill",
    why="Processes are killed without warning. A user who read “saved” does not save again.",
    hint=COMMIT_FIRST_HINT,
    lab=True,
)
async def what_was_answered_survives_a_kill(world: World, writes: Writes) -> None:
    target = world.lab.target
    prepared_writes = await _prepare_all(world, writes)
    before = [await try_observe(write) for write in prepared_writes]
    first, *others = prepared_writes
    answers = [await first.send(), *await asyncio.gather(*(write.send() for write in others))]
    await target.kill()
    await target.begin()
    await writes.reauthenticate()
    for write, was, answer in zip(prepared_writes, before, answers, strict=True):
        seen = await try_observe(write)
        if not (succeeded(answer) and was and seen and seen.state == was.state):
            continue
        if await _is_shown_when_undisturbed(world, writes, write.kind):
            raise CheckFailed(_lost_write(write, answer, seen))


async def _is_shown_when_undisturbed(world: World, writes: Writes, kind: str) -> bool:
    """Whether the effect of such a write can be read back at all; if not, tell the check why."""
    try:
        await record_working_baselines(world, writes, {kind: writes.kinds[kind]})
    except PreparationFailed as failure:
        world.unprepared.append(precondition_of(world, failure, writes.needs))
    except PreconditionFailed as failure:
        world.unprepared.append(failure)
    else:
        return True
    return False


async def _prepare_all(world: World, writes: Writes) -> list[WriteOperation]:
    """Prepare a write of each kind; leave out those that cannot be prepared."""
    prepared: list[WriteOperation] = []
    for prepare in writes.kinds.values():
        try:
            prepared.append(await prepare_operation(prepare, undisturbed=True))
        except PreparationFailed as failure:
            world.unprepared.append(precondition_of(world, failure, writes.needs))
    if not prepared:
        raise world.unprepared[0]
    return prepared


def _lost_write(write: WriteOperation, answer: Exchange, seen: Observation) -> Finding:
    return Finding(
        expected="after the restart, everything that was acknowledged before the kill is stored",
        actual=message(
            "{write} was answered {status} before the kill; after the restart the "
            "server shows {state}",
            write=write.kind,
            status=answer.status,
            state=shorten(seen.state),
        ),
        exchanges=(answer, *seen.exchanges),
        cause=write.kind,
    )


@SUITE.check(
    title="Nothing is answered with success before it is stored",
    why="A write that is stored after the response is lost in every crash, and no one knows which "
    "writes those were.",
    hint=COMMIT_FIRST_HINT,
    lab=True,
)
async def nothing_is_answered_before_it_is_stored(world: World, writes: Writes) -> None:
    expect_none(
        lost_writes((await crash_experiment(world, writes)).attempts),
        "a write that was answered with success is stored, wherever the server is killed",
        describe_outcome,
    )


@SUITE.check(
    title="When the connection to the database breaks, nothing is called a success that is not",
    why="A database error that is caught and ignored becomes a user's lost work.",
    hint="Answer a write that failed with a 5xx. Catch only errors that you can handle.",
    cites="CWE-391",
    lab=True,
)
async def no_success_without_storing(world: World, writes: Writes) -> None:
    found = await connection_loss_experiment(world, writes)
    expected = "an error (5xx), or a success and the write is stored"
    expect_none(lost_writes(found.attempts), expected, describe_outcome)
    require_complete_series(found)
