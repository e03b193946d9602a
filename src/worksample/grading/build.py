"""The kind of work `build`: a submission and a challenge in, a report out."""

from __future__ import annotations

import platform
import secrets
import sys
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime
from typing import Protocol
from urllib.parse import urlsplit

import worksample
from worksample.catalogue import Challenge
from worksample.checks import Arena, Check, CheckResult, Engine, Listener
from worksample.checks.engine import Silent
from worksample.errors import BuildFailed, SubmissionError
from worksample.grading.order import Order
from worksample.grading.report import Problem, Report, RunVerdict, judge
from worksample.grading.standing import Standing, standing
from worksample.grading.workspace import new_run_id
from worksample.probes.http import HttpClient, Session
from worksample.stacks import Settings
from worksample.targets import Target


class Progress(Listener, Protocol):
    """Who wants to hear how a whole run goes on."""

    def step(self, name: str, detail: str = "") -> None:
        """A part of the run begins: `building`, `starting`, `asking`."""

    def line(self, text: str) -> None:
        """A build or release step printed a line (untrusted text)."""

    def note(self, sentence: str) -> None:
        """Something was decided or found out that the report will say too."""

    def planned(self, checks: Sequence[Check]) -> None:
        """These checks are going to be asked."""


class Unheard(Silent):
    """Progress that nobody follows."""

    def step(self, name: str, detail: str = "") -> None:
        """Do nothing."""

    def line(self, text: str) -> None:
        """Do nothing."""

    def note(self, sentence: str) -> None:
        """Do nothing."""

    def planned(self, checks: Sequence[Check]) -> None:
        """Do nothing."""


class _Run:
    """One run, as it gathers what its report will say."""

    def __init__(self, order: Order, progress: Progress) -> None:
        self.order = order
        self.progress = progress
        self.began = time.monotonic()
        self.notes: list[str] = []
        self.timings: dict[str, float] = {}
        self.requests = 0
        self.checks = order.selection.choose(order.challenge.checks)
        self.report = _blank(order, self.checks)

    def step(self, name: str, detail: str = "") -> None:
        self.timings[name] = time.monotonic()
        self.progress.step(name, detail)

    def note(self, *sentences: str) -> None:
        for sentence in sentences:
            if sentence not in self.notes:
                self.notes.append(sentence)
                self.progress.note(sentence)

    def line(self, text: str) -> None:
        self.progress.line(text)

    def learned(self, *sentences: str, stack: str = "", digest: str = "") -> None:
        self.note(*sentences)
        self.report = replace(
            self.report, stack=stack or self.report.stack, digest=digest or self.report.digest
        )

    def finish(self, verdict: RunVerdict, problem: Problem | None = None) -> Report:
        return replace(
            self.report,
            verdict=verdict,
            problem=problem,
            seconds=time.monotonic() - self.began,
            notes=tuple(self.notes),
            timings=self._durations(),
            requests=self.requests,
        )

    def _durations(self) -> dict[str, float]:
        marks = [*self.timings.items(), ("", time.monotonic())]
        return {name: marks[i + 1][1] - at for i, (name, at) in enumerate(marks[:-1])}


async def grade(order: Order, progress: Progress | None = None) -> Report:
    """Build, start, question and judge; return the report, whatever the server does.

    Raises `UserError` for an order that makes no sense and `HouseError` where this machine lacks
    what is needed; a server that cannot be built or started is a verdict, not an exception.
    """
    run = _Run(order, progress or Unheard())
    try:
        async with standing(order, run) as server:
            run.step("asking")
            results = await _question(run, server)
            run.step("stopping")
        return _judged(run, results)
    except SubmissionError as error:
        failed = isinstance(error, BuildFailed)
        verdict = RunVerdict.BUILD_FAILED if failed else RunVerdict.START_FAILED
        return run.finish(verdict, _problem(error))


async def _question(run: _Run, server: Standing) -> list[CheckResult]:
    order = run.order
    async with arena_on(order.challenge, server, order.settings, order.seed) as arena:
        run.note(*arena.dialect.sentences)
        base_url = server.target.base_url
        run.report = replace(run.report, base_url=base_url, prefix=arena.dialect.prefix)
        run.progress.planned(run.checks)
        results = await ask(order.challenge, arena, run.checks, run.progress)
        run.requests = sum(result.requests for result in results if result.check.function)
        run.note(*arena.notes)
    return results


@asynccontextmanager
async def arena_on(
    challenge: Challenge, server: Standing, settings: Settings, seed: int
) -> AsyncIterator[Arena]:
    """Meet the running `server`: a client, and the dialect that it turns out to speak."""
    target = server.target
    address = urlsplit(target.base_url)
    client = HttpClient(f"{address.scheme}://{address.netloc}")
    arena = Arena(
        client=client,
        target=target,
        contract=challenge.contract,
        seed=seed,
        database=server.database,
        labs=server.labs,
        declared=settings.dialect,
        base_path=settings.base_path or address.path,
        salt="" if isinstance(target, Target) else secrets.token_hex(4),
    )
    try:
        world = challenge.world(arena, Session(client), arena.rng("learning the dialect"))
        arena.dialect = await challenge.world.learn(world)
        yield arena
    finally:
        await client.aclose()


async def ask(
    challenge: Challenge, arena: Arena, checks: Sequence[Check], listener: Listener | None = None
) -> list[CheckResult]:
    """Ask `checks` on `arena` and return their results, in the order of stages."""
    results = await Engine(arena, checks, challenge.world, listener).run()
    return sorted(results, key=lambda result: result.check.stage)


def _judged(run: _Run, results: Sequence[CheckResult]) -> Report:
    run.report = replace(run.report, results=tuple(results))
    return run.finish(judge(results))


def _blank(order: Order, checks: Sequence[Check]) -> Report:
    challenge = order.challenge
    quoted = {check.clause for check in checks}
    return Report(
        run=new_run_id(),
        kind="build",
        challenge=challenge.id,
        challenge_title=challenge.title,
        challenge_version=challenge.version,
        stages={stage.number: stage.title for stage in challenge.stages},
        stack="",
        digest="",
        seed=order.seed,
        verdict=RunVerdict.ERROR,
        started=datetime.now(UTC).isoformat(timespec="seconds"),
        seconds=0.0,
        versions={
            "worksample": worksample.__version__,
            "python": platform.python_version(),
            "platform": f"{sys.platform} {platform.machine()}",
        },
        selection=str(order.selection),
        clauses={name: text for name, text in challenge.clauses.items() if name in quoted},
        base_url=order.url,
    )


def _problem(error: SubmissionError) -> Problem:
    return Problem(error.message, error.hint, error.command, error.environment, error.log)
