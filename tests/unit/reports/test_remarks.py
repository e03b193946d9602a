"""Remarks: each rule that the profile leaves out is told once, and beside the failures."""

from __future__ import annotations

import io
from dataclasses import replace

from tests.support import reports
from worksample.checks import CheckResult, Verdict
from worksample.grading import Report
from worksample.reports import html, junit, terminal
from worksample.reports.support.remarks import judged_by, remarks_of


def text(report: Report, *, full: bool = True, before: Report | None = None) -> str:
    buffer = io.StringIO()
    terminal.show(report, buffer, width=100, full=full, before=before)
    return " ".join(buffer.getvalue().split())


def test_rule_that_several_checks_remark_on_is_told_once() -> None:
    [remark] = remarks_of(reports.remarked())
    assert (remark.rule, remark.text) == ("R8", reports.CLAUSES["R8"])
    assert [each.check.id for each in remark.results] == ["one", "two"]
    assert remark.others == "1 more check says so"


def test_every_form_tells_remarks_and_what_the_server_was_judged_by() -> None:
    report = reports.remarked()
    said = "One: expected status 422, got POST /api/articles → 200"
    for shown in (text(report), text(report, full=False)):
        assert "judged by the public specification" in shown
        assert "1 remark the brief asks for it, the public specification does not" in shown
        assert said in shown
    page = html.render(report).decode()
    assert "judged by the public specification" in page
    assert said in page
    assert "remark (R8): expected status 422" in junit.render(report).decode()


def test_remark_leaves_a_run_accepted_and_its_stage_done() -> None:
    shown = text(reports.remarked(), full=False)
    assert shown.startswith("ACCEPTED all 2 checks passed")


def test_older_report_was_judged_by_the_brief() -> None:
    old = replace(reports.accepted(), profile="", profile_title="")
    assert judged_by(old) == "judged by the brief"
    assert remarks_of(old) == []


def test_changes_since_a_run_by_another_profile_are_not_counted() -> None:
    report = reports.remarked()
    failed = replace(report.results[0], verdict=Verdict.FAIL, remarks=())
    before = replace(report, profile="brief", profile_title="the brief", results=(failed,))
    shown = text(report, full=False, before=before)
    assert "Since the last run: that one was judged by the brief." in shown
    assert "mended" not in shown


def test_finding_names_the_rule_that_it_breaks() -> None:
    check = reports.check("several-rules", clause="A1")
    found = reports.failed(check, reports.finding(clause="R8"))
    report = reports.report([found, CheckResult(reports.check("other"), Verdict.PASS)])
    for full in (True, False):
        assert f"requirement R8 {reports.CLAUSES['R8'][:30]}" in text(report, full=full)
