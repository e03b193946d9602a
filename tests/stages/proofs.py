"""What must hold of servers that end after a stage."""

from __future__ import annotations

import asyncio
import random
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Protocol

from tests.stages.cut_off import cut_off_copy
from tests.stages.due import due_stage
from tests.stages.grown_server import grown_copy, grown_stages
from worksample.calibration import Trials
from worksample.catalogue import Answers, Challenge, load
from worksample.catalogue.mutants import Mutant
from worksample.checks import Verdict
from worksample.grading import Report, RunRequest, Selection, StartedServices, grade
from worksample.stacks import load_settings


class Proof(Protocol):
    """Something that must hold of a server that ends after a stage."""

    @property
    def name(self) -> str:
        """The name of the proof: `stage 2 of conduit/grown`."""

    async def disprove(self, seed: int, shared: StartedServices) -> list[str]:
        """Run the proof and return what does not hold, as lines; empty if all holds."""


@dataclass(frozen=True, slots=True)
class GrownProof:
    """The server that was grown from the starter up to `stage` must pass all checks up to it."""

    challenge: Challenge
    stage: int

    @property
    def name(self) -> str:
        """The name of the proof: `stage 2 of conduit/grown`."""
        return f"stage {self.stage} of {self.challenge.id}/grown"

    async def disprove(self, seed: int, shared: StartedServices) -> list[str]:
        """Run the proof and return what does not hold, as lines; empty if all holds."""
        report = await judge_grown(self.challenge, self.stage, Selection(self.stage), seed, shared)
        return _not_passed(report)


async def judge_grown(
    challenge: Challenge,
    stage: int,
    selection: Selection,
    seed: int,
    shared: StartedServices | None = None,
) -> Report:
    """Judge the server that was grown from the starter up to `stage`."""
    with tempfile.TemporaryDirectory(prefix="worksample-stage-") as place:
        folder = Path(place) / "app"
        grown_copy(challenge, stage, folder)
        request = RunRequest(challenge, folder, load_settings(folder), selection, seed)
        return await grade(request, shared=shared)


@dataclass(frozen=True, slots=True)
class CutOffProof:
    """A reference, or a mutant of it, that is asked up to `stage` and lacks what comes after.

    A reference must pass all checks up to the stage, and a mutant must fail one that it names.
    """

    challenge: Challenge
    answers: Answers
    solution: str
    stage: int
    mutant: Mutant | None = None

    @property
    def name(self) -> str:
        """The name of the proof: `stage 2 of conduit/python-fastapi/mutant`."""
        what = self.mutant.id if self.mutant else "reference"
        return f"stage {self.stage} of {self.challenge.id}/{self.solution}/{what}"

    async def disprove(self, seed: int, shared: StartedServices) -> list[str]:
        """Run the proof and return what does not hold, as lines; empty if all holds."""
        only = self._named()
        with tempfile.TemporaryDirectory(prefix="worksample-stage-") as place:
            folder = Path(place) / "app"
            settings = cut_off_copy(
                self.challenge, self.answers, self.solution, self.stage, folder, self.mutant
            )
            selection = Selection(self.stage, only)
            request = RunRequest(self.challenge, folder, settings, selection, seed)
            report = await grade(request, shared=shared)
        if self.mutant is None or report.problem:
            return _not_passed(report)
        killed = any(each.verdict is Verdict.FAIL for each in report.results)
        return [] if killed else [f"passed {', '.join(only)}"]

    def _named(self) -> tuple[str, ...]:
        if self.mutant is None:
            return ()
        stages = {check.id: check.stage for check in self.challenge.checks}
        return tuple(each for each in self.mutant.killed_by if stages[each] <= self.stage)


def _not_passed(report: Report) -> list[str]:
    if report.problem:
        return [f"{report.problem.message}\n{report.problem.log}"]
    return [
        f"{each.check.id}: {each.verdict} {each.blocked_by or each.reason}"
        + "".join(f"\n    expected {f.expected}, got {f.actual}" for f in each.findings)
        for each in report.results
        if each.verdict is not Verdict.PASS
    ]


def stages_of(challenge: Challenge) -> list[int]:
    """Return the stages that add operations."""
    return sorted({each.stage for each in challenge.world.operations})


def grown(challenge: Challenge, stage: int) -> Iterator[Proof]:
    """Yield a proof for the grown server of `stage`, if there is one."""
    if stage in grown_stages(challenge):
        yield GrownProof(challenge, stage)


@cache
def _solutions_here(name: str) -> list[str]:
    """Return the solutions that this machine can build; print why it cannot build others."""
    challenge = load(name)
    answers = challenge.answers("the proof of its stages")
    missing = asyncio.run(Trials(challenge).not_here())
    for name, why in missing.items():
        sys.stderr.write(f"{challenge.id}/{name} is left out: {why}\n")
    return [name for name in answers.solutions if name not in missing]


def references(challenge: Challenge, stage: int, seed: int | None = None) -> Iterator[Proof]:
    """Yield a proof for each reference that this machine can run.

    With a seed, a server that is there on several databases is proven on one of them.
    """
    answers, here = challenge.answers("the proof of its stages"), _solutions_here(challenge.id)
    for family in answers.families.values():
        there = [name for name in family if name in here]
        for solution in there if seed is None else random.Random(seed).sample(there, bool(there)):
            yield CutOffProof(challenge, answers, solution, stage)


def mutants(challenge: Challenge, stage: int) -> Iterator[Proof]:
    """Yield a proof for each mutant that must die in `stage` or before."""
    answers = challenge.answers("the proof of its stages")
    for solution in _solutions_here(challenge.id):
        for mutant in answers.mutants(solution):
            if due_stage(challenge, solution, mutant) <= stage:
                yield CutOffProof(challenge, answers, solution, stage, mutant)
