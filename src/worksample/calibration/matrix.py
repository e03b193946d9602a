"""The kill matrix: which mutant is killed by which checks, and what that leaves unproven."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from worksample.checks import STAYS_UP, CheckResult, Verdict


@dataclass(frozen=True, slots=True)
class Trial:
    """One run of checks on a reference (`mutant` is empty) or on a mutant of it.

    `named` are the checks that must kill the mutant; `verdicts` what each asked check said;
    `problem` says why nothing could be asked.
    """

    stack: str
    mutant: str
    named: tuple[str, ...]
    verdicts: dict[str, Verdict]
    reasons: dict[str, str] = field(default_factory=dict)
    problem: str = ""
    seconds: float = 0.0

    @property
    def name(self) -> str:
        """What the trial is called in a report."""
        return f"{self.stack}/{self.mutant or 'reference'}"

    @property
    def killers(self) -> list[str]:
        """The checks that failed."""
        return [name for name, verdict in self.verdicts.items() if verdict is Verdict.FAIL]

    @property
    def missed(self) -> list[str]:
        """The named checks that did not fail on the mutant, or those that did on the reference."""
        if self.mutant:
            return [name for name in self.named if self.verdicts.get(name) is not Verdict.FAIL]
        return [name for name, verdict in self.verdicts.items() if verdict is not Verdict.PASS]

    @property
    def good(self) -> bool:
        """Whether the reference is accepted, or the mutant killed by every check it names."""
        return not self.problem and not self.missed and bool(self.verdicts)


@dataclass(frozen=True, slots=True)
class Matrix:
    """All trials of a calibration; `checks` are the ids of all that the challenge asks."""

    challenge: str
    version: str
    seed: int
    checks: tuple[str, ...]
    trials: tuple[Trial, ...]

    @property
    def bad(self) -> list[Trial]:
        """The references that were not accepted and the mutants that were not killed as named."""
        return [trial for trial in self.trials if not trial.good]

    @property
    def unproven(self) -> list[str]:
        """The checks that no mutant kills: nothing shows that they can fail.

        Whether the server stays up is the engine's own question, proven by its scenarios.
        """
        proven = {name for trial in self.trials if trial.mutant for name in trial.killers}
        return [name for name in self.checks if name not in proven and name != STAYS_UP.id]

    @property
    def flaky(self) -> list[str]:
        """Sentences about verdicts that differed between repeats of the same trial."""
        seen: dict[tuple[str, str], set[Verdict]] = {}
        for trial in self.trials:
            for name, verdict in trial.verdicts.items():
                seen.setdefault((trial.name, name), set()).add(verdict)
        return [
            f"{name} on {trial}: {' and '.join(sorted(verdicts))}"
            for (trial, name), verdicts in sorted(seen.items())
            if len(verdicts) > 1
        ]

    def as_data(self) -> dict[str, Any]:
        """Return the matrix as plain data, to be saved as JSON."""
        return {
            "format": 1,
            "challenge": {"id": self.challenge, "version": self.version},
            "seed": self.seed,
            "checks": list(self.checks),
            "unproven": self.unproven,
            "flaky": self.flaky,
            "trials": [_trial_data(trial) for trial in self.trials],
        }


def trial_of(
    stack: str, mutant: str, named: Sequence[str], results: Sequence[CheckResult], seconds: float
) -> Trial:
    """Return the trial that `results` make."""
    return Trial(
        stack=stack,
        mutant=mutant,
        named=tuple(named),
        verdicts={result.check.id: result.verdict for result in results},
        reasons={r.check.id: _reason(r) for r in results if r.verdict is not Verdict.PASS},
        seconds=seconds,
    )


def _reason(result: CheckResult) -> str:
    if result.findings:
        first = result.findings[0]
        return f"expected {first.expected}; got {first.actual}"
    return result.reason or (result.blocked_by and f"blocked by {result.blocked_by}")


def _trial_data(trial: Trial) -> dict[str, Any]:
    return {
        "stack": trial.stack,
        "mutant": trial.mutant or None,
        "good": trial.good,
        "named": list(trial.named),
        "killers": trial.killers,
        "missed": trial.missed,
        "reasons": trial.reasons,
        "problem": trial.problem,
        "seconds": round(trial.seconds, 2),
    }
