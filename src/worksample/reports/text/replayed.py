"""A finding asked again, as a terminal shows it: then and now, one under the other."""

from __future__ import annotations

from collections.abc import Sequence

from worksample.grading import Again, Report
from worksample.probes.exchange import Exchange
from worksample.reports.support.numbering import Numbered
from worksample.reports.support.words import (
    body_line,
    check_command,
    clause_text,
    cut,
    outcome,
    request_line,
)
from worksample.reports.text.page import Page

_BODY = 240
_STYLES = {Again.SHOWS: "bold red", Again.GONE: "bold green", Again.UNCLEAR: "bold yellow"}


def show_replayed(
    page: Page, report: Report, numbered: Numbered, now: Sequence[Exchange], again: Again
) -> None:
    """Write what was asked, what came then and what came now, and what that says."""
    finding, check = numbered.finding, numbered.result.check
    page.line((f"{numbered.number:>3}  ", "bold"), (check.title, "bold"), hang=5)
    if text := clause_text(report, check):
        page.field("requirement", (check.clause, "bold"), f"  {text}")
    page.field("expected", (cut(finding.expected, 400), "green"))
    page.field("actual then", (cut(finding.actual, 400), "red"))
    page.gap()
    for index, (then, current) in enumerate(zip(finding.exchanges, now, strict=True)):
        _show_pair(page, index, then, current, index == finding.culprit)
    page.gap()
    page.line((f"{str(again).capitalize()}.", _STYLES[again]))
    if again is not Again.GONE:
        page.line(("To have it judged again: ", "dim"), check_command(report, check))


def _show_pair(page: Page, index: int, then: Exchange, now: Exchange, culprit: bool) -> None:
    """Write one request; bodies only where it went wrong, or goes another way now."""
    label = f"{cut(now.label, 80)}: " if now.label else ""
    mark = "▶" if culprit else " "
    differs = (then.status, then.trouble) != (now.status, now.trouble)
    came = ("", "") if culprit or differs else (f" → {outcome(now)}, as then", "dim")
    page.line((f"{mark} {index + 1}  ", "bold"), label, request_line(now), came, indent=2, hang=5)
    if not culprit and not differs:
        return
    if now.request.body:
        page.field("sent", body_line(now.request.body, _BODY), indent=7, column=6)
    page.field("then", *_came(then, ""), indent=7, column=6)
    page.field("now", *_came(now, "yellow" if differs else ""), indent=7, column=6)


def _came(exchange: Exchange, style: str) -> tuple[tuple[str, str], str]:
    if exchange.response is None:
        return (outcome(exchange), style), f"  {cut(exchange.detail, 200)}"
    return (outcome(exchange), style), f"  {body_line(exchange.response.body, _BODY)}"
