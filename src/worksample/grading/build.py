"""The kind of work `build`: build and start a submission, run the checks, make the report."""

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
from worksample.checks import Check, CheckContext, CheckListener, CheckResult, Engine
from worksample.checks.engine import NullListener
from worksample.errors import BuildFailed, SubmissionError
from worksample.grading.report import Problem, Report, RunVerdict, judge
from worksample.grading.run_request import RunRequest
from worksample.grading.server import RunningServer, running_server
from worksample.grading.workspace import new_run_id
from worksample.probes.http import HttpClient, Session
from worksample.stacks import Settings
from worksample.targets import Target


class Progress(CheckListener, Protocol):
    """Receives the events of a run."""

    def step(self, name: str, detail: str = "") -> None:
        """Called when a step begins: `preparing`, `building`, `starting`, `asking`, `stopping`."""

    def line(self, text: str) -> None:
        """Called with each line that a build or release command prints (untrusted text)."""

    def note(self, sentence: str) -> None:
        """Called with each sentence that becomes a note of the report."""

    def planned(self, checks: Sequence[Check]) -> None:
        """Called with the selected checks before the first one runs."""


class NullProgress(NullListener):
    """A `Progress` that does nothing."""

    def step(self, name: str, detail: str = "") -> None:
        """Do nothing."""

    def line(self, text: str) -> None:
        """Do nothing."""

    def note(self, sentence: str) -> None:
        """Do nothing."""

    def planned(self, checks: Sequence[Check]) -> None:
        """Do nothing."""


class _Run:
    """Collects what the report of one run will contain, and passes events on to `progress`."""

    def __init__(self, request: RunRequest, progress: Progress) -> None:
        self.request = request
        self.progress = progress
        self.began = time.monotonic()
        self.notes: list[str] = []
        self.timings: dict[str, float] = {}
        self.requests = 0
        self.checks = request.selection.choose(request.challenge.checks)
        self.report = _empty_report(request, self.checks)

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

    def detected(self, *sentences: str, stack: str = "", digest: str = "") -> None:
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


async def grade(request: RunRequest, progress: Progress | None = None) -> Report:
    """Build and start the submission, run the checks, and return the report.

    A server that cannot be built or started gets a verdict, not an exception. Raises `UserError`
    for an invalid request and `InternalError` where this machine lacks what the run needs.
    """
    run = _Run(request, progress or NullProgress())
    try:
        async with running_server(request, run) as server:
            run.step("asking")
            results = await _check_server(run, server)
            run.step("stopping")
        return _finish_run(run, results)
    except SubmissionError as error:
        failed = isinstance(error, BuildFailed)
        verdict = RunVerdict.BUILD_FAILED if failed else RunVerdict.START_FAILED
        return run.finish(verdict, _problem(error))


async def _check_server(run: _Run, server: RunningServer) -> list[CheckResult]:
    request = run.request
    async with open_context(request.challenge, server, request.settings, request.seed) as context:
        run.note(*context.dialect.notes)
        base_url = server.target.base_url
        run.report = replace(run.report, base_url=base_url, prefix=context.dialect.prefix)
        run.progress.planned(run.checks)
        results = await run_checks(request.challenge, context, run.checks, run.progress)
        run.requests = sum(result.requests for result in results if result.check.function)
        run.note(*context.notes)
    return results


@asynccontextmanager
async def open_context(
    challenge: Challenge, server: RunningServer, settings: Settings, seed: int
) -> AsyncIterator[CheckContext]:
    """Return what checks share for this run: a client, the server, and its detected dialect."""
    target = server.target
    address = urlsplit(target.base_url)
    client = HttpClient(f"{address.scheme}://{address.netloc}")
    context = CheckContext(
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
        world = challenge.world(context, Session(client), context.rng("learning the dialect"))
        context.dialect = await challenge.world.detect_dialect(world)
        yield context
    finally:
        await client.aclose()


async def run_checks(
    challenge: Challenge,
    context: CheckContext,
    checks: Sequence[Check],
    listener: CheckListener | None = None,
) -> list[CheckResult]:
    """Run `checks` on `context` and return their results, ordered by stage."""
    results = await Engine(context, checks, challenge.world, listener).run()
    return sorted(results, key=lambda result: result.check.stage)


def _finish_run(run: _Run, results: Sequence[CheckResult]) -> Report:
    run.report = replace(run.report, results=tuple(results))
    return run.finish(judge(results))


def _empty_report(request: RunRequest, checks: Sequence[Check]) -> Report:
    challenge = request.challenge
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
        seed=request.seed,
        verdict=RunVerdict.ERROR,
        started=datetime.now(UTC).isoformat(timespec="seconds"),
        seconds=0.0,
        versions={
            "worksample": worksample.__version__,
            "python": platform.python_version(),
            "platform": f"{sys.platform} {platform.machine()}",
        },
        selection=str(request.selection),
        clauses={name: text for name, text in challenge.clauses.items() if name in quoted},
        base_url=request.url,
    )


def _problem(error: SubmissionError) -> Problem:
    return Problem(error.message, error.hint, error.command, error.environment, error.log)
