"""Compare a saved plan with the learner's runs, which the caller read from their reports."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

State = Literal["evidenced", "in work", "open"]


@dataclass(frozen=True, slots=True)
class Run:
    """A run of all checks: `when` is ISO 8601; `passed` of `checks` checks passed.

    `verdict_title` is the verdict in the words of a report for people, `judged_by` says by which
    rules it was found ("judged by the brief").
    """

    workspace: Path
    challenge: str
    kind: str
    stack: str
    verdict: str
    verdict_title: str
    when: str
    passed: int
    checks: int
    judged_by: str


@dataclass(frozen=True, slots=True)
class Progress:
    """A step of the plan with its state and its runs, the latest first."""

    step: Mapping[str, Any]
    state: State
    runs: tuple[Run, ...]


def plan_progress(plan: Mapping[str, Any], runs: Sequence[Run]) -> list[Progress]:
    """Return the state of each step of the plan.

    A step is "evidenced" if a run of all checks was accepted, "in work" if there is any run, and
    "open" otherwise.
    """
    found = []
    for step in plan.get("steps", ()):
        own = [r for r in runs if (r.challenge, r.kind) == (step["challenge"], step["kind"])]
        own.sort(key=lambda run: run.when, reverse=True)
        accepted = any(run.verdict == "accepted" for run in own)
        state: State = "evidenced" if accepted else "in work" if own else "open"
        found.append(Progress(step, state, tuple(own)))
    return found
