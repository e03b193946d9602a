"""What a kill and a broken connection leave behind: all or nothing, and a server that works."""

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

from .acknowledged_writes import SKILLS, crashes, losses, require_complete_series
from .world import Conduit
from .write_findings import describe_outcome, expect_none, unwell

ARTICLE_AND_ACCOUNT_WRITES = (
    "registering",
    "publishing with tags",
    "editing title and tags",
    "changing an account",
)
DELETION = "deleting an article with all that hangs on it"
ONE_TRANSACTION_HINT = (
    "Do all that belongs together in one transaction, committed once, at the end."
)
ALL_OR_NOTHING = "all of it, or nothing"


@check(
    title="A kill leaves no half-written article or account",
    aspect=Aspect.RESILIENCE,
    stage=8,
    clause="V1",
    why="An article without its tags is not found by them, and nobody will notice.",
    hint=ONE_TRANSACTION_HINT,
    skills=SKILLS,
    lab=True,
)
async def a_kill_leaves_nothing_half_written(world: Conduit) -> None:
    found = partial_writes((await crashes(world)).attempts)
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
    why="An article that has lost its comments, but is still there, cannot be mended by anybody.",
    hint=ONE_TRANSACTION_HINT,
    skills=SKILLS,
    lab=True,
)
async def a_kill_leaves_nothing_half_deleted(world: Conduit) -> None:
    found = partial_writes((await crashes(world)).attempts)
    expect_none(
        [each for each in found if each.baseline.kind == DELETION], ALL_OR_NOTHING, describe_outcome
    )


@check(
    title="A kill leaves no mark, follow or comment by half",
    aspect=Aspect.RESILIENCE,
    stage=8,
    clause="V1",
    why="A count that was written apart from what it counts is wrong from then on.",
    hint=ONE_TRANSACTION_HINT,
    skills=SKILLS,
    lab=True,
)
async def a_kill_leaves_no_mark_by_half(world: Conduit) -> None:
    found = partial_writes((await crashes(world)).attempts)
    rest = [
        each for each in found if each.baseline.kind not in (*ARTICLE_AND_ACCOUNT_WRITES, DELETION)
    ]
    expect_none(rest, ALL_OR_NOTHING, describe_outcome)


@check(
    title="After a kill, whoever asks again gets a sane answer",
    aspect=Aspect.RESILIENCE,
    stage=8,
    clause="V1",
    why="People press the button again. What is left of the first time must not stand in the way.",
    skills=SKILLS,
    lab=True,
)
async def after_a_kill_one_can_ask_again(world: Conduit) -> None:
    expect_none(
        failed_retries((await crashes(world)).attempts),
        "success, or that it is done",
        _describe_retry,
    )


@check(
    title="A connection that breaks leaves nothing by half",
    aspect=Aspect.RESILIENCE,
    stage=8,
    clause="V1",
    why="A broken connection is the most ordinary failure that there is.",
    hint=ONE_TRANSACTION_HINT,
    skills=SKILLS,
    lab=True,
)
async def a_broken_connection_leaves_nothing_by_half(world: Conduit) -> None:
    found = await losses(world)
    expect_none(partial_writes(found.attempts), ALL_OR_NOTHING, describe_outcome)
    require_complete_series(found)


@check(
    title="A lost answer of the database does not make anything happen twice",
    aspect=Aspect.RESILIENCE,
    stage=8,
    clause="V1",
    why="If the answer to a COMMIT is lost it may have happened: a server that just does it again "
    "publishes twice.",
    hint="Repeat only what changes nothing, or what cannot happen twice.",
    skills=SKILLS,
    lab=True,
)
async def a_lost_answer_doubles_nothing(world: Conduit) -> None:
    found = await losses(world)
    expect_none(duplicate_writes(found.attempts), "it once, or not at all", describe_outcome)
    require_complete_series(found)


@check(
    title="A connection that breaks is a matter of one request, and mended within 5 seconds",
    aspect=Aspect.RESILIENCE,
    stage=8,
    clause="V2",
    why="Somebody would have to restart the server, at night, for one broken line.",
    hint="A connection on which something went wrong must not go back into the pool.",
    skills=("relational-databases",),
    lab=True,
)
async def a_broken_connection_is_mended(world: Conduit) -> None:
    found = await losses(world)
    late = slow_to_recover(found.attempts, RECOVERY_SECONDS)
    expect_none(late, "an ordinary answer to others within 5 seconds", _describe_recovery)
    if found.failed_request is not None:
        last = found.attempts[-1] if found.attempts else None
        after = f"{last.baseline.kind}: {last.fault_summary}" if last else ""
        raise CheckFailed(unwell(found.failed_request, after, last))


@check(
    title="After a broken connection, whoever asks again gets a sane answer",
    aspect=Aspect.RESILIENCE,
    stage=8,
    clause="V1",
    why="“Please try again” must be true.",
    skills=SKILLS,
    lab=True,
)
async def after_a_broken_connection_one_can_ask_again(world: Conduit) -> None:
    found = await losses(world)
    expect_none(failed_retries(found.attempts), "success, or that it is done", _describe_retry)
    require_complete_series(found)


@check(
    title="Broken connections leave no open transaction and no connection behind",
    aspect=Aspect.RESILIENCE,
    stage=8,
    clause="V2",
    why="PostgreSQL has a hundred connections. Each that is forgotten is one less, for everybody.",
    skills=("relational-databases",),
    lab=True,
)
async def broken_connections_leave_nothing_open(world: Conduit) -> None:
    found = await losses(world)
    if found.idle_transactions:
        raise CheckFailed(
            Finding(
                expected="no transaction open, long after the last request",
                actual=f"{len(found.idle_transactions)} open, the first {found.idle_transactions[0]}",
            )
        )
    before, after = found.connections
    if after - before > max(20, len(found.attempts) // 4):
        raise CheckFailed(
            Finding(
                expected="about as many connections as before",
                actual=f"{after} instead of {before}, after {len(found.attempts)} broken ones",
            )
        )
    require_complete_series(found)


def _describe_retry(attempt: Attempt) -> str:
    answer = "" if attempt.retry is None else describe_exchange(attempt.retry)
    return f"{describe_outcome(attempt)}; asked again: {answer}"


def _describe_recovery(attempt: Attempt) -> str:
    took = (
        "not at all"
        if attempt.recovery_seconds is None
        else f"only after {attempt.recovery_seconds:.1f} s"
    )
    return f"{attempt.baseline.kind}; {attempt.fault_summary}; then others were answered {took}"
