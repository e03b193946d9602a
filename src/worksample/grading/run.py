"""One run: provision the server, ask the checks, and report. Calibration does it this way too."""

from __future__ import annotations

import platform
import sys
import time
from dataclasses import replace
from datetime import UTC, datetime

import worksample
from worksample.checks import CheckResult
from worksample.errors import BuildFailed, SubmissionError
from worksample.grading.asking import open_context, run_checks
from worksample.grading.progress import NullProgress, Progress
from worksample.grading.report import Problem, Report, RunVerdict, judge
from worksample.grading.run_request import RunRequest
from worksample.grading.server import RunningServer, running_server
from worksample.grading.workspace import new_run_id
from worksample.services.postgres import PostgresServer


async def grade(
    request: RunRequest, progress: Progress | None = None, shared: PostgresServer | None = None
) -> Report:
    """Build and start the submission, run the checks, and return the report.

    Databases lie on a database server of the run's own, or on `shared`. A server that cannot be
    built or started gets a verdict, not an exception. Raises `UserError` for an invalid request and
    `InternalError` where this machine lacks what the run needs.
    """
    run = Run(request, progress or NullProgress())
    try:
        async with running_server(request, run, shared) as server:
            results = await run.ask(server)
            run.step("stopping")
    except SubmissionError as error:
        failed = isinstance(error, BuildFailed)
        verdict = RunVerdict.BUILD_FAILED if failed else RunVerdict.START_FAILED
        return run.finish(verdict, problem=_problem(error))
    return run.finish(judge(results), results)


class Run:
    """Collects what the report of one run will contain, and passes events on to `progress`."""

    def __init__(self, request: RunRequest, progress: Progress) -> None:
        self.request = request
        self.progress = progress
        self.began = time.monotonic()
        self.notes: list[str] = []
        self.timings: dict[str, float] = {}
        self.requests = 0
        self.checks = request.selection.choose(request.challenge.checks)
        self.report = _empty_report(request)

    def step(self, name: str, detail: str = "") -> None:
        """Begin a step; its duration becomes part of the report."""
        self.timings[name] = time.monotonic()
        self.progress.step(name, detail)

    def note(self, *sentences: str) -> None:
        """Add sentences to the notes of the report, each once."""
        for sentence in sentences:
            if sentence not in self.notes:
                self.notes.append(sentence)
                self.progress.note(sentence)

    def line(self, text: str) -> None:
        """Pass on a line that a build or release command prints."""
        self.progress.line(text)

    def detected(self, *sentences: str, stack: str = "", digest: str = "") -> None:
        """Record why the stack was detected, the stack, and the digest of the submission."""
        self.note(*sentences)
        self.report = replace(
            self.report, stack=stack or self.report.stack, digest=digest or self.report.digest
        )

    async def ask(self, server: RunningServer) -> list[CheckResult]:
        """Run the selected checks on `server`; return their results, ordered by stage."""
        self.step("asking")
        request, challenge = self.request, self.request.challenge
        async with open_context(challenge, server, request.settings, request.seed) as context:
            self.note(*context.dialect.notes)
            base_url, prefix = server.target.base_url, context.dialect.prefix
            self.report = replace(self.report, base_url=base_url, prefix=prefix)
            self.progress.planned(self.checks)
            results = await run_checks(challenge, context, self.checks, self.progress)
            self.requests += sum(result.requests for result in results if result.check.function)
            self.note(*context.notes)
        return results

    def finish(
        self,
        verdict: RunVerdict,
        results: list[CheckResult] | None = None,
        problem: Problem | None = None,
    ) -> Report:
        """Return the report of the run, which has ended with `verdict`."""
        quoted = {check.clause for check in self.checks}
        clauses = self.request.challenge.clauses
        return replace(
            self.report,
            verdict=verdict,
            results=tuple(results or ()),
            problem=problem,
            seconds=time.monotonic() - self.began,
            notes=tuple(self.notes),
            timings=self._durations(),
            requests=self.requests,
            clauses={name: text for name, text in clauses.items() if name in quoted},
        )

    def _durations(self) -> dict[str, float]:
        marks = [*self.timings.items(), ("", time.monotonic())]
        return {name: marks[i + 1][1] - at for i, (name, at) in enumerate(marks[:-1])}


def _empty_report(request: RunRequest) -> Report:
    challenge = request.challenge
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
        base_url=request.url,
    )


def _problem(error: SubmissionError) -> Problem:
    return Problem(error.message, error.hint, error.command, error.environment, error.log)
