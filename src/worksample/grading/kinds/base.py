"""The interface of a kind of work."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Protocol, runtime_checkable

from worksample.catalogue import Challenge
from worksample.catalogue.mistakes import Mistake
from worksample.checks import CheckResult
from worksample.grading.progress import Progress
from worksample.grading.report import Comparison, RunVerdict, Score
from worksample.grading.run_request import RunRequest

if TYPE_CHECKING:
    from worksample.grading.run import Run
    from worksample.grading.server import RunningServer


@dataclass(frozen=True, slots=True)
class StartRequest:
    """What a workspace is made of: a stack (empty: the only one there is) and a new folder.

    `database` is the name of a service, empty for the usual one; only `build` offers a choice.
    The task `seed` decides which task it gets, where a kind of work has several.
    """

    stack: str
    folder: Path
    seed: int = 0
    database: str = ""


@dataclass(frozen=True, slots=True)
class Step:
    """A command for the learner to type next, and what it does."""

    command: str
    says: str


@dataclass(frozen=True, slots=True)
class Started:
    """A new workspace: what it is made of, in a few words, and what to do next.

    `stack` is the id of the stack without whose language it cannot be checked; "" if it needs none.
    """

    made_of: str
    steps: tuple[Step, ...]
    stack: str = ""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a kind of work says of a submission: everything but the verdict may be missing."""

    verdict: RunVerdict
    results: tuple[CheckResult, ...] = ()
    score: Score | None = None
    comparison: Comparison | None = None


@dataclass(frozen=True, slots=True)
class Answer:
    """What a task asked for: its title, the cause as a reviewer would put it, and the fix."""

    title: str
    where: str
    says: str
    fix: str


@dataclass(frozen=True, slots=True)
class Filled:
    """What a database contains now, in a few words, and requests to try, each as curl, by name."""

    contains: str
    requests: Mapping[str, str]


@runtime_checkable
class Revealing(Protocol):
    """A kind of work whose tasks have an answer that can be shown afterwards."""

    async def reveal(self, challenge: Challenge, folder: Path) -> Sequence[Answer]:
        """Return the answers to the task in the workspace `folder`. Raises `UserError`."""


@runtime_checkable
class Proving(Protocol):
    """A kind of work whose answers are shown to be right by running checks."""

    async def prove(
        self, request: RunRequest, progress: Progress
    ) -> Sequence[Sequence[CheckResult]]:
        """Return the results of the checks that fail on each defect of the task, in their order.

        The task is in the folder of `request`; the defects are those that `Revealing.reveal`
        returns, or none. Raises `WorksampleError` if their server cannot be built or started.
        """


@runtime_checkable
class Serving(Protocol):
    """A kind of work whose workspace is no server, but brings one to try things on."""

    def server(self, challenge: Challenge, folder: Path) -> AbstractAsyncContextManager[Path]:
        """Return a folder with a server for the workspace `folder`; it is removed at the end.

        Raises `UserError`.
        """


@runtime_checkable
class Filling(Protocol):
    """A kind of work whose tasks have data, with which a server is tried by hand."""

    async def fill(self, request: RunRequest, server: RunningServer) -> Filled:
        """Fill the database of a server that runs. Raises `WorksampleError`."""


class Kind(Protocol):
    """A kind of work. Each module of this package with a `KIND` attribute of this type adds one.

    id: what `[kinds.<id>]` in challenge.toml and `kind` in worksample.toml name.
    title: what the learner does, in a few words.
    rank: kinds of a lower rank come first in a plan.
    needs: the parts that a challenge must have (`catalogue.validation.PARTS`); all are optional.
    """

    id: str
    title: str
    rank: int
    needs: frozenset[str]

    def stacks(self, challenge: Challenge) -> Collection[str]:
        """Return the ids of the stacks in which `challenge` offers this work."""

    def skills(self, challenge: Challenge) -> Collection[str]:
        """Return the skills that this work on `challenge` gives evidence of, by itself.

        A plan adds those of the stack, and those that name this kind of work in the vocabulary.
        """

    def start(self, challenge: Challenge, request: StartRequest) -> Started:
        """Make a workspace. Raises `UserError` if that cannot be done; nothing is overwritten.

        `Challenge.answers` gives solutions and mutants to those that need them; what a check must
        run of them travels sealed: `grading.sealing.seal_folder` here, `Run.unsealed` in `judge`.
        """

    def task_files(self, folder: Path) -> Collection[str]:
        """Return the names of the files in a workspace that hold the task it was given.

        Their digest becomes part of the report. Empty if the challenge itself is the task. Those
        that end in `.sealed` (`grading.sealing`) must be there, and whole, before a run begins.
        """

    async def judge(self, run: Run) -> Outcome:
        """Judge the submission of `run`, with what it provides: servers, programs, checks.

        May raise `SubmissionError` (it becomes the verdict), `UserError` and `InternalError`.
        """

    def validate(self, folder: Path) -> Iterator[Mistake]:
        """Yield what is wrong with the challenge in `folder` for this kind of work alone."""
