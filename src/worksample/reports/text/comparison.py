"""What versions of a server cost, as a table in a terminal."""

from __future__ import annotations

from worksample.grading.report import ComparedRow, Comparison
from worksample.messages import message, plural
from worksample.reports.support.formatting import number, truncate
from worksample.reports.text.page import Page, Part

_MAX_NAME = 60


def show_comparison(page: Page, comparison: Comparison, most: int) -> None:
    """Write at most `most` rows of `comparison` below its title."""
    page.blank_line()
    page.single((truncate(comparison.title, 100), "bold"))
    head: list[Part] = ["", *((truncate(name, 20), "dim") for name in comparison.names)]
    shown = comparison.rows[:most]
    rows = [_row(each, comparison) for each in shown]
    if not page.table([head, *rows]):
        for each in shown:
            page.line(_line(each, comparison), indent=2, hang=2)
    if left := len(comparison.rows) - len(shown):
        page.line((plural(left, "{count} more row", "{count} more rows"), "dim"), indent=2)


def _row(each: ComparedRow, comparison: Comparison) -> list[Part]:
    label = truncate(message("{label}: {unit}", label=each.label, unit=each.unit), _MAX_NAME)
    submission = 1 if len(comparison.names) > 1 else 0
    return [
        label,
        *(
            (number(value), "bold" if place == submission else "")
            for place, value in enumerate(each.values)
        ),
    ]


def _line(each: ComparedRow, comparison: Comparison) -> str:
    values = ", ".join(
        message("{name} {value}", name=name, value=number(value))
        for name, value in zip(comparison.names, each.values, strict=True)
    )
    return message("{label}, {unit}: {values}", label=each.label, unit=each.unit, values=values)
