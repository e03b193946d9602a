"""A replayed finding in a terminal: the outcomes of the run and of the replay."""

from __future__ import annotations

from collections.abc import Sequence

from worksample.grading import ReplayResult, Report
from worksample.messages import message
from worksample.probes.exchange import Exchange
from worksample.reports.support.formatting import (
    body_line,
    check_command,
    clause_text,
    outcome,
    request_line,
    rule_of,
    truncate,
)
from worksample.reports.support.numbering import NumberedFinding
from worksample.reports.text.page import Page

_BODY = 240
_STYLES = {
    ReplayResult.REPRODUCED: "bold red",
    ReplayResult.NOT_REPRODUCED: "bold green",
    ReplayResult.INCONCLUSIVE: "bold yellow",
}


def show_replay(
    page: Page,
    report: Report,
    numbered: NumberedFinding,
    now: Sequence[Exchange],
    result: ReplayResult,
) -> None:
    """Write every request with its outcome then and now, and the result of the replay."""
    finding, check = numbered.finding, numbered.result.check
    page.line((f"{numbered.number:>3}  ", "bold"), (check.title, "bold"), hang=5)
    if text := clause_text(report, check, finding):
        page.field("requirement", (rule_of(check, finding), "bold"), f"  {text}")
    page.field("expected", (truncate(finding.expected, 400), "green"))
    page.field("actual then", (truncate(finding.actual, 400), "red"))
    page.blank_line()
    for index, (then, current) in enumerate(zip(finding.exchanges, now, strict=True)):
        _show_pair(page, index, then, current, index == finding.culprit)
    page.blank_line()
    page.line((f"{str(result).capitalize()}.", _STYLES[result]))
    if result is not ReplayResult.NOT_REPRODUCED:
        page.line(("To run the check again: ", "dim"), check_command(report, check))


def _show_pair(page: Page, index: int, then: Exchange, now: Exchange, culprit: bool) -> None:
    """Write one request, with bodies if it is the culprit or its outcome differs."""
    label = f"{truncate(now.label, 80)}: " if now.label else ""
    mark = "▶" if culprit else " "
    differs = (then.status, then.trouble) != (now.status, now.trouble)
    suffix = (
        ("", "")
        if culprit or differs
        else (message(" → {outcome}, as then", outcome=outcome(now)), "dim")
    )
    page.line((f"{mark} {index + 1}  ", "bold"), label, request_line(now), suffix, indent=2, hang=5)
    if not culprit and not differs:
        return
    if now.request.body:
        page.field("sent", body_line(now.request.body, _BODY), indent=7, column=6)
    page.field("then", *_outcome_parts(then, ""), indent=7, column=6)
    page.field("now", *_outcome_parts(now, "yellow" if differs else ""), indent=7, column=6)


def _outcome_parts(exchange: Exchange, style: str) -> tuple[tuple[str, str], str]:
    if exchange.response is None:
        return (outcome(exchange), style), f"  {truncate(exchange.detail, 200)}"
    return (outcome(exchange), style), f"  {body_line(exchange.response.body, _BODY)}"
