"""The report as a person reads it in a terminal."""

from __future__ import annotations

import io
from collections.abc import Sequence
from itertools import groupby
from typing import TextIO

from rich.console import Console

from worksample.grading import Report
from worksample.reports.support.numbering import Cause, Numbered, causes_of
from worksample.reports.support.words import count
from worksample.reports.text.figures import show_figures
from worksample.reports.text.findings import show_short, show_whole
from worksample.reports.text.page import Page, page_on
from worksample.reports.text.summary import (
    show_counts,
    show_notes,
    show_ours,
    show_problem,
    show_run,
    show_verdict,
    show_waiting,
)

SUFFIX = ".txt"
SUMMARY = "plain text, as a terminal shows it"
_MOST_SHORT = 15
_MOST_NAMED = 6


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
    _write(page_on(file, width), report, whole)


def _write(page: Page, report: Report, whole: bool) -> None:
    show_verdict(page, report)
    if report.problem is not None:
        show_problem(page, report.problem, whole)
    _show_causes(page, report, whole)
    show_ours(page, report)
    show_waiting(page, report, whole)
    show_notes(page, report)
    show_counts(page, report)
    show_run(page, report)


def _show_causes(page: Page, report: Report, whole: bool) -> None:
    causes = causes_of(report)
    if not causes:
        return
    page.heading("Fix this first", _weight(causes[0]))
    _show_cause(page, report, causes[0], lead_whole=True, whole=whole)
    if len(causes) > 1:
        page.heading(f"Then ({count(len(causes) - 1, 'other cause')})")
    rest = causes[1:] if whole else causes[1 : _MOST_SHORT + 1]
    drawn = _first_drawn(causes)
    for cause in rest:
        page.gap()
        _show_cause(page, report, cause, lead_whole=whole, whole=whole)
        if cause is drawn and not whole:
            show_figures(page, cause.lead.finding.figures[:1])
    _say_more(page, causes, len(rest) + 1, whole)


def _show_cause(page: Page, report: Report, cause: Cause, *, lead_whole: bool, whole: bool) -> None:
    if lead_whole:
        show_whole(page, report, cause.lead)
    else:
        show_short(page, cause.lead)
        if cause.group.blocked:
            page.field("blocks", count(len(cause.group.blocked), "check"))
    others = cause.findings[1:]
    if others and not whole:
        page.field("same cause", _names(others))
    for numbered in others if whole else ():
        page.gap()
        show_whole(page, report, numbered)


def _first_drawn(causes: Sequence[Cause]) -> Cause | None:
    """Return the cause whose figure is shown even where findings are short: the first of all.

    A race is not to be understood without seeing it; one is enough to see what the others are.
    """
    return next((cause for cause in causes if cause.lead.finding.figures), None)


def _weight(cause: Cause) -> str:
    """Return how much stands or falls with a cause: "it blocks 17 checks ..."."""
    blocked, others = len(cause.group.blocked), len(cause.findings) - 1
    parts = [f"blocks {count(blocked, 'check')}"] if blocked else []
    parts += [f"is behind {count(others, 'other finding')}"] if others else []
    return f"it {' and '.join(parts)}" if parts else ""


def _names(findings: Sequence[Numbered]) -> str:
    """Return the numbers and titles of findings, those of one check together: "2 to 5 Title"."""
    checks = [list(found) for _, found in groupby(findings, lambda one: one.result.check.id)]
    named = [f"{_range(found)} {found[0].result.check.title}" for found in checks[:_MOST_NAMED]]
    left = sum(len(found) for found in checks[_MOST_NAMED:])
    return "; ".join(named) + (f"; and {left} more" if left else "")


def _range(found: Sequence[Numbered]) -> str:
    first, last = found[0].number, found[-1].number
    return str(first) if first == last else f"{first} to {last}"


def _say_more(page: Page, causes: Sequence[Cause], shown: int, whole: bool) -> None:
    if whole:
        return
    page.gap()
    left = len(causes) - shown
    if left:
        page.line(f"And {count(left, 'further cause')}.", indent=2)
    page.line(("Everything in full: `worksample report --all`, or the HTML report.", "dim"))
