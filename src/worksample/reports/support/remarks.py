"""The remarks of a report: each rule that the profile leaves out and the server breaks, once."""

from __future__ import annotations

from dataclasses import dataclass

from worksample.checks import BRIEF, CheckResult, Finding
from worksample.checks.model import culprit_of
from worksample.grading import Report
from worksample.messages import message, plural
from worksample.reports.support.formatting import outcome, request_line, rule_of, truncate

_MAX_SHOWN = 160


@dataclass(frozen=True, slots=True)
class Remark:
    """A rule that is left out, its text, and the checks that found it broken; the first explains.

    `finding` is what the first of `results` found.
    """

    rule: str
    text: str
    results: tuple[CheckResult, ...]
    finding: Finding

    @property
    def sentence(self) -> str:
        """What was expected, and what the server answered instead."""
        culprit = culprit_of(self.finding)
        actual = self.finding.actual
        if culprit is not None and self.finding.expected.startswith("status "):
            actual = f"{request_line(culprit)} → {outcome(culprit)}"
        return message(
            "{title}: expected {expected}, got {actual}",
            title=self.results[0].check.title,
            expected=truncate(self.finding.expected, _MAX_SHOWN),
            actual=truncate(actual, _MAX_SHOWN),
        )

    @property
    def others(self) -> str:
        """Return "2 more checks say so", or an empty text."""
        more = len(self.results) - 1
        one, other = "{count} more check says so", "{count} more checks say so"
        return plural(more, one, other) if more else ""


def remarks_of(report: Report) -> list[Remark]:
    """Return the remarks of a report, one for each rule, in the order of the checks."""
    found: dict[str, list[tuple[CheckResult, Finding]]] = {}
    for result in report.remarked:
        for finding in result.remarks:
            found.setdefault(rule_of(result.check, finding), []).append((result, finding))
    return [
        Remark(
            rule=rule,
            text=report.clauses.get(rule, ""),
            results=tuple({result.check.id: result for result, _ in pairs}.values()),
            finding=pairs[0][1],
        )
        for rule, pairs in found.items()
    ]


def judged_by(report: Report) -> str:
    """Return "judged by the brief"; reports of earlier versions do not say it, but were."""
    title = report.profile_title or report.profile or BRIEF.title
    return message("judged by {title}", title=truncate(title, _MAX_SHOWN))


def same_profile(one: Report, other: Report) -> bool:
    """Return whether both runs were judged by the same rules."""
    return (one.profile or BRIEF.id) == (other.profile or BRIEF.id)
