"""Run the checks on references and mutants."""

from __future__ import annotations

import asyncio
import random
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from worksample.calibration.matrix import Matrix, Trial, trial_of
from worksample.catalogue import Answers, Challenge, Mutant
from worksample.catalogue.solutions import stack_of
from worksample.checks import BRIEF, Check, Profile
from worksample.errors import (
    BuildFailed,
    CannotBuildHere,
    CatalogueError,
    ServiceUnavailable,
    UserError,
)
from worksample.grading import RunRequest, Selection, StartedServices, grade, started
from worksample.messages import join_and, message
from worksample.services import services
from worksample.services.detection import used_services
from worksample.stacks import load_settings
from worksample.stacks.availability import why_not_here


@dataclass(frozen=True, slots=True)
class Trials:
    """What to calibrate: which stacks and mutants (empty: all), how, and how often.

    With `whole`, every check runs on every mutant; otherwise only the checks that the mutant names,
    and a mutant that names none of `only` is skipped. On a reference, all checks in `only` run.
    `references` and `planted` say whether to run references and mutants at all. `sample` limits
    the number of mutants (0: all), and of a server on several databases one reference is run; the
    seed chooses them. `profile` says which rules count.
    Solutions in `left_out` are not tried.
    """

    challenge: Challenge
    stacks: tuple[str, ...] = ()
    mutants: tuple[str, ...] = ()
    only: tuple[str, ...] = ()
    references: bool = True
    planted: bool = True
    whole: bool = False
    sample: int = 0
    repeat: int = 1
    jobs: int = 2
    seed: int = 0
    profile: Profile = BRIEF
    left_out: frozenset[str] = frozenset()

    @property
    def answers(self) -> Answers:
        """The references and mutants. Raises `MissingAnswers` if they are not installed."""
        return self.challenge.answers("calibration")

    @property
    def complete(self) -> bool:
        """Whether every mutant is tried."""
        some = self.stacks or self.mutants or self.only or self.sample or self.left_out
        return self.planted and not some

    @property
    def checks(self) -> list[Check]:
        """The checks that are asked of references."""
        return Selection(only=self.only).choose(self.challenge.checks)

    def chosen_mutants(self) -> list[tuple[str, Mutant]]:
        """Return the mutants to try, each with its stack, in the order of their names.

        Raises `UserError` if one that is asked for does not exist.
        """
        self._require_known_mutants()
        asked, answers = {check.id for check in self.checks}, self.answers
        found = [
            (stack, mutant)
            for stack in self.chosen_stacks()
            for mutant in answers.mutants(stack)
            if self.planted and self._wants(mutant, asked)
        ]
        if not 0 < self.sample < len(found):
            return found
        chosen = random.Random(self.seed).sample(range(len(found)), self.sample)  # noqa: S311
        return [found[index] for index in sorted(chosen)]

    def chosen_references(self) -> list[str]:
        """Return the solutions to run whole: in a sample, one of each server.

        A server that is there on several databases is run on one of them.
        """
        there = self.chosen_stacks() if self.references else []
        if not self.sample:
            return there
        rng = random.Random(self.seed)  # noqa: S311
        found = (
            [name for name in each if name in there] for each in self.answers.families.values()
        )
        return [rng.choice(names) for names in found if names]

    def chosen_stacks(self) -> list[str]:
        """Return the solutions to try: those of the stacks, or called like that themselves."""
        wanted = set(self.stacks)
        return [
            name
            for name, folder in self.answers.solutions.items()
            if name not in self.left_out and (not wanted or wanted & {name, stack_of(folder)})
        ]

    async def not_here(self) -> dict[str, str]:
        """Return the solutions to try that this machine cannot run, each with the reason.

        They are the ones whose database or language is missing, or needs what cannot be downloaded.
        What cannot be built for another reason is broken: its trial says so.
        """
        wanted = {job.stack for job in _jobs(replace(self, sample=0))}
        found = {}
        for name in self.answers.solutions:
            if name in wanted and (why := await self._why_not_here(name)):
                found[name] = why
        return found

    async def _why_not_here(self, solution: str) -> str:
        """Return why this machine lacks a service or the language of a solution, "" if neither."""
        try:
            for name in self._services_of(solution):
                if not (service := services()[name]).needed_by_default:
                    await asyncio.to_thread(service.describe)
            with self.answers.whole(solution) as folder:
                return await why_not_here(folder, stack_of(folder), reasons=CannotBuildHere)
        except ServiceUnavailable as error:
            return error.message
        except BuildFailed:
            return ""

    def choices(self) -> dict[str, tuple[str, ...]]:
        """Return the services that each solution chooses in its worksample.toml.

        Raises `WorkspaceError` for a wrong choice.
        """
        return {name: self._services_of(name) for name in self.chosen_stacks()}

    def _services_of(self, solution: str) -> tuple[str, ...]:
        with self.answers.whole(solution) as folder:
            used = [each.service for each in used_services(folder)]
            return self.challenge.services.choose(load_settings(folder), used)

    def _require_known_mutants(self) -> None:
        stacks, answers = self.chosen_stacks(), self.answers
        known = {mutant.id for stack in stacks for mutant in answers.mutants(stack)}
        if unknown := [each for each in self.mutants if each not in known]:
            raise UserError(
                message(
                    "{challenge} has no mutant {names} in {stacks}.",
                    challenge=self.challenge.id,
                    names=join_and([repr(each) for each in unknown]),
                    stacks=join_and(stacks),
                ),
                hint="A mutant is called like its file in mutants/, without `.patch`.",
            )

    def _wants(self, mutant: Mutant, asked: set[str]) -> bool:
        if self.mutants:
            return mutant.id in self.mutants
        return self.whole or bool(asked.intersection(mutant.killed_by))


