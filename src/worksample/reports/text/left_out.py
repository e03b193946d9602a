"""The checks for which a time budget left no time."""

from __future__ import annotations

from collections import Counter
from itertools import groupby

from worksample.grading import Report
from worksample.messages import message
from worksample.reports.support.formatting import pluralize
from worksample.reports.text.page import Page


def left_out_line(report: Report) -> str:
    """Return "297 checks (120 behaviour, 30 contract); without a budget all are asked."."""
    counted = Counter(check.aspect.value for check in report.left_out)
    return message(
        "{checks} ({counts}); a run without a budget asks all.",
        checks=pluralize(len(report.left_out), "check"),
        counts=", ".join(f"{count} {aspect}" for aspect, count in sorted(counted.items())),
    )


def show_left_out(page: Page, report: Report) -> None:
    """Write the titles of the checks that were left out, by stage; nothing if there are none."""
    if not report.left_out:
        return
    page.heading(message("Left out for want of time ({count})", count=len(report.left_out)))
    by_stage = sorted(report.left_out, key=lambda check: check.stage)
    for stage, checks in groupby(by_stage, key=lambda check: check.stage):
        titles = "; ".join(check.title for check in checks)
        page.line((message("stage {stage}: ", stage=stage), "bold"), titles, indent=2, hang=2)
