"""The report as JSON, in the shape that docs/report.md publishes."""

from __future__ import annotations

from worksample.grading import Report, codec

SUFFIX = ".json"
SUMMARY = "JSON, for programs; docs/report.md describes it"


def render(report: Report) -> bytes:
    """Return `report` as JSON, with a newline at its end."""
    return codec.encode(report) + b"\n"
