"""Run the checks on references and mutants."""

from __future__ import annotations

import asyncio
import shutil
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from worksample.calibration.matrix import Matrix, Trial, trial_of
from worksample.catalogue import Challenge, Mutant
from worksample.checks import Check, CheckResult
from worksample.errors import CatalogueError, SubmissionError, UserError
from worksample.grading import RunningServer, Selection, open_context, run_checks
from worksample.services.postgres import PostgresServer
from worksample.stacks import detect, load_settings
from worksample.targets import Lab, Target


@dataclass(frozen=True, slots=True)
class Trials:
    """What to calibrate: which stacks and mutants (empty: all), how, and how often.

    With `whole`, every check runs on every mutant; otherwise only the checks that the mutant names,
    and a mutant that names none of `only` is skipped. On a reference, all checks in `only` run.
    `references` and `planted` say whether to run references and mutants at all.
    """

    challenge: Challenge
    stacks: tuple[str, ...] = ()
    mutants: tuple[str, ...] = ()
    only: tuple[str, ...] = ()
    references: bool = True
    planted: bool = True
    whole: bool = False
    repeat: int = 1
    jobs: int = 2
    seed: int = 0


@dataclass(frozen=True, slots=True)
class _Job:
    stack: str
    mutant: Mutant | None
    checks: tuple[Check, ...]
    seed: int


async def calibrate(trials: Trials, on_trial: Callable[[Trial], None]) -> Matrix:
    """Run all trials, `jobs` at a time; call `on_trial` with each when it ends.

    Raises `UserError` if there is nothing to run.
    """
    jobs = _jobs(trials)
    if not jobs:
        raise UserError("No reference and no mutant matches the selection.")
    gate = asyncio.Semaphore(trials.jobs)
    done: list[Trial] = []
    async with PostgresServer.start() as server:

        async def one(job: _Job) -> None:
            async with gate:
                trial = await _try(trials.challenge, job, server)
                done.append(trial)
                on_trial(trial)

        async with asyncio.TaskGroup() as group:
            for job in jobs:
                group.create_task(one(job))
    challenge = trials.challenge
    asked = tuple(check.id for check in challenge.checks)
    done.sort(key=lambda trial: trial.name)
    return Matrix(challenge.id, challenge.version, trials.seed, asked, tuple(done))


def _jobs(trials: Trials) -> list[_Job]:
    challenge = trials.challenge
    stacks = [s for s in challenge.solutions if not trials.stacks or s in trials.stacks]
    chosen = Selection(only=trials.only).choose(challenge.checks)
    asked = {check.id for check in chosen}
    jobs: list[_Job] = []
    for number in range(trials.repeat):
        seed = trials.seed + number
        for stack in stacks:
            if trials.references:
                jobs.append(_Job(stack, None, tuple(chosen), seed))
            for mutant in challenge.mutants(stack) if trials.planted else ():
                if trials.mutants and mutant.id not in trials.mutants:
                    continue
                if not (trials.mutants or trials.whole or asked.intersection(mutant.killed_by)):
                    continue
                named = Selection(only=mutant.killed_by).choose(challenge.checks)
                jobs.append(_Job(stack, mutant, tuple(chosen if trials.whole else named), seed))
    return jobs


async def _try(challenge: Challenge, job: _Job, server: PostgresServer) -> Trial:
    began = time.monotonic()
    name = job.mutant.id if job.mutant else ""
    named = job.mutant.killed_by if job.mutant else ()
    with tempfile.TemporaryDirectory(prefix="worksample-trial-") as place:
        folder = _copy(challenge.solutions[job.stack], Path(place) / "app")
        try:
            if job.mutant:
                job.mutant.apply(folder)
            results = await _question(challenge, job, folder, server)
        except CatalogueError as error:
            return Trial(job.stack, name, named, {}, problem=error.message)
        except SubmissionError as error:
            problem = f"{error.message}\n{error.log}".strip()
            return Trial(job.stack, name, named, {}, problem=problem)
    return trial_of(job.stack, name, named, results, time.monotonic() - began)


async def _question(
    challenge: Challenge, job: _Job, folder: Path, server: PostgresServer
) -> list[CheckResult]:
    settings = load_settings(folder)
    database = await server.create_database()
    try:
        async with (
            detect(folder, settings).build() as built,
            Target.start(built, resources=[database]) as target,
            open_context(
                challenge,
                RunningServer(target, database, lambda: Lab.open(built, server)),
                settings,
                job.seed,
            ) as context,
        ):
            return await run_checks(challenge, context, job.checks)
    finally:
        await database.drop()


def _copy(solution: Path, to: Path) -> Path:
    shutil.copytree(solution, to, ignore=shutil.ignore_patterns("node_modules", ".venv"))
    return to
