"""The report from above: the verdict, the matrix of stages and aspects, where the time went."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from worksample.checks import Aspect, CheckResult, Verdict
from worksample.grading import Report
from worksample.grading.priority import roots_of
from worksample.reports.support.noticed import noticed
from worksample.reports.support.tally import (
    SHOWN,
    StageTally,
    Tally,
    by_aspect,
    by_stage,
    headline,
    next_stage,
    say,
    tally,
)
from worksample.reports.support.words import count, cut, lines_of, took

_MOST_SLOW = 6
_MOST_LOG = 200


@dataclass(frozen=True, slots=True)
class Bar:
    """A part of a whole: `begin` and `width` are in percent of it."""

    name: str
    said: str
    begin: float
    width: float


@dataclass(frozen=True, slots=True)
class Cell:
    """A stage's checks of one aspect: bars from left to right, and the same in words."""

    tally: Tally
    bars: tuple[Bar, ...]


@dataclass(frozen=True, slots=True)
class Row:
    """A stage and its cells, one for each aspect that was asked about."""

    stage: StageTally
    cells: tuple[Cell, ...]
    whole: Cell


@dataclass(frozen=True, slots=True)
class Waiting:
    """Checks that could not be asked, and why."""

    why: str
    results: tuple[CheckResult, ...]


@dataclass(frozen=True, slots=True)
class Overview:
    """Everything on the page but the findings."""

    title: str
    sentence: str
    aspects: tuple[Aspect, ...]
    rows: tuple[Row, ...]
    next_stage: StageTally | None
    times: tuple[Bar, ...]
    slowest: tuple[Bar, ...]
    waiting: tuple[Waiting, ...]
    ours: tuple[CheckResult, ...]
    undecided: tuple[CheckResult, ...]
    notes: tuple[str, ...]
    log: tuple[str, ...]
    took: str
    requests: str


def overview_of(report: Report) -> Overview:
    """Return what the page says of the whole run."""
    aspects = tuple(by_aspect(report))
    return Overview(
        title="No verdict" if report.verdict == "error" else report.verdict.value.capitalize(),
        sentence=cut(headline(report), 1000),
        aspects=aspects,
        rows=tuple(_row(report, stage, aspects) for stage in by_stage(report)),
        next_stage=next_stage(report),
        times=_times(report),
        slowest=_slowest(report.results),
        waiting=_waiting(report),
        ours=tuple(report.with_verdict(Verdict.ERROR)),
        undecided=tuple(report.with_verdict(Verdict.UNDECIDED)),
        notes=tuple(noticed(report)),
        log=tuple(lines_of(report.problem.log, _MOST_LOG)) if report.problem else (),
        took=took(report.seconds),
        requests=count(report.requests, "request"),
    )


def _row(report: Report, stage: StageTally, aspects: Sequence[Aspect]) -> Row:
    mine = [result for result in report.results if result.check.stage == stage.number]
    cells = [_cell(result for result in mine if result.check.aspect is a) for a in aspects]
    return Row(stage, tuple(cells), _cell(mine))


def _cell(results: Iterable[CheckResult]) -> Cell:
    counted = tally(results)
    bars, begin = [], 0.0
    for verdict in SHOWN:
        number = counted.counts[verdict]
        if number:
            width = 100 * number / counted.total
            bars.append(Bar(verdict.value, say(number, verdict), begin, width))
            begin += width
    return Cell(counted, tuple(bars))


def _times(report: Report) -> tuple[Bar, ...]:
    whole = sum(report.timings.values()) or 1.0
    bars, begin = [], 0.0
    for name, seconds in report.timings.items():
        width = 100 * seconds / whole
        bars.append(Bar(name, took(seconds), begin, width))
        begin += width
    return tuple(bars)


def _slowest(results: Sequence[CheckResult]) -> tuple[Bar, ...]:
    slow = sorted(results, key=lambda result: -result.seconds)[:_MOST_SLOW]
    longest = max((result.seconds for result in slow), default=0.0)
    return tuple(
        Bar(result.check.title, took(result.seconds), 0.0, 100 * result.seconds / longest)
        for result in slow
        if longest and result.seconds
    )


def _waiting(report: Report) -> tuple[Waiting, ...]:
    roots = roots_of(report.results)
    together: dict[str, list[CheckResult]] = defaultdict(list)
    for result in report.with_verdict(Verdict.BLOCKED):
        root = roots.get(result.check.id)
        reason = cut(result.reason, 400) or f"waits for {result.blocked_by}"
        why = f"These wait for “{root.check.title}”" if root else reason
        together[why].append(result)
    return tuple(Waiting(why, tuple(results)) for why, results in together.items())
