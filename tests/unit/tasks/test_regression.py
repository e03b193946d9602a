"""Which tests prove a fix, and what is said where none does."""

from __future__ import annotations

from worksample.stacks.testing import Outcome, TestResult
from worksample.tasks.regression import Runs, best_of, failing, proving, unsteady, why_none

PASSED, FAILED, ERROR, SKIPPED = Outcome.PASSED, Outcome.FAILED, Outcome.ERROR, Outcome.SKIPPED


def results(**outcomes: Outcome) -> list[TestResult]:
    return [TestResult(name, outcome) for name, outcome in outcomes.items()]


def test_test_proves_a_fix_if_it_fails_with_the_defect_only() -> None:
    correct, defective = results(a=PASSED, b=PASSED), results(a=PASSED, b=FAILED)
    assert proving(Runs(correct, correct, defective)) == ["b"]


def test_error_or_skip_with_the_defect_proves_nothing() -> None:
    correct = results(a=PASSED, b=PASSED)
    for outcome in (ERROR, SKIPPED):
        runs = Runs(correct, correct, results(a=PASSED, b=outcome))
        assert not proving(runs)


def test_test_that_differs_between_two_runs_proves_nothing_and_is_named() -> None:
    one, other = results(a=PASSED, b=PASSED, c=SKIPPED), results(a=FAILED, b=PASSED, c=PASSED)
    differing = unsteady(one, other)
    assert differing == {"a"} == unsteady(other, one)
    both = best_of(other, one)
    assert [each.outcome for each in both] == [PASSED, PASSED, PASSED]
    runs = Runs(both, both, results(a=FAILED, b=PASSED, c=PASSED), differing)
    assert not proving(runs)
    assert why_none(runs).startswith("a passes with your fix at one time and fails at another")
    assert proving(Runs(both, both, results(a=FAILED, b=FAILED), differing)) == ["b"]


def test_test_that_fails_on_another_correct_version_proves_nothing() -> None:
    runs = Runs(results(a=PASSED), results(a=FAILED), results(a=FAILED))
    assert not proving(runs)
    assert "depends on how your code is written" in why_none(runs)


def test_test_that_fails_with_the_fix_proves_nothing() -> None:
    assert not proving(Runs(results(a=FAILED), results(a=PASSED), results(a=FAILED)))


def test_test_that_cannot_run_without_the_fix_is_told() -> None:
    runs = Runs(results(a=PASSED), results(a=PASSED), results(a=ERROR))
    assert why_none(runs).startswith("a cannot run without your fix")


def test_tests_that_pass_on_everything_are_counted() -> None:
    correct = results(a=PASSED, b=PASSED, c=SKIPPED)
    said = why_none(Runs(correct, correct, correct))
    assert said == "none of 2 tests that pass with your fix fails without it"


def test_failing_are_failures_and_errors() -> None:
    found = failing(results(a=PASSED, b=FAILED, c=ERROR, d=SKIPPED))
    assert [each.name for each in found] == ["b", "c"]
