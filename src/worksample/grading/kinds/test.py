"""The kind of work `test`: write tests over HTTP that find defects in servers of others."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Collection, Iterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

from worksample.catalogue import Answers, Challenge
from worksample.catalogue.answers import folders_in
from worksample.catalogue.loading import declared_in
from worksample.catalogue.mistakes import Mistake, matching_line
from worksample.catalogue.validation import PARTS
from worksample.errors import CatalogueError, UserError
from worksample.grading.giving_up import note_of_giving_up
from worksample.grading.http_tests.bench import TestBench
from worksample.grading.http_tests.judging import judge_tests
from worksample.grading.http_tests.verdicts import score_of, untouched
from worksample.grading.kinds.base import Answer, Outcome, Started, StartRequest, Step
from worksample.grading.report import RunVerdict
from worksample.grading.run import Run
from worksample.grading.sealing import unsealed_folder
from worksample.grading.selection import EVERYTHING
from worksample.grading.task_workspace import (
    SEALED,
    Handout,
    chosen_stack,
    make_task_workspace,
    offered_stacks,
    task_in,
    without_task,
)
from worksample.messages import message
from worksample.stacks.settings import SETTINGS_FILE, load_settings
from worksample.tasks.testing import (
    NEEDED_BY,
    SKELETONS,
    beyond_http,
    make_test_task,
    sealed_task,
    skeletons,
)
from worksample.tasks.trees import tree_of


class Test:
    """The learner's tests are run on correct servers, and on those with planted defects."""

    __test__ = False

    id = "test"
    title = "write tests that find defects"
    rank = 2
    needs = PARTS - {"starters"}

    def stacks(self, challenge: Challenge) -> Collection[str]:
        """Return the stacks with a test skeleton and mutants, or those of shipped tasks."""
        found = skeletons(challenge)
        offered = offered_stacks(challenge, self.id, NEEDED_BY, Answers.has_mutants)
        return [each for each in offered if each in found]

    def skills(self, challenge: Challenge) -> Collection[str]:
        """Return the skills of whoever tests servers that others wrote."""
        return ("automated-testing", "integration-testing", "git")

    def start(self, challenge: Challenge, request: StartRequest) -> Started:
        """Make the repository with a test skeleton, for a task seed. Raises `UserError`."""
        answers = challenge.answers(NEEDED_BY)
        offered = self.stacks(challenge)
        default = next(iter(sorted(offered, reverse=True)), "")
        stack = chosen_stack(challenge, offered, request.stack or default)
        task = make_test_task(challenge, answers, stack, request.seed)
        handout = Handout(
            self.id,
            task.name,
            task.commits,
            task.files,
            "Say what the tests are for",
            task.sealed,
            task.settings,
        )
        make_task_workspace(challenge, handout, request.folder)
        steps = (
            Step("less backlog.md", "what is wanted, and when it is enough"),
            Step("less brief.md", "what the server must do"),
            Step("worksample check", "run the tests on correct and on defective servers"),
        )
        made_of = message("{stack}, task {seed}", stack=stack, seed=request.seed)
        return Started(made_of, steps, stack)

    def task_files(self, folder: Path) -> Collection[str]:
        """Return the sealed file."""
        return (SEALED,)

    async def judge(self, run: Run) -> Outcome:
        """Run the tests on all correct servers, and then on those with a defect."""
        _require_whole_check(run)
        run.step("reading")
        folder = run.request.folder
        async with run.unsealed(SEALED, task_in(folder, run.request.challenge)) as opened:
            task = sealed_task(opened)
            if task.is_untouched(without_task(tree_of(folder))):
                results = tuple(untouched(task))
                return Outcome(RunVerdict.REJECTED, results, score_of(task, 0))
            run.note(note_of_giving_up(folder))
            async with TestBench.open(run, opened) as bench:
                return await judge_tests(run, task, bench, opened)

    async def reveal(self, challenge: Challenge, folder: Path) -> Sequence[Answer]:
        """Return each planted defect: what a customer sees, the cause, and the patch."""
        async with unsealed_folder(folder / SEALED, task_in(folder, challenge)) as opened:
            return [
                Answer(
                    each.symptom,
                    each.mutant.review_where,
                    each.mutant.review_says,
                    each.mutant.patch,
                )
                for each in sealed_task(opened).defects
            ]

    @asynccontextmanager
    async def server(self, challenge: Challenge, folder: Path) -> AsyncIterator[Path]:
        """Return a folder with the correct server of the stack for which the task was made."""
        async with unsealed_folder(folder / SEALED, task_in(folder, challenge)) as opened:
            task = sealed_task(opened)
            yield task.references[task.stack]

    def validate(self, folder: Path) -> Iterator[Mistake]:
        """Yield names of checks that do not exist, and skeletons without a command."""
        yield from _unknown_checks(folder)
        for name, skeleton in folders_in(folder / SKELETONS).items():
            try:
                if load_settings(skeleton).test_command:
                    continue
                problem: str = message("the test skeleton {name} has no [test] command", name=name)
            except UserError as error:
                problem = error.message
            yield Mistake(skeleton / SETTINGS_FILE, 1, problem)


def _unknown_checks(folder: Path) -> Iterator[Mistake]:
    path = folder / "challenge.toml"
    try:
        known = {check.id for check in declared_in(folder)[0]}
        unknown = sorted(beyond_http(folder) - known)
    except (CatalogueError, OSError, ValueError):
        return  # told by the validation of the parts
    for name in unknown:
        at = matching_line(path.read_text(encoding="utf-8"), re.escape(name))
        yield Mistake(path, at, message("kind `test`: there is no check `{name}`", name=name))


def _require_whole_check(run: Run) -> None:
    if run.request.url:
        raise UserError(
            "Tests are run on servers that Worksample starts, not on one that runs already.",
            hint="Run them on your own server by hand: BASE_URL=... and their command.",
        )
    if run.request.selection != EVERYTHING:
        raise UserError(
            "All tests are run on all servers: there are no stages or checks to choose from.",
            hint="Check everything: no stage, no single checks, no budget.",
        )


KIND = Test()
