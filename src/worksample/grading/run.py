"""One run: provide servers and programs, ask the checks, and report; the same for all kinds."""

from __future__ import annotations

import platform
import sys
import time
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager, contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path

import worksample
from worksample.catalogue import seal
from worksample.checks import Check, CheckResult, Recorder
from worksample.checks.schedule import Schedule, Shuffled
from worksample.errors import BuildFailed, SubmissionError, WorkspaceError
from worksample.grading.asking import open_context, run_checks
from worksample.grading.budget import plan
from worksample.grading.kinds import Kind, Outcome, kind_called
from worksample.grading.progress import NullProgress, Progress
from worksample.grading.recording import Recording
from worksample.grading.report import LeftOut, Problem, Report, RunVerdict
from worksample.grading.run_request import RunRequest
from worksample.grading.sealing import unsealed_folder
from worksample.grading.server import (
    ProgressListener,
    RunningServer,
    built_submission,
    run_tests_of,
    running_server,
)
from worksample.grading.services import StartedServices, started
from worksample.grading.size_limit import bounded
from worksample.grading.workspace import new_run_id
from worksample.messages import message
from worksample.stacks import BuiltSubmission, load_settings
from worksample.stacks.copying import digest_of, list_files
from worksample.targets.own_tests import OwnTestRun


async def grade(
    request: RunRequest, progress: Progress | None = None, shared: StartedServices | None = None
) -> Report:
    """Judge the submission as its kind of work does, and return the report.

    Databases lie on servers of the run's own, or on `shared`. A submission that cannot be
    built or started gets a verdict, not an exception. Raises `UserError` for an invalid request and
    `InternalError` where this machine lacks what the run needs.
    """
    kind = kind_called(request.kind)
    run = Run(request, progress or NullProgress(), shared)
    run.record_digests(kind)
    _require_intact_task(kind, request.folder)
    with run.recorded():
        try:
            outcome, problem = await kind.judge(run), None
        except SubmissionError as error:
            failed = isinstance(error, BuildFailed)
            verdict = RunVerdict.BUILD_FAILED if failed else RunVerdict.START_FAILED
            outcome, problem = Outcome(verdict), _problem(error)
    return run.finish(outcome, problem)


