"""Choose in how much detail each finding is shown, so that the page stays small.

The findings to fix first get the most room: those that lead a cause before the others.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from worksample.reports.page.issues import Detail
from worksample.reports.support.numbering import NumberedFinding, NumberedIssue

#: So many causes are shown whole before others get more than a line each.
_FIRST = 10

RenderFinding = Callable[[NumberedFinding, Detail], str]


def fitted(issues: Sequence[NumberedIssue], room: int, render: RenderFinding) -> dict[int, str]:
    """Return the text of each finding by its number, with at most `room` bytes in all.

    Findings for which there is no room at all are left out.
    """
    shown: dict[int, str] = {}
    reached: dict[int, Detail] = {}
    for detail, findings in _passes(issues):
        for finding in findings:
            if detail <= reached.get(finding.number, Detail.NOTHING):
                continue
            text = render(finding, detail)
            more = _size(text) - _size(shown.get(finding.number, ""))
            if more <= room:
                room -= more
                shown[finding.number], reached[finding.number] = text, detail
    return shown


def _passes(
    issues: Sequence[NumberedIssue],
) -> Iterator[tuple[Detail, Sequence[NumberedFinding]]]:
    """Yield which findings get more room in turn, and how much is then shown of each."""
    leads = [issue.lead for issue in issues]
    every = [*leads, *(finding for issue in issues for finding in issue.findings[1:])]
    yield Detail.WHOLE, leads[:1]
    yield Detail.LINE, leads
    yield Detail.WHOLE, leads[:_FIRST]
    yield Detail.LINE, every
    yield Detail.CULPRIT, every
    yield Detail.WHOLE, every


def _size(text: str) -> int:
    return len(text.encode("utf-8", "backslashreplace"))
