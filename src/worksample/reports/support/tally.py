"""Counts over a report: by aspect, by stage, and what the whole comes to in one line."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from worksample.checks import Aspect, CheckResult, Verdict
from worksample.grading import Report, RunVerdict

#: Verdicts in the order in which they are shown.
VERDICT_ORDER = (Verdict.PASS, Verdict.FAIL, Verdict.BLOCKED, Verdict.UNDECIDED, Verdict.ERROR)
VERDICT_LABELS = {
    Verdict.PASS: "passed",
    Verdict.FAIL: "failed",
    Verdict.BLOCKED: "blocked",
    Verdict.UNDECIDED: "undecided",
    Verdict.ERROR: "our errors",
}


def verdict_text(number: int, verdict: Verdict) -> str:
    """Return "3 failed", "1 error of ours"."""
    if verdict is Verdict.ERROR:
        return f"{number} error{'' if number == 1 else 's'} of ours"
    return f"{number} {VERDICT_LABELS[verdict]}"


@dataclass(frozen=True, slots=True)
class Tally:
    """How often each verdict came among some checks; `excused` blocks nobody has to mend."""

    counts: Counter[Verdict]
    excused: int = 0

    @property
    def total(self) -> int:
        """How many checks there are."""
        return self.counts.total()

    @property
    def passed(self) -> int:
        """How many passed."""
        return self.counts[Verdict.PASS]

    @property
    def complete(self) -> bool:
        """Whether there is nothing left to mend: all passed that could be asked."""
        return self.passed > 0 and self.passed + self.excused == self.total

    @property
    def all_passed(self) -> bool:
        """Whether all were asked and passed."""
        return 0 < self.passed == self.total

    def __str__(self) -> str:
        """Return "12 passed, 1 failed": what there is none of is left out."""
        return self.only(VERDICT_ORDER) or "nothing asked"

    def only(self, verdicts: Iterable[Verdict]) -> str:
        """Return the counts of `verdicts` in words; empty when there are none."""
        return ", ".join(
            verdict_text(self.counts[name], name) for name in verdicts if self.counts[name]
        )


@dataclass(frozen=True, slots=True)
class StageTally:
    """A stage and how far it is done; an empty tally means that nothing of it was asked."""

    number: int
    title: str
    tally: Tally


def tally(results: Iterable[CheckResult]) -> Tally:
    """Count the verdicts of `results`."""
    seen = list(results)
    return Tally(Counter(result.verdict for result in seen), sum(result.excused for result in seen))


def by_aspect(report: Report) -> dict[Aspect, Tally]:
    """Return the tally of every aspect that was asked about."""
    grouped = {a: [r for r in report.results if r.check.aspect is a] for a in Aspect}
    return {aspect: tally(results) for aspect, results in grouped.items() if results}


def by_stage(report: Report) -> list[StageTally]:
    """Return the tally of every stage of the challenge, also of those not asked about."""
    return [
        StageTally(number, title, tally(r for r in report.results if r.check.stage == number))
        for number, title in sorted(report.stages.items())
    ]


def next_stage(report: Report) -> StageTally | None:
    """Return the first stage that was asked about and is not complete: the next small step."""
    stages = by_stage(report)
    asked = (stage for stage in stages if stage.tally.total > stage.tally.excused)
    return next((stage for stage in asked if not stage.tally.complete), None)


def headline(report: Report) -> str:
    """Return in one sentence what came of the run, without the verdict itself."""
    counted = tally(report.results)
    if report.problem is not None:
        return report.problem.message.rstrip(".")
    if report.verdict is RunVerdict.ACCEPTED:
        return _all_passed(counted)
    if report.verdict is RunVerdict.REJECTED:
        return f"{counted.counts[Verdict.FAIL]} of {counted.total} checks failed{_rest(counted)}"
    return f"nothing failed, but not everything could be judged: {counted}"


def _all_passed(counted: Tally) -> str:
    if counted.passed == counted.total:
        return f"all {counted.total} checks passed"
    return f"{counted.passed} of {counted.total} checks passed, the others could not be asked here"


def _rest(counted: Tally) -> str:
    others = counted.only((Verdict.BLOCKED, Verdict.UNDECIDED, Verdict.ERROR))
    return f", {others}" if others else ""
