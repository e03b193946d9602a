"""A finding in a terminal: in full, or in a few lines."""

from __future__ import annotations

from worksample.checks import CheckResult, Finding
from worksample.checks.model import culprit_of
from worksample.grading import Report
from worksample.messages import message
from worksample.probes.exchange import Exchange
from worksample.reports.support.formatting import (
    area_of,
    body_line,
    check_command,
    clause_text,
    duration,
    lines_of,
    outcome,
    place_of,
    pluralize,
    request_line,
    rule_of,
    truncate,
)
from worksample.reports.support.numbering import NumberedFinding
from worksample.reports.text.figures import show_figures
from worksample.reports.text.page import Page, Part

_LOG_LINES = 12
_MAX_DETAILS = 8
_MAX_REQUESTS = 8
_MAX_LINE = 600


def show_full(page: Page, report: Report, numbered: NumberedFinding, title: str = "") -> None:
    """Write everything about one finding, the most helpful first.

    `title` names its cause, where the finding stands for it.
    """
    finding, check = numbered.finding, numbered.result.check
    show_title(page, numbered, title)
    _requirement(page, report, numbered)
    page.field("expected", (_bounded(finding.expected), "green"))
    page.field("actual", (_bounded(finding.actual), "red"))
    if place := place_of(finding):
        page.field("in your code", (place, "bold"))
    _details(page, finding)
    if finding.because:
        page.field("because", _bounded(finding.because))
    if check.why:
        page.field("why it matters", check.why)
    show_command(page, report, numbered)
    show_figures(page, finding.figures)
    _requests(page, finding)
    hint = finding.hint or check.hint
    if hint:
        page.field("hint", _bounded(hint))
    _log(page, finding)


def show_short(page: Page, numbered: NumberedFinding) -> None:
    """Write a finding in three or four lines."""
    finding = numbered.finding
    show_title(page, numbered)
    page.field("expected", (truncate(finding.expected, 200), "green"))
    page.field("actual", (truncate(finding.actual, 200), "red"))
    culprit = culprit_of(finding)
    if culprit is not None:
        page.field("request", *in_one_line(culprit))


def show_result(page: Page, report: Report, result: CheckResult) -> None:
    """Write the check of a result with its verdict, and why it has no finding if it has none."""
    check = result.check
    page.line((check.title, "bold"), hang=2)
    where = message(
        "{verdict}; {id}, {area}",
        verdict=result.verdict,
        id=check.id,
        area=area_of(check),
    )
    page.line((where, "dim"), hang=2)
    if result.findings:
        return
    if text := clause_text(report, check):
        page.field("requirement", (check.clause, "bold"), f"  {text}")
    if result.blocked_by:
        page.field("blocked by", result.blocked_by)
    if result.reason:
        page.field("reason", _bounded(result.reason))


def show_folded(page: Page, numbered: NumberedFinding) -> None:
    """Write a further finding of a cause in one line."""
    finding = numbered.finding
    shown = numbered.result.check.title
    if finding.inputs and (culprit := culprit_of(finding)) is not None:
        shown = f"{request_line(culprit)}: {', '.join(finding.inputs)}"
    page.single((f"{numbered.number:>3}  ", "bold red"), shown, (f": {finding.actual}", "dim"))


def show_title(page: Page, numbered: NumberedFinding, title: str = "") -> None:
    """Write the number of a finding and its title; below a `title` of its cause, what found it."""
    check = numbered.result.check
    where = f"  [{area_of(check)}]"
    number, name = (f"{numbered.number:>3}  ", "bold red"), (title or check.title, "bold")
    page.line(number, name, (where, "dim"), hang=5)
    if title not in ("", check.title):
        page.field("found by", (check.title, "dim"))


def _requirement(page: Page, report: Report, numbered: NumberedFinding) -> None:
    check, rule = numbered.result.check, rule_of(numbered.result.check, numbered.finding)
    text = clause_text(report, check, numbered.finding)
    named = [name for name in (rule, check.cites) if name]
    if text:
        page.field("requirement", (rule, "bold"), f"  {text}")
        named = [check.cites] if check.cites else []
    if named:
        page.field("see", ", ".join(named))


def show_command(page: Page, report: Report, numbered: NumberedFinding) -> None:
    if numbered.replayable:
        page.field("reproduce", (f"worksample replay {numbered.number}", "bold"))
    elif numbered.finding.exchanges:
        page.field("reproduce", (check_command(report, numbered.result.check), "bold"))


def _details(page: Page, finding: Finding) -> None:
    for index, line in enumerate(finding.details[:_MAX_DETAILS]):
        page.field("details" if index == 0 else "", _bounded(line))
    left = len(finding.details) - _MAX_DETAILS
    if left > 0:
        page.field("", message("and {left} more in the HTML report", left=left))


def _requests(page: Page, finding: Finding) -> None:
    if not finding.exchanges:
        return
    culprit = finding.culprit
    end = len(finding.exchanges) if culprit is None else culprit + 1
    begin = max(0, end - _MAX_REQUESTS)
    earlier = begin + finding.omitted_exchanges
    omitted = (
        message("({requests} omitted)", requests=pluralize(earlier, "earlier request"))
        if earlier
        else ""
    )
    page.field("the requests" if finding.figures else "what happened", (omitted, "dim"))
    for index in range(begin, end):
        exchange = finding.exchanges[index]
        mark = "▶" if index == culprit else " "
        page.line((f"{mark} {index + 1}  ", "bold"), *in_one_line(exchange), indent=7, hang=5)
        if index == culprit:
            _bodies(page, exchange)


def in_one_line(exchange: Exchange) -> tuple[Part, ...]:
    label = f"{truncate(exchange.label, 80)}: " if exchange.label else ""
    style = "red" if exchange.response is None or exchange.status >= 500 else "bold"
    return (label, request_line(exchange), " → ", (outcome(exchange), style))


def _bodies(page: Page, exchange: Exchange) -> None:
    sent, response = exchange.request.body, exchange.response
    if sent:
        _beside(page, "sent", body_line(sent))
    if response is None:
        _beside(page, "got", truncate(exchange.detail or outcome(exchange), 300))
        return
    kind = truncate(response.header("content-type", "no content type"), 60)
    _beside(
        page,
        "got",
        message(
            "{status}, {kind}, after {seconds}",
            status=response.status,
            kind=kind,
            seconds=duration(exchange.seconds),
        ),
    )
    _beside(page, "", body_line(response.body))


def _beside(page: Page, label: str, text: str) -> None:
    page.field(label, text, indent=12, column=6)


def _log(page: Page, finding: Finding) -> None:
    if not finding.log.strip():
        return
    whose = (
        "(its last lines during the request)"
        if finding.error
        else "(its last lines during the check, other requests included)"
    )
    page.field("server log", (whose, "dim"))
    page.verbatim(lines_of(finding.log, _LOG_LINES), indent=7)


def _bounded(text: str) -> str:
    return truncate(text, _MAX_LINE)
