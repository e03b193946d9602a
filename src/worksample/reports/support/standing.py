"""How far a submission is, in one row: for a list of many submissions."""

from __future__ import annotations

from dataclasses import dataclass

from worksample.checks import CheckResult, Verdict
from worksample.grading import Report
from worksample.messages import message
from worksample.reports.support.formatting import truncate
from worksample.reports.support.numbering import numbered_issues
from worksample.reports.support.tally import StageState, by_stage, state_of, tally

_MAX_CAUSE = 200


@dataclass(frozen=True, slots=True)
class Standing:
    """The verdict of a run, the highest stage done, counts of checks, and what to fix first.

    `stage` is 0 if no stage is done; `first_cause` is empty if there is nothing to fix.
    """

    verdict: str
    stage: int
    passed: int
    failed: int
    blocked: int
    first_cause: str


def standing_of(report: Report) -> Standing:
    """Return the standing of the submission in the run."""
    counts = tally(report.results).counts
    return Standing(
        verdict=report.verdict.value,
        stage=_highest_stage_done(report),
        passed=counts[Verdict.PASS],
        failed=counts[Verdict.FAIL],
        blocked=counts[Verdict.BLOCKED],
        first_cause=truncate(_first_cause(report), _MAX_CAUSE),
    )


def _highest_stage_done(report: Report) -> int:
    """Return the last stage before the first one that is open or blocked."""
    highest = 0
    for stage in by_stage(report):
        state = state_of(stage)
        if state is StageState.DONE:
            highest = stage.number
        elif state is not StageState.NOT_RUN:
            break
    return highest


def _first_cause(report: Report) -> str:
    """Return why nothing could be checked, the issue to fix first, or what has no verdict."""
    if report.problem is not None:
        return report.problem.message
    for issue in numbered_issues(report)[:1]:
        finding = issue.lead.finding
        return message(
            "{title}: expected {expected}, got {actual}",
            title=issue.title,
            expected=finding.expected,
            actual=finding.actual,
        )
    return next(filter(None, map(_no_verdict, report.results)), "")


def _no_verdict(result: CheckResult) -> str:
    if result.excused or not result.reason or result.verdict is Verdict.PASS:
        return ""
    return f"{result.check.title}: {result.reason}"
