"""Writes are atomic, and the server recovers, after a kill and after a lost connection."""

from __future__ import annotations

from worksample.checks import Aspect, CheckFailed, Finding, World, describe_exchange
from worksample.checks.suite import Suite
from worksample.messages import message
from worksample.probes.connection_losses import RECOVERY_SECONDS, LossHistory
from worksample.probes.durability import (
    duplicate_writes,
    failed_retries,
    partial_writes,
    slow_to_recover,
    unclear_writes,
)
from worksample.probes.write_operations import Attempt
from worksample.suites.write_experiments import (
    connection_loss_experiment,
    crash_experiment,
    require_complete_series,
)
from worksample.suites.write_findings import (
    describe_outcome,
    expect_none,
    recovery_finding,
    require_clear,
)
from worksample.suites.writes import Writes

ONE_TRANSACTION_HINT = (
    "Run all statements of one write in one transaction, and commit it once, at the end."
)
RETRY_WORKS = "the retry is answered with 2xx, or refused because the write is stored"
ALL_OR_NOTHING = "the write is stored completely or not at all"
SUITE = Suite[Writes](
    "write-atomicity",
    Writes,
    aspect=Aspect.RESILIENCE,
    skills=("relational-databases", "databases"),
)


@SUITE.check(
    title="A kill leaves nothing half-written",
    why="What is stored in part cannot be repaired by anyone, and no one notices.",
    hint=ONE_TRANSACTION_HINT,
    lab=True,
)
async def a_kill_leaves_nothing_half_written(world: World, writes: Writes) -> None:
    found, judged = await crash_experiment(world, writes), writes.judged or writes.kinds
    attempts = [each for each in found.attempts if each.baseline.kind in judged]
    expect_none(partial_writes(attempts), ALL_OR_NOTHING, describe_outcome)
    require_clear(unclear_writes(attempts))


@SUITE.check(
    title="After a kill, whoever asks again gets a sane answer",
    why="Users press the button again. Remains of the first attempt must not block the second.",
    lab=True,
)
async def after_a_kill_one_can_ask_again(world: World, writes: Writes) -> None:
    expect_none(
        failed_retries((await crash_experiment(world, writes)).attempts),
        RETRY_WORKS,
        _describe_retry,
    )


@SUITE.check(
    title="A connection that breaks leaves nothing by half",
    why="A broken connection is the most common failure of all.",
    hint=ONE_TRANSACTION_HINT,
    lab=True,
)
async def a_broken_connection_leaves_nothing_by_half(world: World, writes: Writes) -> None:
    found = await connection_loss_experiment(world, writes)
    expect_none(partial_writes(found.attempts), ALL_OR_NOTHING, describe_outcome)
    require_complete_series(found)
    require_clear(unclear_writes(found.attempts))


@SUITE.check(
    title="A lost answer of the database does not make anything happen twice",
    why="When the response to a COMMIT is lost, the transaction may be committed: a server that "
    "repeats it blindly writes twice.",
    hint="Repeat only reads and idempotent writes.",
    lab=True,
)
async def a_lost_answer_doubles_nothing(world: World, writes: Writes) -> None:
    found = await connection_loss_experiment(world, writes)
    expect_none(
        duplicate_writes(found.attempts), "the write is stored once or not at all", describe_outcome
    )
    require_complete_series(found)


@SUITE.check(
    title="A connection that breaks is a matter of one request, and mended within 5 seconds",
    why="Otherwise someone has to restart the server, at night, because of one broken connection.",
    hint="Do not return a connection to the pool after it failed.",
    skills=("relational-databases",),
    lab=True,
)
async def a_broken_connection_is_mended(world: World, writes: Writes) -> None:
    found = await connection_loss_experiment(world, writes)
    late = slow_to_recover(found.attempts, RECOVERY_SECONDS)
    expect_none(
        late, "other requests are answered with 2xx within 5 s after the loss", _describe_recovery
    )
    broken = found.unrecovered
    if broken is not None and broken.failed_request is not None:
        last = broken.attempts[-1] if broken.attempts else None
        loss = "a lost database connection"
        if last is not None:
            template = "a lost database connection ({write}: {fault})"
            loss = message(template, write=last.baseline.kind, fault=last.fault_summary)
        raise CheckFailed(recovery_finding(broken.failed_request, loss, last))
    require_complete_series(found)


@SUITE.check(
    title="After a broken connection, whoever asks again gets a sane answer",
    why="“Please try again” must work.",
    lab=True,
)
async def after_a_broken_connection_one_can_ask_again(world: World, writes: Writes) -> None:
    found = await connection_loss_experiment(world, writes)
    expect_none(failed_retries(found.attempts), RETRY_WORKS, _describe_retry)
    require_complete_series(found)


@SUITE.check(
    title="Broken connections leave no open transaction and no connection behind",
    why="PostgreSQL allows a hundred connections. Each leaked one is missing for everyone.",
    skills=("relational-databases",),
    lab=True,
)
async def broken_connections_leave_nothing_open(world: World, writes: Writes) -> None:
    found = await connection_loss_experiment(world, writes)
    for each in found.histories:
        _expect_nothing_open(each)
    require_complete_series(found)


def _expect_nothing_open(found: LossHistory) -> None:
    """Expect no open transaction, and not many more connections than before."""
    if found.idle_transactions:
        raise CheckFailed(
            Finding(
                expected="no open transaction after the last request has ended",
                actual=message(
                    "{count} open; the first: {first}",
                    count=len(found.idle_transactions),
                    first=found.idle_transactions[0],
                ),
            )
        )
    before, after = found.connections
    if after - before > max(20, len(found.attempts) // 4):
        raise CheckFailed(
            Finding(
                expected=message(
                    "about {before} connections to the database, as before the experiment",
                    before=before,
                ),
                actual=message(
                    "{after} connections after {count} lost ones",
                    after=after,
                    count=len(found.attempts),
                ),
            )
        )


def _describe_retry(attempt: Attempt) -> str:
    answer = "" if attempt.retry is None else describe_exchange(attempt.retry)
    return message("{outcome}; retry: {answer}", outcome=describe_outcome(attempt), answer=answer)


def _describe_recovery(attempt: Attempt) -> str:
    when = (
        "never"
        if attempt.recovery_seconds is None
        else message("only after {seconds} s", seconds=f"{attempt.recovery_seconds:.1f}")
    )
    return message(
        "{write}: {fault}; other requests were answered {when}",
        write=attempt.baseline.kind,
        fault=attempt.fault_summary,
        when=when,
    )
