"""Which tests of a repository prove a fix: they fail with the defect only, and by an assertion."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from worksample.messages import message
from worksample.stacks.testing import Outcome, TestResult


@dataclass(frozen=True, slots=True)
class Runs:
    """The results of the learner's tests on three versions of the server.

    fixed: the learner's own. reference: the sealed one, which is correct. defective: the sealed one
    with the defect of one ticket.
    """

    fixed: Sequence[TestResult]
    reference: Sequence[TestResult]
    defective: Sequence[TestResult]


def proving(runs: Runs) -> list[str]:
    """Return the names of the tests that pass on both correct versions and fail on the other.

    An error, such as at an import or in a fixture, is no failure.
    """
    passed = _named(runs.fixed, Outcome.PASSED) & _named(runs.reference, Outcome.PASSED)
    return sorted(passed & _named(runs.defective, Outcome.FAILED))


def why_none(runs: Runs) -> str:
    """Return in words how close the tests come, where `proving` finds none."""
    passed = _named(runs.fixed, Outcome.PASSED)
    for names, problem in (
        (
            passed
            & _named(runs.defective, Outcome.FAILED) - _named(runs.reference, Outcome.PASSED),
            "{tests} fails without your fix, and on a correct version other than yours, too: it "
            "depends on how your code is written",
        ),
        (
            passed & _named(runs.defective, Outcome.ERROR) & _named(runs.reference, Outcome.PASSED),
            "{tests} cannot run without your fix (an error, not a failure): use only what exists "
            "in both versions",
        ),
    ):
        if names:
            return message(problem, tests=_some(names))
    return message(
        "none of {count} tests that pass with your fix fails without it", count=len(passed)
    )


def failing(results: Iterable[TestResult]) -> list[TestResult]:
    """Return those that failed or could not be run."""
    return [each for each in results if each.outcome in (Outcome.FAILED, Outcome.ERROR)]


def _named(results: Iterable[TestResult], outcome: Outcome) -> set[str]:
    return {each.name for each in results if each.outcome is outcome}


def _some(names: Iterable[str]) -> str:
    first, *others = sorted(names)
    if not others:
        return first
    return message("{first} (and {count} more)", first=first, count=len(others))
