"""The overview of a report: verdict, matrix of stages and aspects, timings, blocked checks."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from worksample.checks import Aspect, CheckResult, Verdict
from worksample.grading import Report
from worksample.grading.priority import root_blockers
from worksample.messages import message
from worksample.reports.support.formatting import duration, lines_of, pluralize, truncate
from worksample.reports.support.limits import large_limit
from worksample.reports.support.notes import notes_of
from worksample.reports.support.numbering import NumberedIssue
from worksample.reports.support.remarks import Remark, judged_by, remarks_of
from worksample.reports.support.tally import (
    VERDICT_ORDER,
    StageTally,
    Tally,
    by_aspect,
    by_stage,
    headline,
    next_stage,
    tally,
    verdict_text,
    verdict_title,
    without_stage,
)

_MAX_SLOW = 6
_MAX_LOG = 200
_MAX_NOTES = 100


@dataclass(frozen=True, slots=True)
class Bar:
    """A segment of a bar; `offset` and `width` are in percent."""

    name: str
    label: str
    offset: float
    width: float


@dataclass(frozen=True, slots=True)
class Cell:
    """The checks of one stage and aspect (all if it is empty), as a tally and as a bar."""

    aspect: str
    tally: Tally
    bars: tuple[Bar, ...]


@dataclass(frozen=True, slots=True)
class Row:
    """A stage with one cell per aspect, and a cell for all aspects."""

    stage: StageTally
    cells: tuple[Cell, ...]
    total: Cell


@dataclass(frozen=True, slots=True)
class BlockedGroup:
    """Blocked checks with the same reason."""

    reason: str
    results: tuple[CheckResult, ...]


@dataclass(frozen=True, slots=True)
class Overview:
    """Everything on the page except the findings."""

    title: str
    summary: str
    limit: str
    aspects: tuple[Aspect, ...]
    rows: tuple[Row, ...]
    without_stage: tuple[CheckResult, ...]
    next_stage: StageTally | None
    times: tuple[Bar, ...]
    slowest: tuple[Bar, ...]
    blocked: tuple[BlockedGroup, ...]
    internal_errors: tuple[CheckResult, ...]
    undecided: tuple[CheckResult, ...]
    notes: tuple[str, ...]
    more_notes: int
    remarks: tuple[Remark, ...]
    judged_by: str
    log: tuple[str, ...]
    duration: str
    requests: str


def overview_of(report: Report, issues: Sequence[NumberedIssue]) -> Overview:
    """Return the overview of `report`, whose issues are `issues`."""
    aspects, notes = tuple(by_aspect(report)), notes_of(report)
    return Overview(
        title=verdict_title(report),
        summary=truncate(headline(report), 1000),
        limit=truncate(large_limit(report), 1000),
        aspects=aspects,
        rows=tuple(_row(report, stage, aspects) for stage in by_stage(report)),
        without_stage=tuple(without_stage(report)),
        next_stage=next_stage(report),
        times=_times(report),
        slowest=_slowest(report.results),
        blocked=_blocked_groups(report, issues),
        internal_errors=tuple(report.with_verdict(Verdict.ERROR)),
        undecided=tuple(report.with_verdict(Verdict.UNDECIDED)),
        notes=tuple(notes[:_MAX_NOTES]),
        more_notes=max(0, len(notes) - _MAX_NOTES),
        remarks=tuple(remarks_of(report)),
        judged_by=judged_by(report),
        log=tuple(lines_of(report.problem.log, _MAX_LOG)) if report.problem else (),
        duration=duration(report.seconds),
        requests=pluralize(report.requests, "request"),
    )


def _row(report: Report, stage: StageTally, aspects: Sequence[Aspect]) -> Row:
    stage_results = [result for result in report.results if result.check.stage == stage.number]
    cells = [_cell((r for r in stage_results if r.check.aspect is a), a.value) for a in aspects]
    return Row(stage, tuple(cells), _cell(stage_results))


def _cell(results: Iterable[CheckResult], aspect: str = "") -> Cell:
    counted = tally(results)
    bars, offset = [], 0.0
    for verdict in VERDICT_ORDER:
        number = counted.counts[verdict]
        if number:
            width = 100 * number / counted.total
            bars.append(Bar(verdict.value, verdict_text(number, verdict), offset, width))
            offset += width
    return Cell(aspect, counted, tuple(bars))


def _times(report: Report) -> tuple[Bar, ...]:
    total = sum(report.timings.values()) or 1.0
    bars, offset = [], 0.0
    for name, seconds in report.timings.items():
        width = 100 * seconds / total
        bars.append(Bar(name, duration(seconds), offset, width))
        offset += width
    return tuple(bars)


def _slowest(results: Sequence[CheckResult]) -> tuple[Bar, ...]:
    slow = sorted(results, key=lambda result: -result.seconds)[:_MAX_SLOW]
    longest = max((result.seconds for result in slow), default=0.0)
    return tuple(
        Bar(result.check.title, duration(result.seconds), 0.0, 100 * result.seconds / longest)
        for result in slow
        if longest and result.seconds
    )


def _blocked_groups(report: Report, issues: Sequence[NumberedIssue]) -> tuple[BlockedGroup, ...]:
    """Return the blocked checks that none of `issues` blocks."""
    told = {check for issue in issues for check in issue.issue.blocked}
    roots = root_blockers(report.results)
    by_reason: dict[str, list[CheckResult]] = defaultdict(list)
    for result in report.with_verdict(Verdict.BLOCKED):
        if result.check.id in told:
            continue
        root = roots.get(result.check.id)
        blocker = f"“{root.check.title}”" if root else result.blocked_by
        own_reason = "" if root else truncate(result.reason, 400)
        reason = own_reason or message("Blocked by {blocker}", blocker=blocker)
        by_reason[reason].append(result)
    return tuple(BlockedGroup(reason, tuple(results)) for reason, results in by_reason.items())
