"""Number the findings in display order: the N of `worksample replay N`."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import count

from worksample.checks import CheckResult, Finding
from worksample.grading import Issue, Report, issues_of, replayable


@dataclass(frozen=True, slots=True)
class NumberedFinding:
    """A finding with its number, which counts from 1 over the whole run."""

    number: int
    result: CheckResult
    finding: Finding

    @property
    def replayable(self) -> bool:
        """Whether `worksample replay` can reproduce the finding."""
        return replayable(self.result.check, self.finding)


@dataclass(frozen=True, slots=True)
class NumberedIssue:
    """An issue with its numbered findings, the one to read first in front."""

    issue: Issue
    findings: tuple[NumberedFinding, ...]

    @property
    def lead(self) -> NumberedFinding:
        """The finding to read first."""
        return self.findings[0]

    @property
    def title(self) -> str:
        """What is wrong, in one line."""
        return self.issue.title

    @property
    def blocked(self) -> int:
        """How many checks the issue blocks."""
        return len(self.issue.blocked)


def numbered_issues(report: Report) -> list[NumberedIssue]:
    """Return the issues of a run with their numbered findings, the one to fix first in front.

    The numbers depend only on the results, so every form of a report has the same.
    """
    numbers = count(1)
    return [
        NumberedIssue(
            issue,
            tuple(NumberedFinding(next(numbers), e.result, e.finding) for e in issue.failures),
        )
        for issue in issues_of(report.results)
    ]


def numbered_findings(report: Report) -> list[NumberedFinding]:
    """Return all findings of a run; number N is at index N - 1."""
    return [numbered for issue in numbered_issues(report) for numbered in issue.findings]
