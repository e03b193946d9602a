"""The report as plain text, for a terminal: a screen, or everything."""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import TextIO

from rich.console import Console

from worksample.grading import Report
from worksample.messages import message
from worksample.reports.support.numbering import (
    NumberedIssue,
    numbered_findings,
    numbered_issues,
)
from worksample.reports.text.comparison import show_comparison
from worksample.reports.text.findings import show_folded, show_full, show_result
from worksample.reports.text.left_out import show_left_out
from worksample.reports.text.page import Page, page_for
from worksample.reports.text.remarks import show_remarks
from worksample.reports.text.screen import show_screen
from worksample.reports.text.screen_causes import impact
from worksample.reports.text.summary import (
    show_blocked,
    show_counts,
    show_internal_errors,
    show_limit,
    show_notes,
    show_problem,
    show_run,
    show_verdict,
)

TITLE = "Text"
SUFFIX = ".txt"
SUMMARY = "plain text, as a terminal shows it"
_MAX_ROWS = 40


def render(report: Report) -> bytes:
    """Return the full report as plain text, 100 columns wide."""
    buffer = io.StringIO()
    _write(Page(Console(file=buffer, width=100, color_system=None)), report)
    return buffer.getvalue().encode("utf-8", "backslashreplace")


def show(
    report: Report,
    file: TextIO | None = None,
    *,
    before: Report | None = None,
    full: bool = False,
    width: int | None = None,
) -> None:
    """Write the report to `file` (default: standard output): a screen, or everything if `full`.

    `before` is the run before it.
    """
    page = page_for(file, width)
    if full:
        _write(page, report)
    else:
        show_screen(page, report, before)


def show_check(
    report: Report, check_id: str, file: TextIO | None = None, *, width: int | None = None
) -> None:
    """Write everything about one check of the run: its findings in full, or why it has none.

    `check_id` must be the id of a check of the run.
    """
    page = page_for(file, width)
    [result] = (each for each in report.results if each.check.id == check_id)
    show_result(page, report, result)
    for numbered in numbered_findings(report):
        if numbered.result.check.id == check_id:
            page.blank_line()
            show_full(page, report, numbered)


def _write(page: Page, report: Report) -> None:
    show_verdict(page, report)
    show_limit(page, report)
    if report.problem is not None:
        show_problem(page, report.problem)
    if report.comparison is not None:
        show_comparison(page, report.comparison, _MAX_ROWS)
    _show_issues(page, report, numbered_issues(report))
    show_remarks(page, report)
    show_internal_errors(page, report)
    show_blocked(page, report)
    show_left_out(page, report)
    show_notes(page, report)
    show_counts(page, report)
    show_run(page, report)


def _show_issues(page: Page, report: Report, issues: Sequence[NumberedIssue]) -> None:
    if not issues:
        return
    page.heading("Fix this first", impact(issues[0]))
    _show_issue(page, report, issues[0])
    if len(issues) > 1:
        page.heading(message("Other issues ({count})", count=len(issues) - 1))
    for issue in issues[1:]:
        page.blank_line()
        _show_issue(page, report, issue)
    page.blank_line()


def _show_issue(page: Page, report: Report, issue: NumberedIssue) -> None:
    """Write the finding that shows the cause best in full, the others in a line each."""
    show_full(page, report, issue.lead, issue.title)
    if issue.findings[1:]:
        page.blank_line()
        page.line(("It also causes:", "bold"), indent=2)
    for numbered in issue.findings[1:]:
        show_folded(page, numbered)
