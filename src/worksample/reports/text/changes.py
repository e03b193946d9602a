"""What changed between two runs, in a terminal."""

from __future__ import annotations

from worksample.grading import Report
from worksample.messages import message
from worksample.reports.support.changes import Change, Changes, changes
from worksample.reports.text.page import Page


def show_changed_verdicts(page: Page, before: Report, after: Report) -> None:
    """Write the counts, and a line for each check whose verdict is not that of the run before.

    Nothing if the runs have no check in common, or are of two challenges.
    """
    if before.challenge != after.challenge:
        return
    found = changes(before, after)
    if found.differing:
        page.line(_heading(found))
        for change in found.differing:
            page.line(_verdicts(change), indent=2, hang=2)
    elif len(found.only_after) < len(after.results):
        page.line("No verdict changed.")


def _heading(found: Changes) -> str:
    count = len(found.differing)
    if not found.summary:
        return message("Changed since the last run ({count}):", count=count)
    return message(
        "Changed since the last run ({count}: {summary}):", count=count, summary=found.summary
    )


def _verdicts(change: Change) -> str:
    """Return "fail → pass: Anyone can register"."""
    return f"{change.before} → {change.after}: {change.check.title}"
