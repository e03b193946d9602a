"""What was noticed: each sentence once, and with the check that it is about if that is one."""

from __future__ import annotations

from dataclasses import replace

from tests.support import reports
from worksample.checks import CheckResult, Verdict
from worksample.reports.support.noticed import noticed


def passed(name: str, *notes: str) -> CheckResult:
    return CheckResult(reports.check(name), Verdict.PASS, notes=notes)


def test_a_remark_of_one_check_begins_with_its_title() -> None:
    report = replace(reports.report([passed("quick-enough", "2 ms of CPU")]), notes=("a", "a"))
    assert noticed(report) == ["a", "Quick enough: 2 ms of CPU"]


def test_a_remark_of_several_checks_is_said_once() -> None:
    results = [passed("one", "judged by luck"), passed("two", "judged by luck")]
    assert noticed(replace(reports.report(results), notes=())) == ["judged by luck"]
