"""One run: provide servers and programs, ask the checks, and report; the same for all kinds."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager, contextmanager
from dataclasses import replace
from pathlib import Path

from worksample.catalogue import seal
from worksample.checks import Check, CheckResult, Recorder
from worksample.checks.schedule import Schedule, Shuffled
from worksample.errors import BuildFailed, SubmissionError
from worksample.grading.asking import open_context, run_checks
from worksample.grading.budget import plan
from worksample.grading.kinds import Kind, Outcome, kind_called
from worksample.grading.progress import NullProgress, Progress
from worksample.grading.recording import Recording
from worksample.grading.report import Problem, Report, RunVerdict
from worksample.grading.run_record import RunRecord
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
from worksample.stacks import BuiltSubmission, load_settings
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
        self._record = RunRecord(request)
        self._schedule = Schedule()
        self._selected: tuple[Check, ...] = ()
        self._recorder: Recorder | None = None

    @contextmanager
    def recorded(self) -> Iterator[None]:
        """Within the block, record what checks exchange with the submission, if that is asked."""
        if self.request.recording is None:
            yield
            return
        with Recording(self.request.recording, self._record.report) as recording:
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
                self._record.services(server.services)
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
        texts = challenge.clauses.items()
        self._record.quote({name: text for name, text in texts if name in quoted})
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
            self._record.address(base_url, prefix)
            self.progress.planned(checks)
            results = await run_checks(challenge, context, checks, self.progress, self._schedule)
            self._record.count_requests(results)
            self.note(*context.notes)
        return results

    def step(self, name: str, detail: str = "") -> None:
        """Begin a step; its duration becomes part of the report."""
        self._record.step(name)
        self.progress.step(name, detail)

    def note(self, *sentences: str) -> None:
        """Add sentences to the notes of the report, each once; an empty one adds nothing."""
        for sentence in self._record.note(*sentences):
            self.progress.note(sentence)

    def quote(self, clauses: Mapping[str, str]) -> None:
        """Add the texts of rules that the task brings, beside those of the brief."""
        self._record.quote(clauses)

    def line(self, text: str) -> None:
        """Pass on a line that a build or release command prints (untrusted text)."""
        self.progress.line(text)

    def detected(self, *sentences: str, stack: str = "", digest: str = "") -> None:
        """Record why the stack was detected, the stack, and the digest of the submission."""
        self.note(*sentences)
        self._record.detected(stack, digest)

    def record_digests(self, kind: Kind) -> None:
        """Record the digests of challenge and submission, and of the task that came with it.

        Raises `WorkspaceError` if the submission is too large, or cannot be read.
        """
        self._record.digests(set(kind.task_files(self.request.folder)))

    def finish(self, outcome: Outcome, problem: Problem | None = None) -> Report:
        """Return the report of the run, which has ended with `outcome`, in a limited size."""
        return self._record.finish(outcome, self._selected, problem)

    def _source(self, folder: Path | None) -> tuple[RunRequest, ProgressListener]:
        """Return what to build, and who hears of it: only the submission is recorded."""
        if folder is None:
            return self.request, self
        request = replace(self.request, folder=folder, settings=load_settings(folder), url="")
        return request, _Unrecorded(self)


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


def _problem(error: SubmissionError) -> Problem:
    return Problem(error.message, error.hint, error.command, error.environment, error.log)
