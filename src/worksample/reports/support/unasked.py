"""How many questions could not be asked, and for which causes."""

from __future__ import annotations

from worksample.checks import Verdict
from worksample.grading import Report, issues_of
from worksample.messages import message, plural
from worksample.reports.support.formatting import truncate

MAX_NAMED = 2
_TITLE_LENGTH = 60


def causes_of_blocks(report: Report) -> str:
    """Return "7 for “POST /users → 500”, 2 for 3 other causes"; empty if nothing is blocked.

    The causes that block most come first; excused blocks do not count.
    """
    issues = sorted(issues_of(report.results), key=lambda issue: -len(issue.blocked))
    counts = [(len(issue.blocked), issue.title) for issue in issues if issue.blocked]
    named = [
        message("{count} for “{title}”", count=count, title=truncate(title, _TITLE_LENGTH))
        for count, title in counts[:MAX_NAMED]
    ]
    if others := [count for count, _ in counts[MAX_NAMED:]]:
        one, many = "{checks} for another cause", "{checks} for {count} other causes"
        named.append(plural(len(others), one, many, checks=sum(others)))
    blocked = [each for each in report.with_verdict(Verdict.BLOCKED) if not each.excused]
    if unexplained := len(blocked) - sum(count for count, _ in counts):
        named.append(message("{count} for a check without a verdict", count=unexplained))
    return ", ".join(named)
