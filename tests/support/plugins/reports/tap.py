"""A toy form of the report: the Test Anything Protocol (https://testanything.org)."""

from __future__ import annotations

from worksample.checks import Verdict
from worksample.grading import Report

TITLE = "TAP"
SUFFIX = ".tap"
SUMMARY = "lines of the Test Anything Protocol"


def render(report: Report) -> bytes:
    """Return a line for each check, and how many there are."""
    lines = [
        f"{'ok' if each.verdict is Verdict.PASS else 'not ok'} {number} - {each.check.id}"
        for number, each in enumerate(report.results, 1)
    ]
    return "".join(f"{line}\n" for line in (f"1..{len(lines)}", *lines)).encode()
