"""The numbers of findings, and the order of issues."""

from __future__ import annotations

from dataclasses import replace

from tests.support import reports
from worksample.checks import CheckResult, Finding, Verdict
from worksample.grading.priority import root_blockers
from worksample.reports.support.numbering import numbered_findings, numbered_issues


def test_findings_are_numbered_in_display_order() -> None:
    report = reports.rejected()
    numbered = numbered_findings(report)
    assert [one.number for one in numbered] == [1, 2, 3, 4]
    assert [one.result.check.id for one in numbered] == [
        "an-article-can-be-published",
        "tags-come-back-whole",
        "it-goes-on-answering",
        "only-the-author-edits",
    ]


def test_issue_holds_the_checks_that_it_blocks() -> None:
    first = numbered_issues(reports.rejected())[0]
    assert first.lead.result.check.id == "an-article-can-be-published"
    assert set(first.issue.blocked) == {"the-author-can-edit", "edits-keep-the-rest"}


def test_earlier_stage_comes_first_among_equals() -> None:
    results = [
        reports.failed(reports.check("late", stage=9), Finding("a", "b")),
        reports.failed(reports.check("early", stage=1), Finding("a", "b")),
    ]
    assert [issue.lead.result.check.id for issue in numbered_issues(reports.report(results))] == [
        "early",
        "late",
    ]


def test_findings_of_one_check_keep_their_order() -> None:
    check = reports.check("two")
    both = reports.failed(check, Finding("a", "b"), Finding("c", "d"))
    numbered = numbered_findings(reports.report([both]))
    assert [(one.number, one.finding.expected) for one in numbered] == [(1, "a"), (2, "c")]


def test_an_accepted_run_has_no_findings() -> None:
    assert numbered_findings(reports.accepted()) == []


def test_follows_blocks_to_root_and_stops_at_cycles() -> None:
    one, two, root = (reports.check(name) for name in ("one", "two", "root"))
    results = [
        reports.failed(root),
        CheckResult(one, Verdict.BLOCKED, blocked_by="two"),
        CheckResult(two, Verdict.BLOCKED, blocked_by="root"),
    ]
    assert {name: found.check.id for name, found in root_blockers(results).items()} == {
        "one": "root",
        "two": "root",
    }
    circle = [results[1], replace(results[2], blocked_by="one")]
    assert root_blockers(circle) == {}


def test_block_by_unselected_check_has_no_root() -> None:
    alone = CheckResult(reports.check("alone"), Verdict.BLOCKED, blocked_by="elsewhere")
    assert root_blockers([alone]) == {}
