"""The number of every finding: the N of `worksample replay N`, in the order in which they show."""

from __future__ import annotations

from dataclasses import dataclass

from worksample.checks import CheckResult, Finding
from worksample.grading import Issue, Report, issues_of, replayable


@dataclass(frozen=True, slots=True)
class NumberedFinding:
    """A finding with its number, counted from 1 over the whole run."""

    number: int
    result: CheckResult
    finding: Finding

    @property
    def replayable(self) -> bool:
        """Whether `worksample replay` can show it again."""
        return replayable(self.result.check, self.finding)


@dataclass(frozen=True, slots=True)
class NumberedIssue:
    """Failures that one cause explains, their findings numbered; the one to read is the first."""

    issue: Issue
    findings: tuple[NumberedFinding, ...]

    @property
    def lead(self) -> NumberedFinding:
        """The finding that stands for the others."""
        return self.findings[0]


def numbered_issues(report: Report) -> list[NumberedIssue]:
    """Return the causes of a run's failures with their numbered findings, the first to fix first.

    The numbers depend on the results alone: every form of one report has the same.
    """
    issues: list[NumberedIssue] = []
    number = 1
    for issue in issues_of(report.results):
        found = []
        for result in (issue.lead, *issue.others):
            for finding in result.findings:
                found.append(NumberedFinding(number, result, finding))
                number += 1
        if found:
            issues.append(NumberedIssue(issue, tuple(found)))
    return issues


def numbered_findings(report: Report) -> list[NumberedFinding]:
    """Return all findings of a run; the one with number N is at index N - 1."""
    return [numbered for issue in numbered_issues(report) for numbered in issue.findings]
