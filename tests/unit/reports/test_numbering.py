"""The numbers of findings, and what is to be fixed first."""

from __future__ import annotations

from dataclasses import replace

from tests.support import reports
from worksample.checks import CheckResult, Finding, Verdict
from worksample.grading.priority import roots_of
from worksample.reports.support.numbering import causes_of, findings_of


def test_numbers_run_over_the_whole_report_in_the_order_shown() -> None:
    report = reports.rejected()
    numbered = findings_of(report)
    assert [one.number for one in numbered] == [1, 2, 3, 4]
    assert [one.result.check.id for one in numbered] == [
        "an-article-can-be-published",
        "tags-come-back-whole",
        "it-goes-on-answering",
        "only-the-author-edits",
    ]


def test_what_blocks_and_explains_most_is_to_be_fixed_first() -> None:
    first = causes_of(reports.rejected())[0]
    assert first.lead.result.check.id == "an-article-can-be-published"
    assert set(first.group.blocked) == {"the-author-can-edit", "edits-keep-the-rest"}


def test_among_equals_the_earlier_stage_is_first() -> None:
    results = [
        reports.failed(reports.check("late", stage=9)),
        reports.failed(reports.check("early", stage=1)),
    ]
    assert [cause.lead.result.check.id for cause in causes_of(reports.report(results))] == [
        "early",
        "late",
    ]


def test_the_order_of_results_from_the_engine_does_not_change_a_check_with_two_findings() -> None:
    check = reports.check("two")
    both = reports.failed(check, Finding("a", "b"), Finding("c", "d"))
    numbered = findings_of(reports.report([both]))
    assert [(one.number, one.finding.expected) for one in numbered] == [(1, "a"), (2, "c")]


def test_an_accepted_run_has_no_findings() -> None:
    assert findings_of(reports.accepted()) == []


def test_blocks_are_followed_to_their_root_and_circles_end() -> None:
    one, two, root = (reports.check(name) for name in ("one", "two", "root"))
    results = [
        reports.failed(root),
        CheckResult(one, Verdict.BLOCKED, blocked_by="two"),
        CheckResult(two, Verdict.BLOCKED, blocked_by="root"),
    ]
    assert {name: found.check.id for name, found in roots_of(results).items()} == {
        "one": "root",
        "two": "root",
    }
    circle = [results[1], replace(results[2], blocked_by="one")]
    assert roots_of(circle) == {}


def test_a_block_by_something_that_was_not_asked_has_no_root() -> None:
    alone = CheckResult(reports.check("alone"), Verdict.BLOCKED, blocked_by="elsewhere")
    assert roots_of([alone]) == {}
