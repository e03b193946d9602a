"""Figures in a terminal: timelines as columns, growths as tables."""

from __future__ import annotations

import io
from collections.abc import Sequence

from rich.console import Console

from worksample.checks import Figure, Growth, Timeline
from worksample.messages import message
from worksample.reports.support.formatting import factor, number, pluralize, truncate
from worksample.reports.support.rows import Row, rows_of
from worksample.reports.text.page import Page, Part

_INDENT = 7
_MAX_ROWS = 40
_MAX_LINES = 12
_MAX_ACTORS = 6
_MAX_STATEMENT = 240
_MAX_NAME = 60
_MAX_ACTOR = 12
_RAIL: Part = ("│ ", "dim")
#: A statement is not readable in a narrower column.
_NARROWEST_COLUMN = 42
_STEP = 3


def show_figures(page: Page, figures: Sequence[Figure], rows: int = _MAX_ROWS) -> None:
    """Write every figure below its title; of a timeline at most `rows`, those around its mark."""
    for figure in figures:
        drawn = isinstance(figure, Timeline)
        page.field("what happened" if drawn else "measured", (truncate(figure.title, 200), "dim"))
        if isinstance(figure, Timeline):
            _show_timeline(page, figure, rows)
        else:
            _show_growth(page, figure)


def figures_as_lines(
    figures: Sequence[Figure], width: int = 100, rows: int = _MAX_ROWS
) -> list[str]:
    """Return every figure as lines of plain text for a page of this width."""
    buffer = io.StringIO()
    show_figures(Page(Console(file=buffer, width=width, color_system=None)), figures, rows)
    return buffer.getvalue().splitlines()


def _show_timeline(page: Page, timeline: Timeline, limit: int) -> None:
    """Write one column per actor, or indented lines if the columns would be too narrow."""
    actors = max(len(timeline.actors), 1)
    width = (page.width - _INDENT - 2 * (actors - 1)) // actors
    rows = rows_of(timeline, limit)
    if width < _NARROWEST_COLUMN:
        _show_staggered(page, timeline, rows)
        return
    heads: list[Sequence[Part]] = [
        [(f"{name} ", "bold"), "  ", (truncate(action, 120), "dim")]
        for name, action in _actors(timeline)
    ]
    page.columns(heads, width, _INDENT)
    for row in rows:
        for parts in _paragraphs(row):
            page.columns(_cells(row, parts, actors), width, _INDENT)


def _cells(row: Row, parts: Sequence[Part], actors: int) -> list[Sequence[Part] | str]:
    """Return the cell of each column: the beat in its actor's, a rail for a waiting actor."""
    cells: list[Sequence[Part] | str] = ["┆" if a in row.waiting else "" for a in range(actors)]
    cells[row.beat.actor] = parts
    return cells


def _show_staggered(page: Page, timeline: Timeline, rows: Sequence[Row]) -> None:
    actors = _actors(timeline)
    for index, (name, action) in enumerate(actors):
        page.line(
            (f"{name} ", "bold"),
            (truncate(action, 120), "dim"),
            indent=2 + _stagger_indent(index),
            hang=2,
        )
    for row in rows:
        name = actors[row.beat.actor][0]
        for index, (mark, _, *parts) in enumerate(_paragraphs(row)):
            prefix = (f"{name} ", "dim") if index == 0 else " " * (len(name) + 1)
            page.line(
                prefix,
                mark,
                *parts,
                indent=2 + _stagger_indent(row.beat.actor),
                hang=min(len(name), 4) + 3,
            )


def _actors(timeline: Timeline) -> list[tuple[str, str]]:
    return [(truncate(name, _MAX_ACTOR), action) for name, action in timeline.actors]


def _stagger_indent(actor: int) -> int:
    return _STEP * min(actor, _MAX_ACTORS)


def _paragraphs(row: Row) -> list[list[Part]]:
    """Return a row as paragraphs: its text, and its note if it has one."""
    beat = row.beat
    if row.omitted:
        return [[_RAIL, _RAIL, (f"… {pluralize(row.omitted, 'further step')}", "dim")]]
    mark, style = (("▶ ", "bold red"), "red") if beat.mark else (_RAIL, "")
    paragraphs: list[list[Part]] = [[mark, _RAIL, (truncate(beat.text, _MAX_STATEMENT), style)]]
    if beat.note:
        paragraphs.append([_RAIL, _RAIL, (f"({truncate(beat.note, 200)})", "dim")])
    return paragraphs


def _show_growth(page: Page, growth: Growth) -> None:
    """Write a table of sizes and lines, with the factor from first to last in its last column."""
    head: list[Part] = [
        (truncate(growth.size_of, _MAX_NAME), "dim"),
        *((number(size), "dim") for size in growth.sizes),
        (factor(growth.sizes), "dim"),
    ]
    lines = growth.lines[:_MAX_LINES]
    rows = [_growth_row(name, values) for name, values in lines]
    if not page.table([head, *rows], indent=_INDENT):
        for name, values in lines:
            _show_line(page, growth, name, values)
    left = len(growth.lines) - len(lines)
    unit = truncate(growth.unit, _MAX_NAME)
    text = message("counted: {unit}", unit=unit)
    if left:
        text = message("counted: {unit}; {left} more in the HTML report", unit=unit, left=left)
    page.line((text, "dim"), indent=_INDENT)


def _growth_row(name: str, values: Sequence[float]) -> list[Part]:
    shown = [number(value) for value in values]
    return [truncate(name, _MAX_NAME), *shown, (factor(values), "bold")]


def _show_line(page: Page, growth: Growth, name: str, values: Sequence[float]) -> None:
    pairs = zip(growth.sizes, values, strict=True)
    values_at_sizes = ", ".join(
        message("{value} at {size}", value=number(value), size=number(size))
        for size, value in pairs
    )
    times = factor(values)
    page.line(
        f"{truncate(name, _MAX_NAME)}: ", values_at_sizes, (f" ({times})" if times else "", "bold"),
        indent=_INDENT, hang=2,
    )  # fmt: skip
