"""How far a submission is, in one row."""

from __future__ import annotations

from dataclasses import replace

from tests.support import reports
from worksample.checks import CheckResult, Verdict
from worksample.grading import Report
from worksample.reports.support.standing import Standing, standing_of


def stages(*verdicts: Verdict) -> Report:
    """Return a report with one check of each stage, and a last stage that was not run."""
    titles = dict.fromkeys(range(1, len(verdicts) + 2), "")
    results = [
        CheckResult(reports.check(f"of-{number}", stage=number), verdict)
        for number, verdict in enumerate(verdicts, start=1)
    ]
    return reports.report(results, stages=titles)


def test_counts_verdicts_and_names_what_to_fix_first() -> None:
    found = standing_of(reports.rejected())
    assert (found.verdict, found.stage) == ("rejected", 1)
    assert (found.passed, found.failed, found.blocked) == (2, 4, 3)
    assert found.first_cause.startswith(
        "POST /api/articles answers 500: expected 201 Created, got 500"
    )


def test_highest_stage_is_the_last_before_one_that_is_not_done() -> None:
    passed, failed = Verdict.PASS, Verdict.FAIL
    assert standing_of(stages(passed, passed, failed)).stage == 2
    assert standing_of(stages(passed, failed, passed)).stage == 1
    assert standing_of(stages(passed, Verdict.BLOCKED)).stage == 1
    assert standing_of(stages(passed, passed)).stage == 2
    assert standing_of(stages(failed)).stage == 0


def test_stages_without_checks_are_skipped() -> None:
    assert standing_of(reports.accepted()).stage == 2
    assert standing_of(reports.accepted()).first_cause == ""


def test_says_why_nothing_was_checked_or_decided() -> None:
    broken = standing_of(reports.build_failed())
    problem = "installing the packages failed (exit code 1)"
    assert broken == Standing("build failed", 0, 0, 0, 0, problem)
    assert standing_of(reports.undecided()).first_cause == "Ours: KeyError: 'x' (ask, line 3)"


def test_bounds_cause() -> None:
    finding = reports.finding(actual="x" * 1000)
    report = reports.report([reports.failed(reports.check("a"), finding)])
    assert len(standing_of(replace(report)).first_cause) == 200
