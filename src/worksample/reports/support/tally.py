"""Counts of verdicts by aspect and by stage, and the headline of a report."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from worksample.checks import Aspect, CheckResult, Verdict
from worksample.grading import Report, RunVerdict
from worksample.messages import message, plural

#: Verdicts in display order.
VERDICT_ORDER = (Verdict.PASS, Verdict.FAIL, Verdict.BLOCKED, Verdict.UNDECIDED, Verdict.ERROR)
VERDICT_LABELS = {
    Verdict.PASS: "passed",
    Verdict.FAIL: "failed",
    Verdict.BLOCKED: "blocked",
    Verdict.UNDECIDED: "undecided",
    Verdict.ERROR: "internal errors",
}


def verdict_text(number: int, verdict: Verdict) -> str:
    """Return "3 failed", "1 internal error"."""
    if verdict is Verdict.ERROR:
        return plural(number, "{count} internal error", "{count} internal errors")
    return f"{number} {VERDICT_LABELS[verdict]}"


@dataclass(frozen=True, slots=True)
class Tally:
    """The count of each verdict among some checks; `excused` counts excused blocks."""

    counts: Counter[Verdict]
    excused: int = 0

    @property
    def total(self) -> int:
        """The number of checks."""
        return self.counts.total()

    @property
    def passed(self) -> int:
        """The number of checks that passed."""
        return self.counts[Verdict.PASS]

    @property
    def complete(self) -> bool:
        """Whether every check that could run passed."""
        return self.passed > 0 and self.passed + self.excused == self.total

    @property
    def all_passed(self) -> bool:
        """Whether every check ran and passed."""
        return 0 < self.passed == self.total

    def __str__(self) -> str:
        """Return "12 passed, 1 failed", without verdicts that did not occur."""
        return self.only(VERDICT_ORDER) or "no checks"

    def only(self, verdicts: Iterable[Verdict]) -> str:
        """Return the counts of `verdicts` as text; empty if there are none."""
        return ", ".join(
            verdict_text(self.counts[name], name) for name in verdicts if self.counts[name]
        )


@dataclass(frozen=True, slots=True)
class StageTally:
    """A stage with its tally, which is empty if no check of the stage ran.

    `whole` says that the run asked all checks of the stage.
    """

    number: int
    title: str
    tally: Tally
    whole: bool = True


def tally(results: Iterable[CheckResult]) -> Tally:
    """Count the verdicts of `results`."""
    seen = list(results)
    return Tally(Counter(result.verdict for result in seen), sum(result.excused for result in seen))


class StageState(StrEnum):
    """How far a stage is.

    BLOCKED: only other stages keep its checks from passing. PARTLY: some of its checks passed,
    the others were not asked.
    """

    DONE = "done"
    OPEN = "open"
    BLOCKED = "blocked"
    PARTLY = "asked in part"
    NOT_RUN = "not run"


def state_of(stage: StageTally) -> StageState:
    """Return the state of `stage` in its run."""
    if stage.tally.total <= stage.tally.excused:
        return StageState.NOT_RUN
    if stage.tally.complete:
        return StageState.DONE if stage.whole else StageState.PARTLY
    counts = stage.tally.counts
    waiting = counts[Verdict.PASS] + counts[Verdict.BLOCKED] == stage.tally.total
    return StageState.BLOCKED if waiting else StageState.OPEN


def by_aspect(report: Report) -> dict[Aspect, Tally]:
    """Return the tally of every aspect that has checks in the run."""
    grouped = {a: [r for r in report.results if r.check.aspect is a] for a in Aspect}
    return {aspect: tally(results) for aspect, results in grouped.items() if results}


def by_stage(report: Report) -> list[StageTally]:
    """Return the tally of every stage of the challenge, also of stages without checks."""
    cut = {check.stage for check in report.left_out}
    return [
        StageTally(
            number,
            title,
            tally(result for result in report.results if result.check.stage == number),
            whole=report.selection.covers(number) and number not in cut,
        )
        for number, title in sorted(report.stages.items())
    ]


def without_stage(report: Report) -> list[CheckResult]:
    """Return the results whose stage the report does not name: some kinds of work have none."""
    return [result for result in report.results if result.check.stage not in report.stages]


def next_stage(report: Report) -> StageTally | None:
    """Return the first stage whose checks ran and did not all pass, if any."""
    unfinished = (StageState.OPEN, StageState.BLOCKED)
    return next((stage for stage in by_stage(report) if state_of(stage) in unfinished), None)


def first_not_done(stages: Iterable[StageTally]) -> StageTally | None:
    """Return the first of `stages` that is not done, whether its checks ran or not, if any."""
    return next((stage for stage in stages if state_of(stage) is not StageState.DONE), None)


def verdict_title(report: Report) -> str:
    """Return the verdict as a title; for work in stages that goes on, "Not yet" for "Rejected"."""
    if report.verdict is RunVerdict.ERROR:
        return "No verdict"
    if report.verdict is RunVerdict.REJECTED and report.stages and not report.handed_in:
        return "Not yet"
    return report.verdict.value.capitalize()


def headline(report: Report) -> str:
    """Return the result of the run in one sentence, without the verdict itself."""
    counted = tally(report.results)
    if report.problem is not None:
        return report.problem.message.rstrip(".")
    if report.score is not None and not report.results:
        return str(report.score)
    if report.verdict is RunVerdict.ACCEPTED:
        return _all_passed(counted)
    if report.verdict is RunVerdict.NOTHING_FOUND:
        return plural(counted.total, "by this {count} check", "by these {count} checks")
    if report.verdict is RunVerdict.REJECTED:
        return _some_failed(counted)
    return message("no check failed, but not every check has a verdict: {counted}", counted=counted)


def _all_passed(counted: Tally) -> str:
    if counted.passed == counted.total:
        return message("all {total} checks passed", total=counted.total)
    return message(
        "{passed} of {total} checks passed, the others could not run here",
        passed=counted.passed,
        total=counted.total,
    )


def _some_failed(counted: Tally) -> str:
    failed = counted.counts[Verdict.FAIL]
    others = counted.only((Verdict.BLOCKED, Verdict.UNDECIDED, Verdict.ERROR))
    if not others:
        return message("{failed} of {total} checks failed", failed=failed, total=counted.total)
    template = "{failed} of {total} checks failed, {others}"
    return message(template, failed=failed, total=counted.total, others=others)
