"""The report as plain text, for a terminal."""

from __future__ import annotations

import io
from collections.abc import Sequence
from itertools import groupby
from typing import TextIO

from rich.console import Console

from worksample.grading import Report
from worksample.messages import message
from worksample.reports.support.formatting import pluralize
from worksample.reports.support.numbering import NumberedFinding, NumberedIssue, numbered_issues
from worksample.reports.text.figures import show_figures
from worksample.reports.text.findings import show_full, show_short
from worksample.reports.text.page import Page, page_for
from worksample.reports.text.summary import (
    show_blocked,
    show_counts,
    show_internal_errors,
    show_notes,
    show_problem,
    show_run,
    show_verdict,
)

TITLE = "Text"
SUFFIX = ".txt"
SUMMARY = "plain text, as a terminal shows it"
_MAX_SHORT = 15
_MAX_NAMED = 6


def render(report: Report) -> bytes:
    """Return the full report as plain text, 100 columns wide."""
    buffer = io.StringIO()
    _write(Page(Console(file=buffer, width=100, color_system=None)), report, full=True)
    return buffer.getvalue().encode("utf-8", "backslashreplace")


def show(
    report: Report, file: TextIO | None = None, *, full: bool = False, width: int | None = None
) -> None:
    """Write the report to `file` (default: standard output).

    The first finding is shown in full and the others in short, unless `full`.
    """
    _write(page_for(file, width), report, full)


def _write(page: Page, report: Report, full: bool) -> None:
    show_verdict(page, report)
    if report.problem is not None:
        show_problem(page, report.problem, full)
    _show_issues(page, report, full)
    show_internal_errors(page, report)
    show_blocked(page, report, full)
    show_notes(page, report)
    show_counts(page, report)
    show_run(page, report)


def _show_issues(page: Page, report: Report, full: bool) -> None:
    issues = numbered_issues(report)
    if not issues:
        return
    page.heading("Fix this first", _impact(issues[0]))
    _show_issue(page, report, issues[0], lead_in_full=True, full=full)
    if len(issues) > 1:
        page.heading(message("Other issues ({count})", count=len(issues) - 1))
    rest = issues[1:] if full else issues[1 : _MAX_SHORT + 1]
    illustrated = _first_with_figure(issues)
    for issue in rest:
        page.blank_line()
        _show_issue(page, report, issue, lead_in_full=full, full=full)
        if issue is illustrated and not full:
            show_figures(page, issue.lead.finding.figures[:1])
    _show_rest(page, issues, len(rest) + 1, full)


def _show_issue(
    page: Page, report: Report, issue: NumberedIssue, *, lead_in_full: bool, full: bool
) -> None:
    if lead_in_full:
        show_full(page, report, issue.lead)
    else:
        show_short(page, issue.lead)
        if issue.blocked:
            page.field("blocks", pluralize(issue.blocked, "check"))
    others = issue.findings[1:]
    if others and not full:
        page.field("same cause", _list_findings(others))
    for numbered in others if full else ():
        page.blank_line()
        show_full(page, report, numbered)


def _first_with_figure(issues: Sequence[NumberedIssue]) -> NumberedIssue | None:
    """Return the first issue with a figure: its figure is shown even if findings are short.

    A race is hard to understand without a figure, and one figure explains the others.
    """
    return next((issue for issue in issues if issue.lead.finding.figures), None)


def _impact(issue: NumberedIssue) -> str:
    """Return the impact of an issue: "it blocks 17 checks and causes 2 other findings"."""
    blocked, others = issue.blocked, len(issue.findings) - 1
    checks, findings = pluralize(blocked, "check"), pluralize(others, "other finding")
    if blocked and others:
        template = "it blocks {checks} and causes {findings}"
        return message(template, checks=checks, findings=findings)
    if blocked:
        return message("it blocks {checks}", checks=checks)
    return message("it causes {findings}", findings=findings) if others else ""


def _list_findings(findings: Sequence[NumberedFinding]) -> str:
    """Return the numbers and titles of findings, grouped by check: "2 to 5 Title"."""
    checks = [list(found) for _, found in groupby(findings, lambda one: one.result.check.id)]
    named = [f"{_range(found)} {found[0].result.check.title}" for found in checks[:_MAX_NAMED]]
    left = sum(len(found) for found in checks[_MAX_NAMED:])
    titles = "; ".join(named)
    return message("{titles}; and {left} more", titles=titles, left=left) if left else titles


def _range(found: Sequence[NumberedFinding]) -> str:
    first, last = found[0].number, found[-1].number
    return str(first) if first == last else message("{first} to {last}", first=first, last=last)


def _show_rest(page: Page, issues: Sequence[NumberedIssue], shown: int, full: bool) -> None:
    if full:
        return
    page.blank_line()
    left = len(issues) - shown
    if left:
        page.line(message("And {issues}.", issues=pluralize(left, "further issue")), indent=2)
    page.line(("Full report: `worksample report --all`, or the HTML report.", "dim"))
