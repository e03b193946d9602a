"""The report as a person reads it in a terminal."""

from __future__ import annotations

import io
from collections.abc import Sequence
from itertools import groupby
from typing import TextIO

from rich.console import Console

from worksample.grading import Report
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

SUFFIX = ".txt"
SUMMARY = "plain text, as a terminal shows it"
_MAX_SHORT = 15
_MAX_NAMED = 6


def render(report: Report) -> bytes:
    """Return the whole report as plain text, 100 columns wide."""
    kept = io.StringIO()
    _write(Page(Console(file=kept, width=100, color_system=None)), report, whole=True)
    return kept.getvalue().encode("utf-8", "backslashreplace")


def show(
    report: Report, file: TextIO | None = None, *, whole: bool = False, width: int | None = None
) -> None:
    """Write the report to `file` (default: standard output).

    The first finding is shown whole and the others short, unless `whole`.
    """
    _write(page_for(file, width), report, whole)


def _write(page: Page, report: Report, whole: bool) -> None:
    show_verdict(page, report)
    if report.problem is not None:
        show_problem(page, report.problem, whole)
    _show_causes(page, report, whole)
    show_internal_errors(page, report)
    show_blocked(page, report, whole)
    show_notes(page, report)
    show_counts(page, report)
    show_run(page, report)


def _show_causes(page: Page, report: Report, whole: bool) -> None:
    issues = numbered_issues(report)
    if not issues:
        return
    page.heading("Fix this first", _impact(issues[0]))
    _show_cause(page, report, issues[0], lead_whole=True, whole=whole)
    if len(issues) > 1:
        page.heading(f"Then ({pluralize(len(issues) - 1, 'other issue')})")
    rest = issues[1:] if whole else issues[1 : _MAX_SHORT + 1]
    illustrated = _first_with_figure(issues)
    for issue in rest:
        page.blank_line()
        _show_cause(page, report, issue, lead_whole=whole, whole=whole)
        if issue is illustrated and not whole:
            show_figures(page, issue.lead.finding.figures[:1])
    _show_rest(page, issues, len(rest) + 1, whole)


def _show_cause(
    page: Page, report: Report, issue: NumberedIssue, *, lead_whole: bool, whole: bool
) -> None:
    if lead_whole:
        show_full(page, report, issue.lead)
    else:
        show_short(page, issue.lead)
        if issue.issue.blocked:
            page.field("blocks", pluralize(len(issue.issue.blocked), "check"))
    others = issue.findings[1:]
    if others and not whole:
        page.field("same cause", _list_findings(others))
    for numbered in others if whole else ():
        page.blank_line()
        show_full(page, report, numbered)


def _first_with_figure(issues: Sequence[NumberedIssue]) -> NumberedIssue | None:
    """Return the cause whose figure is shown even where findings are short: the first of all.

    A race is not to be understood without seeing it; one is enough to see what the others are.
    """
    return next((issue for issue in issues if issue.lead.finding.figures), None)


def _impact(issue: NumberedIssue) -> str:
    """Return how much stands or falls with a cause: "it blocks 17 checks ..."."""
    blocked, others = len(issue.issue.blocked), len(issue.findings) - 1
    parts = [f"blocks {pluralize(blocked, 'check')}"] if blocked else []
    parts += [f"is behind {pluralize(others, 'other finding')}"] if others else []
    return f"it {' and '.join(parts)}" if parts else ""


def _list_findings(findings: Sequence[NumberedFinding]) -> str:
    """Return the numbers and titles of findings, those of one check together: "2 to 5 Title"."""
    checks = [list(found) for _, found in groupby(findings, lambda one: one.result.check.id)]
    named = [f"{_range(found)} {found[0].result.check.title}" for found in checks[:_MAX_NAMED]]
    left = sum(len(found) for found in checks[_MAX_NAMED:])
    return "; ".join(named) + (f"; and {left} more" if left else "")


def _range(found: Sequence[NumberedFinding]) -> str:
    first, last = found[0].number, found[-1].number
    return str(first) if first == last else f"{first} to {last}"


def _show_rest(page: Page, issues: Sequence[NumberedIssue], shown: int, whole: bool) -> None:
    if whole:
        return
    page.blank_line()
    left = len(issues) - shown
    if left:
        page.line(f"And {pluralize(left, 'further issue')}.", indent=2)
    page.line(("Everything in full: `worksample report --all`, or the HTML report.", "dim"))
