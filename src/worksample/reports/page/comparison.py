"""What versions of a server cost, as bars: widths in percent of the largest value of a row."""

from __future__ import annotations

from dataclasses import dataclass

from worksample.grading.report import ComparedRow, Comparison
from worksample.messages import message
from worksample.reports.support.formatting import number, truncate

_THINNEST = 0.4


@dataclass(frozen=True, slots=True)
class VersionBar:
    """One value: the version, the value in words, and the width of its bar in percent."""

    name: str
    value: str
    width: float


@dataclass(frozen=True, slots=True)
class BarGroup:
    """One measured value of all versions."""

    label: str
    unit: str
    bars: tuple[VersionBar, ...]

    @property
    def alternative(self) -> str:
        """The text alternative of the bars."""
        values = ", ".join(
            message("{name} {value}", name=each.name, value=each.value) for each in self.bars
        )
        return message("{label}, {unit}: {values}", label=self.label, unit=self.unit, values=values)


@dataclass(frozen=True, slots=True)
class Bars:
    """A comparison as bars, and as a table with the exact values."""

    title: str
    names: tuple[str, ...]
    groups: tuple[BarGroup, ...]


def bars_of(comparison: Comparison | None) -> Bars | None:
    """Return the bars of `comparison`; None without one."""
    if comparison is None or not comparison.rows:
        return None
    names = tuple(truncate(each, 20) for each in comparison.names)
    groups = tuple(_group(each, names) for each in comparison.rows)
    return Bars(truncate(comparison.title, 100), names, groups)


def _group(row: ComparedRow, names: tuple[str, ...]) -> BarGroup:
    largest = max(row.values, default=0.0) or 1.0
    bars = tuple(
        VersionBar(name, number(value), max(100 * value / largest, _THINNEST if value else 0.0))
        for name, value in zip(names, row.values, strict=True)
    )
    return BarGroup(truncate(row.label, 80), truncate(row.unit, 60), bars)
