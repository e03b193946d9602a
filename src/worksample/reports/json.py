"""The report as JSON, in the format of docs/report.md."""

from __future__ import annotations

from worksample.grading import Report, codec

TITLE = "JSON"
SUFFIX = ".json"
SUMMARY = "JSON, for programs; docs/report.md describes it"


def render(report: Report) -> bytes:
    """Return `report` as JSON, with a trailing newline."""
    return codec.encode(report) + b"\n"
