"""The number of every finding: the N of `worksample replay N`, in the order in which they show."""

from __future__ import annotations

from dataclasses import dataclass

from worksample.checks import CheckResult, Finding
from worksample.grading import Group, Report, groups_of, replayable


@dataclass(frozen=True, slots=True)
class Numbered:
    """A finding with its number, counted from 1 over the whole run."""

    number: int
    result: CheckResult
    finding: Finding

    @property
    def replayable(self) -> bool:
        """Whether `worksample replay` can show it again."""
        return replayable(self.result.check, self.finding)


@dataclass(frozen=True, slots=True)
class Cause:
    """Failures that one cause explains, their findings numbered; the one to read is the first."""

    group: Group
    findings: tuple[Numbered, ...]

    @property
    def lead(self) -> Numbered:
        """The finding that stands for the others."""
        return self.findings[0]


def causes_of(report: Report) -> list[Cause]:
    """Return the causes of a run's failures with their numbered findings, the first to fix first.

    The numbers depend on the results alone: every form of one report has the same.
    """
    causes: list[Cause] = []
    number = 1
    for group in groups_of(report.results):
        found = []
        for result in (group.lead, *group.others):
            for finding in result.findings:
                found.append(Numbered(number, result, finding))
                number += 1
        if found:
            causes.append(Cause(group, tuple(found)))
    return causes


def findings_of(report: Report) -> list[Numbered]:
    """Return all findings of a run; the one with number N is at index N - 1."""
    return [numbered for cause in causes_of(report) for numbered in cause.findings]