class Run:
    """One run: what a kind of work can use to judge, and what the report will contain.

    It provides any number of servers and programs, one after the other or at once, and runs checks.
    All that it provides is stopped and removed at the end of its block. Events go to `progress`.
    """

    def __init__(
        self, request: RunRequest, progress: Progress, shared: StartedServices | None = None
    ) -> None:
        self.request = request
        self.progress = progress
        self._shared = shared
        self._began = time.monotonic()
        self._steps: list[tuple[str, float]] = []
        self._notes: list[str] = []
        self._requests = 0
        self._clauses: dict[str, str] = {}
        self._schedule = Schedule()
        self._selected: tuple[Check, ...] = ()
        self._report = _empty_report(request)
        self._recorder: Recorder | None = None

    @contextmanager
    def recorded(self) -> Iterator[None]:
        """Within the block, record what checks exchange with the submission, if that is asked."""
        if self.request.recording is None:
            yield
            return
        with Recording(self.request.recording, self._report) as recording:
            self._recorder = recording.record
            yield
        self.note(*recording.problems)

    @asynccontextmanager
    async def server(self, folder: Path | None = None) -> AsyncIterator[RunningServer]:
        """Build and start the submission, or the server in `folder`, with services of its own.

        Raises `SubmissionError`, `UserError` or `InternalError`.
        """
        async with running_server(*self._source(folder), self._shared) as server:
            if server.settings is self.request.settings:
                self._report = replace(self._report, services=server.services)
            yield server
            self.step("stopping")

    @asynccontextmanager
    async def built(self, folder: Path | None = None) -> AsyncIterator[BuiltSubmission]:
        """Build the submission, or what `folder` contains, and start nothing.

        `targets.Dialogue.open` starts it as a program on standard input and output, any number of
        times. Raises `BuildFailed` or `UserError`.
        """
        async with built_submission(*self._source(folder)) as built:
            yield built

    async def own_tests(self, folder: Path | None = None) -> OwnTestRun:
        """Run the own tests of the submission, or of the repository in `folder`.

        They have services of their own. Raises `BuildFailed`, and `UserError` if there are none.
        """
        return await run_tests_of(*self._source(folder), self._shared)

    @asynccontextmanager
    async def unsealed(self, name: str, task: str) -> AsyncIterator[Path]:
        """Open the sealed file `name` of the submission, made for `task`; return its folder.

        The folder is temporary: private to this user, and removed when the block ends. Raises
        `BrokenSeal` if the file was made for another task.
        """
        async with unsealed_folder(self.request.folder / name, task) as folder:
            yield folder

    @asynccontextmanager
    async def one_database_server(self) -> AsyncIterator[None]:
        """Within the block, all servers have their databases on one database server.

        That saves the time to start one for each. Raises `ServiceUnavailable`.
        """
        before, request = self._shared, self.request
        async with started(request.challenge, request.services, request.service_urls) as servers:
            self._shared = before or servers
            try:
                yield
            finally:
                self._shared = before

    def select_checks(self) -> list[Check]:
        """Return the selected checks of the challenge, in the order in which they are asked.

        With a budget, these are those that tell most for the time; the report lists the others.
        Raises `UserError` for an unknown name.
        """
        challenge, selection = self.request.challenge, self.request.selection
        shuffle = self.request.shuffle
        checks = selection.choose(challenge.checks)
        self._selected = tuple(checks)
        if selection.budget:
            found = plan(challenge, checks, selection.budget)
            checks, self._schedule = list(found.checks), found.schedule(selection.budget)
        else:
            costs = {name: cost.seconds for name, cost in challenge.costs.items()}
            self._schedule = Schedule(costs) if shuffle is None else Shuffled(shuffle, costs)
        quoted = {clause for check in checks for clause in check.clauses}
        self._clauses = {name: text for name, text in challenge.clauses.items() if name in quoted}
        return checks

    async def ask(self, server: RunningServer, checks: Sequence[Check]) -> list[CheckResult]:
        """Run `checks` on `server`; return their results, ordered by stage.

        Only what the submission answers is recorded in the report.
        """
        self.step("asking")
        request, challenge = self.request, self.request.challenge
        submission = server.settings is request.settings
        async with open_context(
            challenge,
            server,
            server.settings,
            request.seed,
            request.selection.stage,
            self._recorder if submission else None,
            request.profile,
        ) as context:
            if not submission:
                return await run_checks(challenge, context, checks)
            self.note(*context.notes, *context.dialect.notes)
            if not request.selection.budget and (expected := context.pace.note(len(checks))):
                self.note(expected)
            base_url, prefix = server.target.base_url, context.dialect.prefix
            self._report = replace(self._report, base_url=base_url, prefix=prefix)
            self.progress.planned(checks)
            results = await run_checks(challenge, context, checks, self.progress, self._schedule)
            self._requests += sum(result.requests for result in results if result.check.function)
            self.note(*context.notes)
        return results

    def step(self, name: str, detail: str = "") -> None:
        """Begin a step; its duration becomes part of the report."""
        self._steps.append((name, time.monotonic()))
        self.progress.step(name, detail)

    def note(self, *sentences: str) -> None:
        """Add sentences to the notes of the report, each once; an empty one adds nothing."""
        for sentence in sentences:
            if sentence and sentence not in self._notes:
                self._notes.append(sentence)
                self.progress.note(sentence)

    def quote(self, clauses: Mapping[str, str]) -> None:
        """Add the texts of rules that the task brings, beside those of the brief."""
        self._clauses |= clauses

    def line(self, text: str) -> None:
        """Pass on a line that a build or release command prints (untrusted text)."""
        self.progress.line(text)

    def detected(self, *sentences: str, stack: str = "", digest: str = "") -> None:
        """Record why the stack was detected, the stack, and the digest of the submission."""
        self.note(*sentences)
        report = self._report
        self._report = replace(report, stack=stack or report.stack, digest=digest or report.digest)

    def record_digests(self, kind: Kind) -> None:
        """Record the digests of challenge and submission, and of the task that came with it.

        Raises `WorkspaceError` if the submission is too large, or cannot be read.
        """
        request = self.request
        self._report = replace(self._report, challenge_digest=request.challenge.digest)
        if request.url:
            return
        task = set(kind.task_files(request.folder))
        try:
            found = list_files(request.folder)
            of_task = [each for each in found if each.name in task]
            self._report = replace(
                self._report,
                task_digest=digest_of(of_task) if of_task else "",
                digest=digest_of(found),
            )
        except OSError as error:
            raise WorkspaceError(
                message("{folder} cannot be read: {error}", folder=request.folder, error=error)
            ) from error

    def finish(self, outcome: Outcome, problem: Problem | None = None) -> Report:
        """Return the report of the run, which has ended with `outcome`, in a limited size."""
        return bounded(
            replace(
                self._report,
                verdict=self._verdict(outcome),
                results=outcome.results,
                left_out=self._left_out(outcome),
                score=outcome.score,
                comparison=outcome.comparison,
                problem=problem,
                seconds=time.monotonic() - self._began,
                notes=tuple(self._notes),
                timings=self._durations(),
                requests=self._requests,
                clauses=self._clauses,
            )
        )

    def _verdict(self, outcome: Outcome) -> RunVerdict:
        """Return the verdict of `outcome`: with a budget, nothing is ever accepted."""
        if self.request.selection.budget and outcome.verdict is RunVerdict.ACCEPTED:
            return RunVerdict.NOTHING_FOUND
        return outcome.verdict

    def _left_out(self, outcome: Outcome) -> tuple[LeftOut, ...]:
        asked = {result.check.id for result in outcome.results}
        return tuple(
            LeftOut(check.id, check.title, check.stage, check.aspect)
            for check in self._selected
            if self.request.selection.budget and asked and check.id not in asked
        )

    def _source(self, folder: Path | None) -> tuple[RunRequest, ProgressListener]:
        """Return what to build, and who hears of it: only the submission is recorded."""
        if folder is None:
            return self.request, self
        request = replace(self.request, folder=folder, settings=load_settings(folder), url="")
        return request, _Unrecorded(self)

    def _durations(self) -> dict[str, float]:
        """Return the seconds of each step; a step that was repeated counts in sum."""
        moments = pairwise([*(at for _, at in self._steps), time.monotonic()])
        durations: dict[str, float] = {}
        for (name, _), (began, ended) in zip(self._steps, moments, strict=True):
            durations[name] = durations.get(name, 0.0) + ended - began
        return durations


