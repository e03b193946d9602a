"""A growth as a line chart: the positions of lines, ticks and labels in SVG units."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from worksample.checks import Growth
from worksample.reports.support.formatting import factor, number, truncate

WIDTH, HEIGHT = 480, 230
_LEFT, _RIGHT, _TOP, _BOTTOM = 56, 164, 20, 42
_MAX_LINES = 5
_MAX_ROWS = 40
_MAX_TICKS = 4
_MAX_NAME = 22
#: The minimum distance of the labels at the line ends: two lines of text, 12 and 11 high.
_NAME_HEIGHT = 30.0
_DIGIT_WIDTH = 7.0


@dataclass(frozen=True, slots=True)
class Tick:
    """A number on an axis, at `position`."""

    position: float
    label: str


@dataclass(frozen=True, slots=True)
class Row:
    """A row of the table: name, values, and the factor from the first to the last value."""

    name: str
    values: tuple[str, ...]
    factor: str

    @property
    def summary(self) -> str:
        """The first and the last value, and their factor."""
        if len(self.values) < 2:
            return "".join(self.values)
        return f"{self.values[0]} → {self.values[-1]} {self.factor}".rstrip()


@dataclass(frozen=True, slots=True)
class Series:
    """One line: its points, and its name beside its end, at height `name_y`."""

    row: Row
    name: str
    points: tuple[tuple[float, float], ...]
    name_y: float

    @property
    def path(self) -> str:
        """The points in SVG syntax."""
        return " ".join(f"{x:.1f},{y:.1f}" for x, y in self.points)


@dataclass(frozen=True, slots=True)
class Chart:
    """A growth as a line chart, and as a table with the exact values."""

    title: str
    size_of: str
    unit: str
    sizes: Row
    rows: tuple[Row, ...]
    marks: tuple[Tick, ...]
    ticks: tuple[Tick, ...]
    lines: tuple[Series, ...]
    width: int = WIDTH
    height: int = HEIGHT
    left: int = _LEFT
    right: int = WIDTH - _RIGHT
    bottom: int = HEIGHT - _BOTTOM

    @property
    def label(self) -> str:
        """The text alternative of the chart."""
        lines = "; ".join(f"{line.row.name}: {line.row.summary}" for line in self.lines)
        return f"{self.title}. {lines} ({self.unit})"


def chart_of(growth: Growth) -> Chart:
    """Return the chart of `growth`: both axes are linear and start at 0."""
    shown = [values for _, values in growth.lines[:_MAX_LINES]]
    steps = _tick_values(max((value for values in shown for value in values), default=0.0))
    widest = max(growth.sizes, default=0.0) or 1.0
    xs = [_LEFT + (WIDTH - _LEFT - _RIGHT) * size / widest for size in growth.sizes]
    size_of = truncate(growth.size_of, 60)
    rows = tuple(_row(name, values) for name, values in growth.lines[:_MAX_ROWS])
    return Chart(
        title=truncate(growth.title, 300),
        size_of=size_of,
        unit=truncate(growth.unit, 40),
        sizes=_row(size_of, growth.sizes),
        rows=rows,
        marks=_without_overlaps(
            [Tick(x, number(s)) for x, s in zip(xs, growth.sizes, strict=True)]
        ),
        ticks=tuple(Tick(_y(step, steps[-1]), number(step)) for step in steps),
        lines=_lines(rows, xs, [[_y(value, steps[-1]) for value in line] for line in shown]),
    )


def _lines(
    rows: Sequence[Row], xs: Sequence[float], lines: list[list[float]]
) -> tuple[Series, ...]:
    names = _spread([ys[-1] if ys else float(HEIGHT) for ys in lines])
    return tuple(
        Series(row, truncate(row.name, _MAX_NAME), tuple(zip(xs, ys, strict=True)), position)
        for row, ys, position in zip(rows, lines, names, strict=False)
    )


def _row(name: str, values: Sequence[float]) -> Row:
    return Row(truncate(name, 200), tuple(map(number, values)), factor(values))


def _y(value: float, highest: float) -> float:
    return _TOP + (HEIGHT - _TOP - _BOTTOM) * (1 - max(value, 0.0) / highest)


def _tick_values(highest: float) -> list[float]:
    """Return a few round numbers from 0 to at least `highest`."""
    if highest <= 0:
        return [0.0, 1.0]
    rough = highest / _MAX_TICKS
    power = 10.0 ** math.floor(math.log10(rough))
    step = next(power * times for times in (1, 2, 2.5, 5, 10) if power * times >= rough)
    return [step * index for index in range(math.ceil(highest / step) + 1)]


def _without_overlaps(ticks: Sequence[Tick]) -> tuple[Tick, ...]:
    """Return `ticks` without those that would overlap the tick to their right."""
    kept: list[Tick] = []
    for tick in reversed(ticks):
        if (
            not kept
            or kept[-1].position - tick.position
            >= _DIGIT_WIDTH * (len(tick.label) + len(kept[-1].label) + 2) / 2
        ):
            kept.append(tick)
    return tuple(reversed(kept))


def _spread(wanted: Sequence[float]) -> list[float]:
    """Return the heights moved apart, in the same order, so that labels do not overlap."""
    order = sorted(range(len(wanted)), key=lambda index: wanted[index])
    placed = list(wanted)
    floor = float(_TOP)
    for index in order:
        placed[index] = floor = max(wanted[index], floor)
        floor += _NAME_HEIGHT
    ceiling = float(HEIGHT - _BOTTOM - 12)
    for index in reversed(order):
        placed[index] = ceiling = min(placed[index], ceiling)
        ceiling -= _NAME_HEIGHT
    return placed
