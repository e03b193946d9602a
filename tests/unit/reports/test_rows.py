"""A timeline as rows: who waits, and what is folded where there is too much."""

from __future__ import annotations

from tests.support import reports
from worksample.checks import Beat
from worksample.reports.support.rows import rows_of


def test_who_has_begun_and_not_ended_waits_while_another_moves() -> None:
    rows = rows_of(reports.timeline(), most=50)
    assert [row.beat for row in rows] == list(reports.timeline().beats)
    assert [row.beat.actor for row in rows if row.waiting] == [1] * 6
    assert {row.waiting for row in rows} == {frozenset(), frozenset({0})}


def test_control_passes_where_another_moved_before() -> None:
    rows = rows_of(reports.timeline(), most=50)
    passes = [n for n, row in enumerate(rows) if row.came_from != row.beat.actor]
    assert passes == [3, 9]


def test_of_too_many_beats_the_dull_ones_are_folded() -> None:
    beats = (
        Beat(0, "first"),
        *(Beat(0, f"dull {n}") for n in range(30)),
        Beat(1, "here", mark=True),
    )
    rows = rows_of(reports.timeline(beats=beats), most=10)
    assert [(row.beat.text, row.left_out) for row in rows] == [
        ("first", 0), ("", 29), ("dull 29", 0), ("here", 0),
    ]  # fmt: skip


def test_what_is_still_too_much_is_cut_around_the_mark() -> None:
    beats = tuple(Beat(n % 2, str(n), mark=n == 50) for n in range(100))
    rows = rows_of(reports.timeline(beats=beats), most=10)
    assert [row.beat.text for row in rows[1:-1]] == [str(n) for n in range(45, 55)]
    assert (rows[0].left_out, rows[-1].left_out) == (45, 45)


def test_nothing_is_left_out_at_an_end_that_is_shown() -> None:
    beats = tuple(Beat(n % 2, str(n)) for n in range(100))
    rows = rows_of(reports.timeline(beats=beats), most=10)
    assert (len(rows), rows[0].left_out, rows[-1].left_out) == (11, 0, 90)


def test_a_timeline_without_a_beat_has_no_rows() -> None:
    assert rows_of(reports.timeline(beats=()), most=10) == []