class _Unrecorded:
    """Passes on the steps of a server that is not the submission, and records nothing of it."""

    def __init__(self, run: Run) -> None:
        self.step = run.step
        self.line = run.line

    def detected(self, *sentences: str, stack: str = "", digest: str = "") -> None:
        """Do nothing."""


def _require_intact_task(kind: Kind, folder: Path) -> None:
    """Raise `BrokenSeal`, with all that is wrong, if a sealed file of the task was changed."""
    names = sorted(name for name in kind.task_files(folder) if name.endswith(seal.SUFFIX))
    seal.require_intact(folder / name for name in names)


def _empty_report(request: RunRequest) -> Report:
    challenge = request.challenge
    return Report(
        run=new_run_id(),
        kind=request.kind,
        challenge=challenge.id,
        challenge_title=challenge.title,
        challenge_version=challenge.version,
        stages={stage.number: stage.title for stage in challenge.stages},
        stack="",
        digest="",
        seed=request.seed,
        shuffle=request.shuffle,
        verdict=RunVerdict.ERROR,
        started=datetime.now(UTC).isoformat(timespec="seconds"),
        seconds=0.0,
        versions={
            "worksample": worksample.__version__,
            "python": platform.python_version(),
            "platform": f"{sys.platform} {platform.machine()}",
        },
        selection=request.selection,
        profile=request.profile.id,
        profile_title=request.profile.title,
        spec=request.spec,
        base_url=request.url,
        isolation="none",
        handed_in=request.handed_in,
    )


def _problem(error: SubmissionError) -> Problem:
    return Problem(error.message, error.hint, error.command, error.environment, error.log)
