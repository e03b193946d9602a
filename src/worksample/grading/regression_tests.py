"""Whether the repository's own tests pass, and which of them prove a fix."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from worksample.checks import Aspect, Check, CheckResult, Finding, Verdict
from worksample.errors import UserError
from worksample.grading.run import Run
from worksample.messages import join_and, message, plural
from worksample.targets.own_tests import OwnTestRun
from worksample.tasks.regression import Runs, best_of, failing, proving, unsteady, why_none
from worksample.tasks.ticket_tasks import DEFECTS, REFERENCE, SealedTicket
from worksample.tasks.trees import Tree, tree_of, with_tests_of, write_tree

OWN_TESTS = Check(
    id="the-own-tests-pass",
    title="The repository's own tests pass",
    aspect=Aspect.BEHAVIOUR,
    stage=1,
    clause="",
    why="Nobody can merge a change whose tests fail, and nobody sees the next failure among them.",
)
_MAX_SHOWN = 8
_EXPECTED = (
    "a test that passes with your fix, also on another correct version, and fails without it"
)


def clause_of(ticket: SealedTicket) -> str:
    """Return what the checks of a ticket quote."""
    return message("ticket {number}", number=ticket.number)


def ticket_check(ticket: SealedTicket, stage: int) -> Check:
    """Return the check of a ticket's regression test."""
    return Check(
        id=f"ticket-{ticket.number}-has-a-regression-test",
        title=message("Ticket {number} has a regression test", number=ticket.number),
        aspect=Aspect.BEHAVIOUR,
        stage=stage,
        clause=clause_of(ticket),
        why="What no test holds comes back with the next change.",
    )


@dataclass(frozen=True, slots=True)
class TestRuns:
    """The learner's tests on the own server, on the reference, and with each ticket's defect.

    They ran twice on the own server: `own` has the better result of each test, `unsteady` the names
    of those whose results differ.
    """

    own: OwnTestRun
    reference: OwnTestRun
    defective: Mapping[int, OwnTestRun]
    unsteady: frozenset[str] = frozenset()

    @classmethod
    async def make(
        cls, run: Run, opened: Path, mine: Tree, tickets: Sequence[SealedTicket]
    ) -> TestRuns:
        """Run the tests of `mine` on every version in the opened seal, a few at a time.

        Tests that do not come to their end on the learner's own server are not run elsewhere.
        """
        at_once = asyncio.Semaphore(os.cpu_count() or 1)

        async def on(name: str) -> OwnTestRun:
            folder = None
            if name:
                folder = opened / "tested" / name
                write_tree(with_tests_of(tree_of(opened / name), mine), folder)
            async with at_once:
                return await _tested(run, folder)

        numbers = [each.number for each in tickets]
        one, other = await asyncio.gather(on(""), on(""))
        differing = frozenset(unsteady(one.results, other.results))
        run.note(_said_of(differing))
        own = _better(one, other)
        if own.problem:
            return cls(own, own, dict.fromkeys(numbers, own), differing)
        reference, *others = await asyncio.gather(
            on(REFERENCE), *(on(f"{DEFECTS}/{number}") for number in numbers)
        )
        return cls(own, reference, dict(zip(numbers, others, strict=True)), differing)

    def of_the_repository(self) -> CheckResult:
        """Return whether the learner's tests pass on the learner's server."""
        if self.own.passed:
            return CheckResult(OWN_TESTS, Verdict.PASS)
        return CheckResult(OWN_TESTS, Verdict.FAIL, (_failed(self.own),))


def has_regression_test(ticket: SealedTicket, runs: TestRuns, stage: int) -> CheckResult:
    """Return whether a test fails with the defect of `ticket` only."""
    check, defective = ticket_check(ticket, stage), runs.defective[ticket.number]
    versions = Runs(runs.own.results, runs.reference.results, defective.results, runs.unsteady)
    if proving(versions):
        return CheckResult(check, Verdict.PASS)
    if runs.own.problem:
        return CheckResult(check, Verdict.BLOCKED, blocked_by=OWN_TESTS.id, reason=runs.own.problem)
    actual = why_none(versions)
    if problem := runs.reference.problem:
        actual = message("on another correct version: {problem}", problem=problem)
    elif problem := defective.problem:
        actual = message("without your fix: {problem}", problem=problem)
    return CheckResult(check, Verdict.FAIL, (Finding(_EXPECTED, actual),))


async def _tested(run: Run, folder: Path | None) -> OwnTestRun:
    try:
        return await run.own_tests(folder)
    except UserError as error:
        return OwnTestRun("", (), error.message, error.hint)


def _better(one: OwnTestRun, other: OwnTestRun) -> OwnTestRun:
    """Return what two runs of the same code show together: a test that passed once passes."""
    if one.problem or other.problem:
        return other if one.problem else one
    return replace(one, results=best_of(one.results, other.results))


def _said_of(unsteady: Collection[str]) -> str:
    """Return the sentence for reports about tests whose results differ, "" if there are none."""
    if not unsteady:
        return ""
    names = join_and(sorted(unsteady)[:_MAX_SHOWN])
    return plural(
        len(unsteady),
        "the test {names} passed once and failed once on your server: it proves nothing",
        "{count} tests passed once and failed once on your server and prove nothing, such as "
        "{names}",
        names=names,
    )


def _failed(own: OwnTestRun) -> Finding:
    expected = "all tests of the repository pass"
    if own.problem:
        return Finding(expected, own.problem, hint=own.hint, log=own.log)
    failed = failing(own.results)
    lines = [message("{name}: {why}", name=each.name, why=each.reason) for each in failed]
    return Finding(
        expected,
        message("{count} of {all} do not", count=len(failed), all=len(own.results))
        if failed
        else "none was run to its end",
        details=tuple(lines[:_MAX_SHOWN]),
    )
