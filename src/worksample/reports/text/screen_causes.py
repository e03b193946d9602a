"""The causes on a screen: the one to fix first, and the others in a line each."""

from __future__ import annotations

from collections.abc import Sequence

from rich.cells import cell_len
from rich.text import Text

from worksample.checks import Finding
from worksample.checks.formatting import printable
from worksample.checks.model import culprit_of
from worksample.grading import Report
from worksample.messages import message, plural
from worksample.reports.support.formatting import (
    body_line,
    clause_text,
    outcome,
    place_of,
    pluralize,
    request_line,
    rule_of,
    stage_label,
    truncate,
)
from worksample.reports.support.numbering import NumberedIssue
from worksample.reports.text.figures import show_figures
from worksample.reports.text.findings import in_one_line, show_command, show_title
from worksample.reports.text.page import LABEL_WIDTH, Page

MAX_CAUSES = 5
_MAX_REQUESTS = 3
_FIGURE_LINES = 14
_FIGURE_ROWS = 6
_MAX_TAIL = 38
_INDENT = 5


def show_first(page: Page, report: Report, issue: NumberedIssue, reserve: int) -> None:
    """Write the cause to fix first, in what is left of the page without `reserve`."""
    page.heading("Fix this first", "; ".join(filter(None, [_stage(report, issue), impact(issue)])))
    with page.at_most(page.left - reserve):
        _show_finding(page, report, issue)


def _stage(report: Report, issue: NumberedIssue) -> str:
    """Return "stage 2, Accounts"; empty for a kind of work without stages."""
    number = issue.issue.stage
    title = report.stages.get(number)
    return message("stage {number}, {title}", number=number, title=title) if title else ""


def _show_finding(page: Page, report: Report, issue: NumberedIssue) -> None:
    lead = issue.lead
    finding, check = lead.finding, lead.result.check
    with page.at_most(3):
        show_title(page, lead, issue.title)
    rule, clause = rule_of(check, finding), clause_text(report, check, finding)
    show_field(page, "requirement", f"{rule}  {clause}" if clause else rule)
    show_field(page, "expected", finding.expected, "green")
    show_field(page, "actual", finding.actual, "red")
    show_field(page, "in your code", place_of(finding), "bold")
    show_requests(page, finding)
    show_field(page, "hint", finding.hint or check.hint)
    show_command(page, report, lead)
    show_figure(page, finding)


def show_requests(page: Page, finding: Finding, *, lines: int = 1) -> None:
    """Write the request that went wrong with its body, or the last requests if no single one did.

    Each takes at most `lines` lines. A figure shows the requests itself.
    """
    culprit = culprit_of(finding)
    if culprit is not None:
        with page.at_most(lines):
            page.field("request", *in_one_line(culprit))
        show_field(page, "sent", body_line(culprit.request.body) if culprit.request.body else "")
        return
    shown = () if finding.figures else finding.exchanges[-_MAX_REQUESTS:]
    for index, exchange in enumerate(shown):
        with page.at_most(lines):
            page.field("" if index else "requests", *in_one_line(exchange))


def show_figure(page: Page, finding: Finding) -> None:
    """Write the first figure of a finding, cut to a part of a screen; nothing if it has none."""
    with page.at_most(_FIGURE_LINES):
        show_figures(page, finding.figures[:1], rows=_FIGURE_ROWS)


def show_others(page: Page, issues: Sequence[NumberedIssue]) -> None:
    others = issues[1 : MAX_CAUSES + 1]
    if not others:
        return
    left = len(issues) - 1 - len(others)
    more = message("and {left} more in the full report", left=left) if left else ""
    page.heading(plural(len(issues) - 1, "{count} further cause", "{count} further causes"), more)
    for issue in others:
        _show_cause(page, issue)


def _show_cause(page: Page, issue: NumberedIssue) -> None:
    """Write a cause in a line: its title, and the response that shows it."""
    lead = issue.lead
    culprit = culprit_of(lead.finding)
    shown = lead.finding.actual
    if culprit is not None:
        shown = f"{request_line(culprit)} → {outcome(culprit)}"
    tail = f"  {truncate(shown, _MAX_TAIL)}"
    stage = f"  {stage_label(issue.issue.stage)}  "
    head = f"{lead.number:>3}"
    room = max(20, page.width - len(head) - len(stage) - cell_len(printable(tail)))
    title = Text(printable(issue.title))
    title.truncate(room, overflow="ellipsis")
    page.single((head, "bold red"), (stage, "dim"), title.plain, (tail, "dim"))


def show_field(
    page: Page, label: str, text: str, style: str = "", *, indent: int = _INDENT, lines: int = 2
) -> None:
    """Write a label and its text in at most `lines` lines; nothing if the text is empty."""
    room = lines * max(20, page.width - indent - LABEL_WIDTH - 2)
    if text:
        with page.at_most(lines):
            page.field(label, (truncate(text, room), style), indent=indent)


def impact(issue: NumberedIssue) -> str:
    """Return the impact of an issue: "it blocks 17 checks and causes 2 other findings"."""
    blocked, others = issue.blocked, len(issue.findings) - 1
    checks, findings = pluralize(blocked, "check"), pluralize(others, "other finding")
    if blocked and others:
        template = "it blocks {checks} and causes {findings}"
        return message(template, checks=checks, findings=findings)
    if blocked:
        return message("it blocks {checks}", checks=checks)
    return message("it causes {findings}", findings=findings) if others else ""
