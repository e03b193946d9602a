"""What was measured of a submission, as checks: the waste is gone, and nothing else got worse."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace

from worksample.checks import (
    Aspect,
    Check,
    CheckResult,
    Finding,
    PreconditionFailed,
    Skipped,
    Verdict,
)
from worksample.checks.model import culprit_of
from worksample.errors import InternalError
from worksample.grading.report import ComparedRow, Comparison
from worksample.grading.waste import (
    Compared,
    Costs,
    gone_in_all,
    hides_work,
    other_answers,
    stale,
    wasted,
)
from worksample.messages import message
from worksample.tasks.complaints import CPU_SHARE, SHARE

CLAUSE = "ticket"
NAMES = ("slow", "yours", "good")
_MAX_ROWS, _MAX_DETAILS = 6, 8


def _check(name: str, title: str, why: str) -> Check:
    return Check(
        id=name, title=title, aspect=Aspect.PERFORMANCE, stage=1, clause=CLAUSE, why=why, lab=True
    )


WASTE = _check(
    "the-waste-is-gone",
    "The waste is gone",
    "Half a cure is felt for a month, until the data have doubled.",
)
ANSWERS = _check(
    "the-answers-are-the-same",
    "The large data set is answered as before",
    "A list that is fast because it shows less is a new complaint.",
)
NO_WORSE = _check(
    "nothing-else-costs-more",
    "Nothing else costs much more than before",
    "Work that is moved elsewhere is still done.",
)
CHECKS = (WASTE, ANSWERS, NO_WORSE)


def results_of(costs: Costs, found: Sequence[Compared], stage: int) -> list[CheckResult]:
    """Return the verdicts about `costs`, as of `stage`.

    `found` is `compared(costs)`, and must show waste.
    """
    findings = (
        (WASTE, _waste(found)),
        (ANSWERS, _answers(costs)),
        (NO_WORSE, _worse(costs, found)),
    )
    return [
        CheckResult(
            replace(check, stage=stage),
            Verdict.FAIL if finding else Verdict.PASS,
            (finding,) if finding else (),
        )
        for check, finding in findings
    ]


def untouched(stage: int) -> tuple[CheckResult, ...]:
    """Return the verdict of a task in which nothing is changed yet."""
    finding = Finding(
        "a server that does less for the same answers",
        "nothing is changed yet",
        hint="Read ticket.md, then run `worksample up`: it fills the server with data, and prints "
        "requests to try.",
        cause="nothing is changed yet",
    )
    return (CheckResult(replace(WASTE, stage=stage), Verdict.FAIL, (finding,)),)


def blocked(failure: PreconditionFailed | Skipped, stage: int) -> list[CheckResult]:
    """Return that nothing was measured, because the server does not answer as it should."""
    if isinstance(failure, Skipped):
        return [
            CheckResult(replace(each, stage=stage), Verdict.BLOCKED, reason=str(failure))
            for each in CHECKS
        ]
    culprit = culprit_of(failure.finding)
    reason = message(
        "the large data set could not be written: {actual}", actual=failure.finding.actual
    )
    findings = (failure.finding,) if culprit else ()
    return [
        CheckResult(
            replace(each, stage=stage),
            Verdict.BLOCKED,
            findings,
            blocked_by=failure.needs,
            reason=reason,
        )
        for each in CHECKS
    ]


def without_waste(few: str, stage: int) -> list[CheckResult]:
    """Return that nothing was measured, because the slow version wastes nothing with few data.

    `few` says why there are no more. Raises `InternalError` if it is empty: then the task is wrong.
    """
    if not few:
        raise InternalError("the slow version of this task does no more work than a good one")
    reason = message("few data do not show the waste, and there are no more: {few}", few=few)
    return blocked(Skipped(reason), stage)


def without_the_answer(
    asked: Sequence[CheckResult], measured: Sequence[CheckResult], named: Collection[str]
) -> list[CheckResult]:
    """Return the results `asked`; while waste is left, it blocks the checks `named` that fail.

    Their findings would say what to write: an index, a join. To find that out is the task.
    """
    waste_left = any(each.check.id == WASTE.id and each.findings for each in measured)
    return [
        CheckResult(each.check, Verdict.BLOCKED, blocked_by=WASTE.id)
        if waste_left and each.check.id in named and each.verdict is Verdict.FAIL
        else each
        for each in asked
    ]


def comparison_of(found: Sequence[Compared]) -> Comparison:
    """Return the measured values that show most waste."""
    rows = tuple(
        ComparedRow(each.read, each.measure.unit, (each.slow, each.yours, each.reference))
        for each in _shown(wasted(found))
    )
    return Comparison("What one request costs", NAMES, rows)


def _shown(found: Sequence[Compared]) -> list[Compared]:
    """Return a few of `found`, those where too much waste is left first."""
    return sorted(found, key=lambda each: each.is_gone)[:_MAX_ROWS]


def _waste(found: Sequence[Compared]) -> Finding | None:
    left = [each for each in wasted(found) if not each.is_gone]
    if not left:
        return None
    first = left[0]
    return Finding(
        expected=message(
            "at least {share} % of the waste is gone (of the CPU time {cpu} %)",
            share=SHARE,
            cpu=CPU_SHARE,
        ),
        actual=message(
            "{gone} % of it. {read}: {yours} {unit}; a good server: {good}",
            gone=gone_in_all(found),
            read=first.read,
            yours=_number(first.yours),
            unit=first.measure.unit,
            good=_number(first.reference),
        ),
        details=tuple(_line(each) for each in left[:_MAX_DETAILS]),
        hint="Try the request with `worksample up`, and ask the database what it does: "
        "EXPLAIN (ANALYZE, BUFFERS) shows the rows that it reads.",
    )


def _answers(costs: Costs) -> Finding | None:
    for read, actual, expected in other_answers(costs):
        return Finding(
            expected=message(
                "{read}: status {status} with {entries} entries, as before",
                read=read,
                status=expected.status,
                entries=expected.entries,
            ),
            actual=message(
                "status {status} with {entries} entries",
                status=actual.status,
                entries=actual.entries,
            ),
        )
    if names := stale(costs):
        return Finding(
            expected=message("{read}: shows what was written just before", read=names[0]),
            actual="the same answer as before",
            details=tuple(names[1:_MAX_DETAILS]),
            hint="An answer that is kept must be forgotten when what it shows is written, by every "
            "copy of the server.",
        )
    return None


def _worse(costs: Costs, found: Iterable[Compared]) -> Finding | None:
    worse = [each for each in found if each.is_worse]
    if worse:
        return Finding(
            expected="no request costs much more than it did",
            actual=_line(worse[0]),
            details=tuple(_line(each) for each in worse[1:_MAX_DETAILS]),
        )
    if not hides_work(costs):
        return None
    return Finding(
        expected="about as much work as before at a release, at the start and in the background",
        actual=message(
            "{statements} statements and {rows} rows that no request asked for; before: "
            "{slow_statements} and {slow_rows}",
            statements=costs.yours.own_statements,
            rows=costs.yours.own_rows,
            slow_statements=costs.slow.own_statements,
            slow_rows=costs.slow.own_rows,
        ),
        hint="Do not prepare answers at a release or at the start: each does it all again.",
    )


def _line(each: Compared) -> str:
    return message(
        "{read}: {slow} → {yours} {unit}, a good server {good}",
        read=each.read,
        slow=_number(each.slow),
        yours=_number(each.yours),
        unit=each.measure.unit,
        good=_number(each.reference),
    )


def _number(value: float) -> str:
    return f"{value:,.0f}" if value == round(value) or value >= 100 else f"{value:.3g}"
