"""Which tests of a repository prove a fix: they fail with the defect only, and by an assertion."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from worksample.messages import message
from worksample.stacks.testing import Outcome, TestResult


@dataclass(frozen=True, slots=True)
class Runs:
    """The results of the learner's tests on three versions of the server.

    fixed: the learner's own. reference: the sealed one, which is correct. defective: the sealed one
    with the defect of one ticket. unsteady: the names of tests that passed on the learner's own at
    one time and failed at another.
    """

    fixed: Sequence[TestResult]
    reference: Sequence[TestResult]
    defective: Sequence[TestResult]
    unsteady: Collection[str] = ()


def proving(runs: Runs) -> list[str]:
    """Return the names of the tests that pass on both correct versions and fail on the other.

    An error, such as at an import or in a fixture, is no failure. A test that does not give the
    same every time proves nothing.
    """
    passed = _named(runs.fixed, Outcome.PASSED) & _named(runs.reference, Outcome.PASSED)
    return sorted((passed & _named(runs.defective, Outcome.FAILED)).difference(runs.unsteady))


def why_none(runs: Runs) -> str:
    """Return in words how close the tests come, where `proving` finds none."""
    passed = _named(runs.fixed, Outcome.PASSED)
    for names, problem in (
        (
            _named(runs.defective, Outcome.FAILED).intersection(runs.unsteady),
            "{tests} passes with your fix at one time and fails at another, with the same code",
        ),
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


def unsteady(one: Iterable[TestResult], other: Iterable[TestResult]) -> set[str]:
    """Return the names of the tests that pass in one of two runs of the same code, not in both."""
    runs = list(one), list(other)
    first, second = (_named(each, Outcome.PASSED) for each in runs)
    failed = {each.name for run in runs for each in failing(run)}
    return (first ^ second) & failed


def best_of(one: Sequence[TestResult], other: Sequence[TestResult]) -> tuple[TestResult, ...]:
    """Return the results of `one`, with those of `other` for tests that passed only there."""
    passed = {each.name: each for each in other if each.outcome is Outcome.PASSED}
    return tuple(passed.get(each.name, each) for each in one)


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
