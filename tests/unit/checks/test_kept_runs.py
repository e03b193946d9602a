"""Which runs are kept, and when their results are reported."""

from __future__ import annotations

from tests.support import reports
from worksample.checks import Check, CheckResult, Finding, Verdict
from worksample.checks.check_run import CheckRun
from worksample.checks.health import STAYS_UP
from worksample.checks.kept_runs import KeptRuns
from worksample.checks.listener import NullListener
from worksample.probes.exchange import Exchange, Request, Response, Trouble

PASSED = CheckRun(CheckResult(reports.check("a"), Verdict.PASS))


class Listener(NullListener):
    """Notes what it hears."""

    def __init__(self) -> None:
        self.heard: list[str] = []

    def check_finished(self, result: CheckResult) -> None:
        """See `CheckListener`."""
        self.heard.append(f"{result.check.id} {result.verdict}")

    def check_postponed(self, check: Check) -> None:
        """See `CheckListener`."""
        self.heard.append(f"{check.id} postponed")


def failed(status: int = 0) -> CheckRun:
    """Return a failure of the check "a" by this status, or by a request without an answer."""
    response = Response(status, (), b"") if status else None
    trouble = None if status else Trouble.TIMEOUT
    shown = Exchange(Request("GET", "/a"), response, trouble)
    finding = Finding("200", "something else", exchanges=(shown,), culprit=0)
    return CheckRun(CheckResult(reports.check("a"), Verdict.FAIL, (finding,)))


def kept_runs() -> tuple[KeptRuns, list[str]]:
    listener = Listener()
    return KeptRuns(listener), listener.heard


def test_reports_at_once_what_lasts() -> None:
    for run, said in ((PASSED, "a pass"), (failed(422), "a fail")):
        kept, heard = kept_runs()
        kept.keep_for_now(run)
        assert heard == [said]


def test_reports_the_run_alone_of_a_check_that_had_no_answer() -> None:
    kept, heard = kept_runs()
    kept.keep_for_now(failed())
    kept.keep(PASSED)
    kept.report_rest({}, time_is_up=False)
    assert heard == ["a postponed", "a pass"]
    assert kept.passed("a")


def test_reports_a_failure_that_was_not_repeated_as_it_stands_in_the_end() -> None:
    kept, heard = kept_runs()
    kept.keep_for_now(failed(404))
    blocked = CheckResult(reports.check("a"), Verdict.BLOCKED, blocked_by="b")
    kept.report_rest({"a": blocked}, time_is_up=True)
    assert heard == ["a postponed", "a blocked"]


def test_a_check_that_had_no_answer_has_no_result_when_time_is_up() -> None:
    kept, heard = kept_runs()
    kept.keep_for_now(failed())
    kept.report_rest({}, time_is_up=True)
    assert heard == ["a postponed"]
    assert kept.by_id == {}


def test_checks_that_cannot_run_are_blocked_by_the_server_that_went_down() -> None:
    kept, heard = kept_runs()
    kept.block_for_outage([reports.check("a"), reports.check("b")])
    assert heard == ["a blocked", "b blocked"]
    assert {run.result.blocked_by for run in kept.by_id.values()} == {STAYS_UP.id}
