"""Run a learner's tests on many servers: each time a new one, with an empty database."""

from __future__ import annotations

import asyncio
import itertools
import os
import random
import shutil
import time
from collections.abc import AsyncIterator, Coroutine, Iterable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from worksample.catalogue.solutions import stack_of
from worksample.errors import InternalError, SubmissionError
from worksample.grading.run import Run
from worksample.grading.run_request import RunRequest
from worksample.grading.server import running_server
from worksample.grading.services import StartedServices, started
from worksample.messages import message
from worksample.sandbox.hiding import can_hide
from worksample.stacks import load_settings
from worksample.stacks.availability import why_not_here
from worksample.targets.http_tests import HttpTests
from worksample.targets.own_tests import OwnTestRun
from worksample.tasks.testing import Defect, SealedTask

#: The tests run on so many correct servers, three times on each; every one must be built.
MOST_SERVERS = 4
#: How many servers run at once at most: all have their databases on one database server.
_MAX_AT_ONCE = 8
_NOT_HIDDEN = "this machine cannot hide the files and processes of the servers from the tests"


@dataclass(frozen=True, slots=True)
class Job:
    """A run to make: on the server in `folder`, called `name`; with the defect, if it has one."""

    name: str
    folder: Path
    other_order: bool = False
    defect: Defect | None = None
    timeout: float = 0.0


@dataclass(frozen=True, slots=True)
class Done:
    """What came of a job, and how long the tests took."""

    job: Job
    tests: OwnTestRun
    seconds: float


class TestBench:
    """Runs jobs, about as many at once as the machine has cores."""

    __test__ = False

    def __init__(
        self, run: Run, tests: HttpTests, services: StartedServices, servers: Path
    ) -> None:
        self._run = run
        self._tests = tests
        self._services = services
        self._servers = servers
        self._at_once = asyncio.Semaphore(min(os.cpu_count() or 1, _MAX_AT_ONCE))
        self._numbers = itertools.count(1)

    @classmethod
    @asynccontextmanager
    async def open(cls, run: Run, servers: Path) -> AsyncIterator[TestBench]:
        """Build the tests of the submission, and start the services of the servers.

        The servers are built in the folder `servers`. Where this machine allows it, that is hidden
        from the tests, and so are all processes but their own.
        """
        request = run.request
        run.step("building")
        hidden = (servers,) if await asyncio.to_thread(can_hide) else ()
        if not hidden:
            run.note(_NOT_HIDDEN)
        async with (
            HttpTests.build(request.folder, request.settings, run.line, hidden) as tests,
            started(request.challenge, request.services, request.service_urls) as services,
        ):
            run.step("testing")
            yield cls(run, tests, services, servers)

    @property
    def other_order(self) -> str:
        """See `HttpTests.other_order`."""
        return self._tests.other_order

    async def make(self, jobs: Sequence[Job]) -> list[Done]:
        """Make the runs of `jobs`, begun in this order; return what came of each."""
        return await _all(self._make(each) for each in jobs)

    async def _make(self, job: Job) -> Done:
        async with self._at_once:
            done = await self._once(job)
            if job.defect and done.tests.problem:
                done = await self._once(job)
        number = next(self._numbers)
        self._run.line(message("{number} runs of the tests are done", number=number))
        return done

    async def _once(self, job: Job) -> Done:
        request = self._run.request
        server = replace(request, folder=job.folder, settings=load_settings(job.folder), url="")
        async with _server(server, job.name, self._services, self._servers) as base_url:
            began = time.monotonic()
            tests = await self._tests.run(
                base_url, other_order=job.other_order, timeout=job.timeout
            )
            return Done(job, tests, time.monotonic() - began)


@asynccontextmanager
async def _server(
    request: RunRequest, name: str, services: StartedServices, within: Path
) -> AsyncIterator[str]:
    """Start a server of ours; that it does not start is never the learner's fault."""
    try:
        async with running_server(request, _Quiet(), services, within=within) as server:
            yield server.target.base_url
    except SubmissionError as error:
        raise InternalError(
            message("The correct server {name} did not start: {why}", name=name, why=error.message),
            hint=error.hint,
        ) from None


class _Quiet:
    """Hears of the servers, and tells nobody: there are many, and they are not the submission."""

    def step(self, name: str, detail: str = "") -> None:
        """Do nothing."""

    def line(self, text: str) -> None:
        """Do nothing."""

    def detected(self, *sentences: str, stack: str = "", digest: str = "") -> None:
        """Do nothing."""


async def _all(jobs: Iterable[Coroutine[Any, Any, Done]]) -> list[Done]:
    """Return what came of all; when one raises, the others are ended first."""
    tasks = [asyncio.create_task(each) for each in jobs]
    try:
        return await asyncio.gather(*tasks)
    except BaseException:
        for each in tasks:
            each.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        raise


async def correct_servers(
    task: SealedTask, within: Path
) -> tuple[Mapping[str, Path], Mapping[str, str]]:
    """Return the references to run the tests on, and why this machine cannot build others.

    They are the one of the task's stack and some others, which the task chooses. Each is built, in
    a new folder `within` another.
    """
    others = sorted(set(task.references) - {task.stack})
    random.Random(repr(sorted(task.digests.items()))).shuffle(others)  # noqa: S311 - no secret
    here: dict[str, Path] = {}
    missing: dict[str, str] = {}
    for name in (task.stack, *others):
        if len(here) == MOST_SERVERS or task.stack in missing:
            break
        folder = task.references[name]
        if reason := await why_not_here(folder, stack_of(folder), within=within):
            missing[name] = reason
        else:
            here[name] = folder
    return dict(sorted(here.items())), missing


def plant(defect: Defect, reference: Path, to: Path) -> Path:
    """Copy the reference to the new folder `to`, and plant the defect there; return `to`."""
    shutil.copytree(reference, to)
    defect.mutant.apply(to)
    return to
