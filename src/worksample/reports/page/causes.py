"""The causes of a run as a chart: how many checks each of them fails or blocks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from worksample.messages import message, plural
from worksample.reports.support.formatting import truncate
from worksample.reports.support.numbering import NumberedIssue

_MAX_TITLE = 200
_FIRST = 10
#: The most causes in the list: the size of the page is limited.
_MOST = 200


@dataclass(frozen=True, slots=True)
class CauseBar:
    """A cause; `number` is its first finding, the widths are in percent of the largest cause."""

    number: int
    title: str
    stage: int
    aspect: str
    weight: str
    failed_width: float
    blocked_width: float


@dataclass(frozen=True, slots=True)
class Causes:
    """The causes, the one that affects most checks first: those to show at once, and others."""

    total: int
    first: tuple[CauseBar, ...]
    others: tuple[CauseBar, ...]
    others_title: str


def causes_of(issues: Sequence[NumberedIssue]) -> Causes:
    """Return the causes by weight; equals stay in their order."""
    largest = max((issue.issue.weight for issue in issues), default=1)
    heaviest = sorted(issues, key=lambda issue: -issue.issue.weight)
    bars = tuple(_bar(issue, largest) for issue in heaviest[:_MOST])
    others = heaviest[_FIRST:]
    return Causes(len(issues), bars[:_FIRST], bars[_FIRST:], _others_title(others))


def _others_title(others: Sequence[NumberedIssue]) -> str:
    """Return "12 more causes, at most 3 checks each", and how many are not in the list."""
    if not others:
        return ""
    most = others[0].issue.weight
    title = message(
        "{causes}, at most {checks} each",
        causes=plural(len(others), "{count} more cause", "{count} more causes"),
        checks=plural(most, "{count} check", "{count} checks"),
    )
    left = _FIRST + len(others) - _MOST
    if left <= 0:
        return title
    return message("{title} (the last {left} are not in this list)", title=title, left=left)


def _bar(issue: NumberedIssue, largest: int) -> CauseBar:
    failed = len(issue.issue.checks)
    return CauseBar(
        number=issue.lead.number,
        title=truncate(issue.title, _MAX_TITLE),
        stage=issue.issue.stage,
        aspect=issue.lead.result.check.aspect.value,
        weight=_weight(failed, issue.blocked),
        failed_width=100 * failed / largest,
        blocked_width=100 * issue.blocked / largest,
    )


def _weight(failed: int, blocked: int) -> str:
    """Return "1 check fails", "3 checks fail, 2 blocked"."""
    failures = plural(failed, "{count} check fails", "{count} checks fail")
    if not blocked:
        return failures
    return message("{failures}, {blocked} blocked", failures=failures, blocked=blocked)
