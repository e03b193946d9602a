"""What is said of a regression test where the learner's tests cannot be run to their end."""

from __future__ import annotations

from worksample.checks import Verdict
from worksample.grading.regression_tests import OWN_TESTS, has_regression_test
from worksample.grading.regression_tests import TestRuns as Runs
from worksample.stacks.testing import Outcome, TestResult
from worksample.targets.own_tests import OwnTestRun
from worksample.tasks.ticket_tasks import SealedTicket

TICKET = SealedTicket(1, "Anybody reads it.", ("a-check",), 2, "", "app.py", "")
PASSED = OwnTestRun("pytest", (TestResult("a", Outcome.PASSED),))
FAILED = OwnTestRun("pytest", (TestResult("a", Outcome.FAILED),))
HANGS = OwnTestRun("pytest", (), "pytest: not finished after 300 s")


def test_tests_that_hang_on_the_own_server_block_the_regression_test() -> None:
    runs = Runs(HANGS, PASSED, {1: FAILED})
    own, proof = runs.of_the_repository(), has_regression_test(TICKET, runs, 5)
    assert own.verdict is Verdict.FAIL
    assert own.findings[0].actual == HANGS.problem
    assert (proof.verdict, proof.blocked_by) == (Verdict.BLOCKED, OWN_TESTS.id)


def test_error_in_the_set_up_is_told_by_the_line_that_says_what_went_wrong() -> None:
    text = "failed on setup\n\n    def account():\n>       ask()\nE       KeyError: 'token'\n"
    broken = OwnTestRun("pytest", (TestResult("a", Outcome.ERROR, message=text),))
    (finding,) = Runs(broken, PASSED, {}).of_the_repository().findings
    assert finding.details == ("a: KeyError: 'token'",)


def test_tests_that_hang_on_another_version_are_told_with_it() -> None:
    for runs, where in (
        (Runs(PASSED, HANGS, {1: FAILED}), "on another correct version"),
        (Runs(PASSED, PASSED, {1: HANGS}), "without your fix"),
    ):
        proof = has_regression_test(TICKET, runs, 5)
        assert proof.verdict is Verdict.FAIL
        assert proof.findings[0].actual == f"{where}: {HANGS.problem}"


def test_test_whose_results_differ_is_no_proof() -> None:
    runs = Runs(PASSED, PASSED, {1: FAILED}, frozenset("a"))
    assert runs.of_the_repository().verdict is Verdict.PASS
    proof = has_regression_test(TICKET, runs, 5)
    assert proof.verdict is Verdict.FAIL
    assert "a passes with your fix at one time and fails at another" in proof.findings[0].actual
