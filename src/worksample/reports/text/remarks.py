"""The remarks of a report in a terminal."""

from __future__ import annotations

from worksample.grading import Report
from worksample.messages import message, plural
from worksample.reports.support.remarks import Remark, remarks_of
from worksample.reports.text.page import Page

_ON_SCREEN = 3
_FEWEST_LINES = 3


def show_remarks(page: Page, report: Report) -> None:
    """Write all remarks, each with its rule."""
    remarks = remarks_of(report)
    if not remarks:
        return
    page.heading(_heading(remarks), _because(report))
    for each in remarks:
        more = (f" ({each.others})", "dim") if each.others else ""
        page.line((f"{each.rule}  ", "bold"), each.sentence, more, indent=2, hang=4)


def show_few_remarks(page: Page, report: Report) -> None:
    """Write the first remarks in a line each, as far as the page has room."""
    remarks = remarks_of(report)
    if not remarks or page.left < _FEWEST_LINES:
        return
    page.blank_line()
    page.single((_heading(remarks), "bold"), (f"  {_because(report)}", "dim"))
    shown = remarks[: min(_ON_SCREEN, page.left - 1)]
    for each in shown:
        page.single((f"  {each.rule}  ", "bold"), each.sentence)
    left = len(remarks) - len(shown)
    if left:
        page.single((plural(left, "  and {count} more", "  and {count} more"), "dim"))


def _heading(remarks: list[Remark]) -> str:
    return plural(len(remarks), "{count} remark", "{count} remarks")


def _because(report: Report) -> str:
    """Return why remarks do not count."""
    return message(
        "the brief asks for it, {title} does not", title=report.profile_title or report.profile
    )
