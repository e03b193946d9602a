"""Notes: each appears once, with the title of its check if it has only one."""

from __future__ import annotations

from dataclasses import replace

from tests.support import reports
from worksample.checks import CheckResult, Verdict
from worksample.reports.support.notes import notes_of


def passed(name: str, *notes: str) -> CheckResult:
    return CheckResult(reports.check(name), Verdict.PASS, notes=notes)


def test_note_of_one_check_starts_with_its_title() -> None:
    report = replace(reports.report([passed("quick-enough", "2 ms of CPU")]), notes=("a", "a"))
    assert notes_of(report) == ["a", "Quick enough: 2 ms of CPU"]


def test_note_of_several_checks_appears_once() -> None:
    results = [passed("one", "judged by luck"), passed("two", "judged by luck")]
    assert notes_of(replace(reports.report(results), notes=())) == ["judged by luck"]
