"""A timeline as rows: waiting actors, and folding of long timelines."""

from __future__ import annotations

from tests.support import reports
from worksample.checks import TimelineStep
from worksample.reports.support.rows import rows_of


def test_started_actor_waits_while_other_acts() -> None:
    rows = rows_of(reports.timeline(), limit=50)
    assert [row.beat for row in rows] == list(reports.timeline().beats)
    assert [row.beat.actor for row in rows if row.waiting] == [1] * 6
    assert {row.waiting for row in rows} == {frozenset(), frozenset({0})}


def test_previous_actor_marks_control_change() -> None:
    rows = rows_of(reports.timeline(), limit=50)
    passes = [n for n, row in enumerate(rows) if row.previous_actor != row.beat.actor]
    assert passes == [3, 9]


def test_folds_beats_without_note_or_mark() -> None:
    beats = (
        TimelineStep(0, "first"),
        *(TimelineStep(0, f"dull {n}") for n in range(30)),
        TimelineStep(1, "here", mark=True),
    )
    rows = rows_of(reports.timeline(beats=beats), limit=10)
    assert [(row.beat.text, row.omitted) for row in rows] == [
        ("first", 0), ("", 29), ("dull 29", 0), ("here", 0),
    ]  # fmt: skip


def test_keeps_window_around_mark() -> None:
    beats = tuple(TimelineStep(n % 2, str(n), mark=n == 50) for n in range(100))
    rows = rows_of(reports.timeline(beats=beats), limit=10)
    assert [row.beat.text for row in rows[1:-1]] == [str(n) for n in range(45, 55)]
    assert (rows[0].omitted, rows[-1].omitted) == (45, 45)


def test_adds_no_omission_row_at_shown_end() -> None:
    beats = tuple(TimelineStep(n % 2, str(n)) for n in range(100))
    rows = rows_of(reports.timeline(beats=beats), limit=10)
    assert (len(rows), rows[0].omitted, rows[-1].omitted) == (11, 0, 90)


def test_empty_timeline_has_no_rows() -> None:
    assert rows_of(reports.timeline(beats=()), limit=10) == []