@dataclass(frozen=True, slots=True)
class _Job:
    stack: str
    mutant: Mutant | None
    selection: Selection
    seed: int


async def calibrate(trials: Trials, on_trial: Callable[[Trial], None]) -> Matrix:
    """Run all trials, `jobs` at a time; call `on_trial` with each when it ends.

    Raises `UserError` if there is nothing to run, `MissingAnswers` without references and mutants.
    """
    jobs = _jobs(trials)
    if not jobs:
        raise UserError("No reference and no mutant matches the selection.")
    tried = {job.stack for job in jobs}
    choices = {name: chosen for name, chosen in trials.choices().items() if name in tried}
    needed = tuple(dict.fromkeys(name for names in choices.values() for name in names))
    gate = asyncio.Semaphore(trials.jobs)
    done: list[Trial] = []
    async with started(trials.challenge, needed, {}) as server:

        async def one(job: _Job) -> None:
            async with gate:
                trial = await _try(trials, job, server)
                done.append(trial)
                on_trial(trial)

        async with asyncio.TaskGroup() as group:
            for job in jobs:
                group.create_task(one(job))
    challenge = trials.challenge
    asked = tuple(check.id for check in challenge.checks)
    done.sort(key=lambda trial: trial.name)
    return Matrix(
        challenge.id,
        challenge.version,
        trials.seed,
        asked,
        tuple(done),
        trials.complete,
        needed,
        choices,
        trials.profile.id,
    )


def _jobs(trials: Trials) -> list[_Job]:
    stacks = trials.chosen_references()
    whole = Selection(only=trials.only)
    mutants = trials.chosen_mutants()
    jobs: list[_Job] = []
    for number in range(trials.repeat):
        seed = trials.seed + number
        jobs += [_Job(stack, None, whole, seed) for stack in stacks]
        for stack, mutant in mutants:
            named = Selection(only=mutant.killed_by)
            named.choose(trials.challenge.checks)  # raises UserError before the first trial
            jobs.append(_Job(stack, mutant, whole if trials.whole else named, seed))
    return jobs


async def _try(trials: Trials, job: _Job, server: StartedServices) -> Trial:
    began = time.monotonic()
    name = job.mutant.id if job.mutant else ""
    named = job.mutant.killed_by if job.mutant else ()
    with tempfile.TemporaryDirectory(prefix="worksample-trial-") as place:
        try:
            folder = trials.answers.copy(job.stack, Path(place) / "app", job.mutant)
        except CatalogueError as error:
            return Trial(job.stack, name, named, {}, problem=error.message)
        settings = load_settings(folder)
        request = RunRequest(
            trials.challenge, folder, settings, job.selection, job.seed, profile=trials.profile
        )
        report = await grade(request, shared=server)
    if report.problem is not None:
        problem = f"{report.problem.message}\n{report.problem.log}".strip()
        return Trial(job.stack, name, named, {}, problem=problem)
    return trial_of(job.stack, name, named, report.results, time.monotonic() - began)
