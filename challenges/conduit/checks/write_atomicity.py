"""Writes are atomic, and the server recovers, after a kill and after a lost connection."""

from __future__ import annotations

from worksample.checks import Aspect, CheckFailed, Finding, check, describe_exchange
from worksample.probes.connection_losses import RECOVERY_SECONDS
from worksample.probes.durability import (
    duplicate_writes,
    failed_retries,
    partial_writes,
    slow_to_recover,
)
from worksample.probes.write_operations import Attempt

from .acknowledged_writes import (
    SKILLS,
    connection_loss_experiment,
    crash_experiment,
    require_complete_series,
)
from .world import Conduit
from .write_findings import describe_outcome, expect_none, recovery_finding

ARTICLE_AND_ACCOUNT_WRITES = (
    "registering",
    "publishing with tags",
    "editing title and tags",
    "changing an account",
)
DELETION = "deleting an article with comments and favourites"
ONE_TRANSACTION_HINT = (
    "Run all statements of one write in one transaction, and commit it once, at the end."
)
RETRY_WORKS = "the retry is answered with 2xx, or refused because the write is stored"
ALL_OR_NOTHING = "the write is stored completely or not at all"


@check(
    title="A kill leaves no half-written article or account",
    aspect=Aspect.RESILIENCE,
    stage=8,
    clause="V1",
    why="An article that is stored without its tags is never found by them, and no one notices.",
    hint=ONE_TRANSACTION_HINT,
    skills=SKILLS,
    lab=True,
)
async def a_kill_leaves_nothing_half_written(world: Conduit) -> None:
    found = partial_writes((await crash_experiment(world)).attempts)
    expect_none(
        [each for each in found if each.baseline.kind in ARTICLE_AND_ACCOUNT_WRITES],
        ALL_OR_NOTHING,
        describe_outcome,
    )


@check(
    title="A kill leaves no half-deleted article",
    aspect=Aspect.RESILIENCE,
    stage=8,
    clause="V1",
    why="An article that has lost its comments but still exists cannot be repaired by anyone.",
    hint=ONE_TRANSACTION_HINT,
    skills=SKILLS,
    lab=True,
)
async def a_kill_leaves_nothing_half_deleted(world: Conduit) -> None:
    found = partial_writes((await crash_experiment(world)).attempts)
    expect_none(
        [each for each in found if each.baseline.kind == DELETION], ALL_OR_NOTHING, describe_outcome
    )


@check(
    title="A kill leaves no mark, follow or comment by half",
    aspect=Aspect.RESILIENCE,
    stage=8,
    clause="V1",
    why="A counter that is stored separately from the rows that it counts stays wrong.",
    hint=ONE_TRANSACTION_HINT,
    skills=SKILLS,
    lab=True,
)
async def a_kill_leaves_no_mark_by_half(world: Conduit) -> None:
    found = partial_writes((await crash_experiment(world)).attempts)
    rest = [
        each for each in found if each.baseline.kind not in (*ARTICLE_AND_ACCOUNT_WRITES, DELETION)
    ]
    expect_none(rest, ALL_OR_NOTHING, describe_outcome)


@check(
    title="After a kill, whoever asks again gets a sane answer",
    aspect=Aspect.RESILIENCE,
    stage=8,
    clause="V1",
    why="Users press the button again. Remains of the first attempt must not block the second.",
    skills=SKILLS,
    lab=True,
)
async def after_a_kill_one_can_ask_again(world: Conduit) -> None:
    expect_none(
        failed_retries((await crash_experiment(world)).attempts), RETRY_WORKS, _describe_retry
    )


@check(
    title="A connection that breaks leaves nothing by half",
    aspect=Aspect.RESILIENCE,
    stage=8,
    clause="V1",
    why="A broken connection is the most common failure of all.",
    hint=ONE_TRANSACTION_HINT,
    skills=SKILLS,
    lab=True,
)
async def a_broken_connection_leaves_nothing_by_half(world: Conduit) -> None:
    found = await connection_loss_experiment(world)
    expect_none(partial_writes(found.attempts), ALL_OR_NOTHING, describe_outcome)
    require_complete_series(found)


@check(
    title="A lost answer of the database does not make anything happen twice",
    aspect=Aspect.RESILIENCE,
    stage=8,
    clause="V1",
    why="When the response to a COMMIT is lost, the transaction may be committed: a server that "
    "repeats it blindly publishes twice.",
    hint="Repeat only reads and idempotent writes.",
    skills=SKILLS,
    lab=True,
)
async def a_lost_answer_doubles_nothing(world: Conduit) -> None:
    found = await connection_loss_experiment(world)
    expect_none(
        duplicate_writes(found.attempts), "the write is stored once or not at all", describe_outcome
    )
    require_complete_series(found)


@check(
    title="A connection that breaks is a matter of one request, and mended within 5 seconds",
    aspect=Aspect.RESILIENCE,
    stage=8,
    clause="V2",
    why="Otherwise someone has to restart the server, at night, because of one broken connection.",
    hint="Do not return a connection to the pool after it failed.",
    skills=("relational-databases",),
    lab=True,
)
async def a_broken_connection_is_mended(world: Conduit) -> None:
    found = await connection_loss_experiment(world)
    late = slow_to_recover(found.attempts, RECOVERY_SECONDS)
    expect_none(
        late, "other requests are answered with 2xx within 5 s after the loss", _describe_recovery
    )
    if found.failed_request is not None:
        last = found.attempts[-1] if found.attempts else None
        during = f" ({last.baseline.kind}: {last.fault_summary})" if last else ""
        raise CheckFailed(
            recovery_finding(found.failed_request, f"a lost database connection{during}", last)
        )


@check(
    title="After a broken connection, whoever asks again gets a sane answer",
    aspect=Aspect.RESILIENCE,
    stage=8,
    clause="V1",
    why="“Please try again” must work.",
    skills=SKILLS,
    lab=True,
)
async def after_a_broken_connection_one_can_ask_again(world: Conduit) -> None:
    found = await connection_loss_experiment(world)
    expect_none(failed_retries(found.attempts), RETRY_WORKS, _describe_retry)
    require_complete_series(found)


@check(
    title="Broken connections leave no open transaction and no connection behind",
    aspect=Aspect.RESILIENCE,
    stage=8,
    clause="V2",
    why="PostgreSQL allows a hundred connections. Each leaked one is missing for everyone.",
    skills=("relational-databases",),
    lab=True,
)
async def broken_connections_leave_nothing_open(world: Conduit) -> None:
    found = await connection_loss_experiment(world)
    if found.idle_transactions:
        raise CheckFailed(
            Finding(
                expected="no open transaction after the last request has ended",
                actual=f"{len(found.idle_transactions)} open; "
                f"the first: {found.idle_transactions[0]}",
            )
        )
    before, after = found.connections
    if after - before > max(20, len(found.attempts) // 4):
        raise CheckFailed(
            Finding(
                expected=f"about {before} connections to PostgreSQL, as before the experiment",
                actual=f"{after} connections after {len(found.attempts)} lost ones",
            )
        )
    require_complete_series(found)


def _describe_retry(attempt: Attempt) -> str:
    answer = "" if attempt.retry is None else describe_exchange(attempt.retry)
    return f"{describe_outcome(attempt)}; retry: {answer}"


def _describe_recovery(attempt: Attempt) -> str:
    when = (
        "never"
        if attempt.recovery_seconds is None
        else f"only after {attempt.recovery_seconds:.1f} s"
    )
    return f"{attempt.baseline.kind}: {attempt.fault_summary}; other requests were answered {when}"
