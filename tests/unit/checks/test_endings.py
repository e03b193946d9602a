"""The verdict of a check by what stopped it, with and without a remark before."""

from __future__ import annotations

import pytest

from tests.support import reports
from worksample.checks import (
    BRIEF,
    CheckFailed,
    CheckResult,
    Finding,
    PreconditionFailed,
    Profile,
    Skipped,
    Undecided,
    Verdict,
)
from worksample.checks.check_run import CheckRun
from worksample.checks.endings import run_stopped_by
from worksample.checks.judging import Judging
from worksample.errors import StartFailed

CHECK = reports.check("one", clause="B1")
PUBLIC = Profile("public", "the public specification", frozenset({"B1"}))
BROKEN = Finding("one thing", "another", clause="A1")
REMARK = Finding("a rule of the brief", "nothing of it")


def ended_by(stopped: Exception | None, *remarks: Finding) -> CheckRun:
    """Return the run of a check whose own rule is left out, after these findings of it."""
    judging = Judging(CHECK, PUBLIC)
    assert judging.keep(remarks) == ()
    return run_stopped_by(stopped, judging, (), seconds=240.0)


def internal_error() -> Exception:
    try:
        raise KeyError("x")
    except KeyError as error:
        return error


@pytest.mark.parametrize(
    ("stopped", "verdict", "after_a_remark"),
    [
        (None, Verdict.PASS, Verdict.PASS),
        (PreconditionFailed("two", BROKEN), Verdict.BLOCKED, Verdict.PASS),
        (Undecided("no time"), Verdict.UNDECIDED, Verdict.PASS),
        (internal_error(), Verdict.ERROR, Verdict.PASS),
        (CheckFailed(BROKEN), Verdict.FAIL, Verdict.FAIL),
        (CheckFailed(REMARK), Verdict.PASS, Verdict.PASS),
        (Skipped("no database"), Verdict.BLOCKED, Verdict.BLOCKED),
        (TimeoutError(), Verdict.UNDECIDED, Verdict.UNDECIDED),
        (StartFailed("no start"), Verdict.FAIL, Verdict.FAIL),
    ],
)
def test_check_that_cannot_go_on_after_remarks_passes(
    stopped: Exception | None, verdict: Verdict, after_a_remark: Verdict
) -> None:
    assert ended_by(stopped).result.verdict is verdict
    assert ended_by(stopped, REMARK).result.verdict is after_a_remark


def test_only_the_findings_that_count_fail_the_check() -> None:
    run = ended_by(CheckFailed(REMARK, BROKEN))
    assert run.result == CheckResult(CHECK, Verdict.FAIL, (BROKEN,))


def test_own_precondition_is_what_the_check_tests() -> None:
    own = run_stopped_by(PreconditionFailed("one", BROKEN), Judging(CHECK, BRIEF), (), 240.0)
    assert own.result == CheckResult(CHECK, Verdict.FAIL, (BROKEN,))


def test_internal_error_names_its_place() -> None:
    assert ended_by(internal_error()).result.reason.startswith("KeyError: 'x' (internal_error, li")


def test_check_that_reached_its_time_limit_says_what_it_had_asked() -> None:
    run = ended_by(TimeoutError())
    assert run.timed_out
    assert run.result.reason.startswith("not finished after 240 s, in which the server answered 0")
