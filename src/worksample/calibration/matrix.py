"""The kill matrix: which checks kill which mutant, and which checks no mutant proves."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from worksample.checks import BRIEF, STAYS_UP, CheckResult, Verdict
from worksample.messages import message


@dataclass(frozen=True, slots=True)
class Trial:
    """One run of checks on a reference (`mutant` is empty) or on a mutant of it.

    `named` holds the ids of the checks that must kill the mutant, `verdicts` the verdict of each
    check that ran, `problem` why no check could run. `remarked` holds the checks that only remark
    on what they found, because the profile leaves its rule out.
    """

    stack: str
    mutant: str
    named: tuple[str, ...]
    verdicts: dict[str, Verdict]
    reasons: dict[str, str] = field(default_factory=dict)
    problem: str = ""
    seconds: float = 0.0
    remarked: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """The name of the trial: `stack/mutant` or `stack/reference`."""
        return f"{self.stack}/{self.mutant or 'reference'}"

    @property
    def killers(self) -> list[str]:
        """The ids of the checks that failed."""
        return [name for name, verdict in self.verdicts.items() if verdict is Verdict.FAIL]

    @property
    def found(self) -> set[str]:
        """The ids of the checks that failed, or found what the profile only remarks on."""
        return {*self.killers, *self.remarked}

    @property
    def left_out(self) -> bool:
        """Whether all that the named checks found is left out by the profile."""
        return bool(self.mutant) and self.good and not self.killers

    @property
    def missed(self) -> list[str]:
        """The named checks that found nothing in the mutant, or those that did not pass on the
        reference."""
        if self.mutant:
            return [name for name in self.named if name not in self.found]
        return [name for name, verdict in self.verdicts.items() if verdict is not Verdict.PASS]

    @property
    def good(self) -> bool:
        """Whether the reference passed every check, or every named check found the mutant's defect.

        A check whose rule the profile leaves out finds it by a remark.
        """
        return not self.problem and not self.missed and bool(self.verdicts)


@dataclass(frozen=True, slots=True)
class Matrix:
    """All trials of a calibration; `checks` holds the ids of all checks of the challenge.

    `complete` is false if mutants were left out; then nothing is known about unproven checks.
    `services` are the names of the services that were started, `choices` those of each solution,
    `profile` the id of that by which they were judged.
    """

    challenge: str
    version: str
    seed: int
    checks: tuple[str, ...]
    trials: tuple[Trial, ...]
    complete: bool = True
    services: tuple[str, ...] = ()
    choices: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    profile: str = BRIEF.id

    @property
    def bad(self) -> list[Trial]:
        """The references that did not pass, and the mutants that a named check did not kill."""
        return [trial for trial in self.trials if not trial.good]

    @property
    def unproven(self) -> list[str]:
        """The checks that kill no mutant: nothing shows that they can fail.

        The engine's own check that the server stays up is proven by scenarios instead.
        """
        if not self.complete:
            return []
        proven = {name for trial in self.trials if trial.mutant for name in trial.found}
        return [name for name in self.checks if name not in proven and name != STAYS_UP.id]

    @property
    def flaky(self) -> list[str]:
        """One sentence for each check whose verdict differed between repeats of a trial."""
        seen: dict[tuple[str, str], set[Verdict]] = {}
        for trial in self.trials:
            for name, verdict in trial.verdicts.items():
                seen.setdefault((trial.name, name), set()).add(verdict)
        return [
            message(
                "{name} on {trial}: {verdicts}",
                name=name,
                trial=trial,
                verdicts=" and ".join(sorted(verdicts)),
            )
            for (trial, name), verdicts in sorted(seen.items())
            if len(verdicts) > 1
        ]

    def as_data(self) -> dict[str, Any]:
        """Return the matrix as plain data, for JSON."""
        return {
            "format": 1,
            "challenge": {"id": self.challenge, "version": self.version},
            "profile": self.profile,
            "seed": self.seed,
            "services": list(self.services),
            "choices": {name: list(chosen) for name, chosen in self.choices.items()},
            "checks": list(self.checks),
            "unproven": self.unproven,
            "flaky": self.flaky,
            "trials": [_trial_data(trial) for trial in self.trials],
        }


def trial_of(
    stack: str, mutant: str, named: Sequence[str], results: Sequence[CheckResult], seconds: float
) -> Trial:
    """Return the trial with these results."""
    return Trial(
        stack=stack,
        mutant=mutant,
        named=tuple(named),
        verdicts={result.check.id: result.verdict for result in results},
        reasons={r.check.id: _reason(r) for r in results if r.verdict is not Verdict.PASS},
        seconds=seconds,
        remarked=tuple(result.check.id for result in results if result.remarks),
    )


def _reason(result: CheckResult) -> str:
    if result.findings:
        first = result.findings[0]
        return message(
            "expected {expected}; got {actual}", expected=first.expected, actual=first.actual
        )
    return result.reason or (
        result.blocked_by and message("blocked by {blocked_by}", blocked_by=result.blocked_by)
    )


def _trial_data(trial: Trial) -> dict[str, Any]:
    return {
        "stack": trial.stack,
        "mutant": trial.mutant or None,
        "good": trial.good,
        "named": list(trial.named),
        "killers": trial.killers,
        "remarked": list(trial.remarked),
        "missed": trial.missed,
        "reasons": trial.reasons,
        "problem": trial.problem,
        "seconds": round(trial.seconds, 2),
    }
