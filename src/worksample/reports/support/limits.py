"""What could not be asked of a server that runs already, or keeps its data elsewhere."""

from __future__ import annotations

from collections import Counter

from worksample.checks import Aspect, Verdict
from worksample.grading import Report
from worksample.messages import message
from worksample.reports.support.formatting import pluralize

#: From this share of the checks on, what could not be asked is told before anything else.
_LARGE_SHARE = 0.1
_LARGE_COUNT = 3


def large_limit(report: Report) -> str:
    """Return how many checks of which aspects could not be asked, and the most common reason.

    Empty if these are few, unless the server ran already: such a report has no digest.
    """
    excused = [each for each in report.with_verdict(Verdict.BLOCKED) if each.excused]
    large = max(_LARGE_COUNT, _LARGE_SHARE * len(report.results)) if report.digest else 1
    if len(excused) < large:
        return ""
    total = Counter(each.check.aspect for each in report.results)
    missing = Counter(each.check.aspect for each in excused)
    aspects = ", ".join(
        message("{count} of {total} {aspect}", count=missing[a], total=total[a], aspect=a)
        for a in Aspect
        if missing[a]
    )
    [(reason, _)] = Counter(each.reason.rstrip(".") for each in excused).most_common(1)
    return message(
        "{checks} ({aspects}): {reason}.",
        checks=pluralize(len(excused), "check"),
        aspects=aspects,
        reason=reason,
    )
