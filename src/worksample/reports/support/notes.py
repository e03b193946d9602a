"""The notes of a report: remarks about the server and about single checks."""

from __future__ import annotations

from collections import defaultdict

from worksample.grading import Report
from worksample.reports.support.formatting import truncate

_MAX_LENGTH = 400


def notes_of(report: Report) -> list[str]:
    """Return every note once; a note of a single check starts with the title of the check."""
    remarks: dict[str, list[str]] = defaultdict(list)
    for result in report.results:
        for note in dict.fromkeys(result.notes):
            remarks[note].append(result.check.title)
    check_notes = [
        f"{titles[0]}: {note}" if len(titles) == 1 else note for note, titles in remarks.items()
    ]
    return [truncate(note, _MAX_LENGTH) for note in dict.fromkeys([*report.notes, *check_notes])]
