"""Counts, headlines and the next stage."""

from __future__ import annotations

from dataclasses import replace

from tests.support import reports
from worksample.checks import Aspect, CheckResult, Verdict
from worksample.grading import Report, RunVerdict, Selection
from worksample.reports.support.tally import (
    by_aspect,
    by_stage,
    first_not_done,
    headline,
    next_stage,
    state_of,
    tally,
    verdict_title,
)


def test_counts_by_aspect_and_stage() -> None:
    report = reports.rejected()
    assert {aspect: found.total for aspect, found in by_aspect(report).items()} == {
        Aspect.BEHAVIOUR: 7,
        Aspect.CONTRACT: 1,
        Aspect.PERFORMANCE: 1,
        Aspect.SECURITY: 2,
    }
    assert [
        (stage.number, stage.tally.passed, stage.tally.total) for stage in by_stage(report)
    ] == [
        (1, 1, 1),
        (2, 1, 3),
        (3, 0, 4),
        (9, 0, 3),
    ]


def test_excused_checks_make_stage_complete_but_not_all_passed() -> None:
    passed = CheckResult(reports.check("a", stage=1), Verdict.PASS)
    excused = CheckResult(reports.check("b", stage=1), Verdict.BLOCKED, excused=True)
    assert tally([passed, excused]).complete
    assert not tally([passed, excused]).all_passed
    assert tally([passed]).all_passed
    assert not tally([]).all_passed
    assert not tally([excused]).complete
    assert not tally([passed, CheckResult(excused.check, Verdict.BLOCKED)]).complete


def test_next_stage_is_first_incomplete_stage() -> None:
    upcoming = next_stage(reports.rejected())
    assert upcoming is not None
    assert upcoming.number == 2
    assert next_stage(reports.accepted()) is None


def test_next_stage_skips_excused_stage() -> None:
    excused = CheckResult(reports.check("b", stage=1), Verdict.BLOCKED, excused=True)
    failed = reports.failed(reports.check("c", stage=3))
    upcoming = next_stage(reports.report([excused, failed]))
    assert upcoming is not None
    assert upcoming.number == 3


def test_headline_of_each_verdict() -> None:
    assert headline(reports.accepted()) == "all 3 checks passed"
    assert headline(reports.rejected()) == (
        "4 of 11 checks failed, 3 blocked, 1 undecided, 1 internal error"
    )
    assert headline(reports.undecided()).startswith("no check failed, but not every check")
    assert headline(reports.build_failed()) == "installing the packages failed (exit code 1)"


def test_verdict_in_words_says_whether_a_rejection_is_final() -> None:
    assert verdict_title(reports.rejected()) == "Not yet"
    assert verdict_title(replace(reports.rejected(), handed_in=True)) == "Rejected"
    assert verdict_title(replace(reports.rejected(), stages={})) == "Rejected"
    assert verdict_title(reports.accepted()) == "Accepted"
    assert verdict_title(reports.undecided()) == "No verdict"


def test_headline_does_not_count_excused_checks_as_passed() -> None:
    results = [
        CheckResult(reports.check("a"), Verdict.PASS),
        CheckResult(reports.check("b"), Verdict.BLOCKED, excused=True),
    ]
    report = reports.report(results, verdict=RunVerdict.ACCEPTED)
    assert headline(report) == "1 of 2 checks passed, the others could not run here"


def test_stage_is_done_only_if_all_its_checks_were_asked() -> None:
    passed = CheckResult(reports.check("a", stage=1), Verdict.PASS)
    assert states(reports.report([passed], selection=Selection(stage=1))) == {
        1: "done",
        2: "not run",
        3: "not run",
        9: "not run",
    }
    some = reports.report([passed], selection=Selection(only=("a",)))
    assert states(some)[1] == "asked in part"
    assert next_stage(some) is None


def test_first_stage_that_is_not_done_may_not_have_run() -> None:
    passed = CheckResult(reports.check("a", stage=1), Verdict.PASS)
    asked_one = reports.report([passed], selection=Selection(stage=1))
    found = first_not_done(by_stage(asked_one))
    assert found is not None
    assert found.number == 2
    assert next_stage(asked_one) is None
    assert first_not_done(stage for stage in by_stage(asked_one) if stage.number == 1) is None


def states(report: Report) -> dict[int, str]:
    """Return the state of each stage of the report."""
    return {stage.number: state_of(stage).value for stage in by_stage(report)}
