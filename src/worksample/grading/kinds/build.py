"""The kind of work `build`: write the server of a challenge, from its brief."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from pathlib import Path

from worksample.catalogue import Challenge
from worksample.catalogue.mistakes import Mistake
from worksample.catalogue.validation import PARTS
from worksample.catalogue.workspace import make_workspace
from worksample.grading.kinds.base import Outcome, Started, StartRequest, Step
from worksample.grading.opened_tasks import note_of_opened_tasks
from worksample.grading.report import judge
from worksample.grading.run import Run


class Build:
    """The learner's server is built, started and asked the checks of the challenge."""

    id = "build"
    title = "build the server"
    rank = 0
    needs = PARTS

    def stacks(self, challenge: Challenge) -> Collection[str]:
        """Return the stacks that have a starter."""
        return challenge.stacks

    def skills(self, challenge: Challenge) -> Collection[str]:
        """Return the skills of the challenge."""
        return challenge.skills

    def start(self, challenge: Challenge, request: StartRequest) -> Started:
        """Make a workspace from a starter, with brief and contract. Raises `UserError`."""
        stack = make_workspace(challenge, request.stack, request.folder, request.database)
        steps = (
            Step("less brief.md", "what the customer wants, stage by stage"),
            Step("worksample check --stage 1", "build it, start it, check it"),
            Step("worksample check --watch", "the same, after every change"),
        )
        return Started(stack, steps, stack)

    def task_files(self, folder: Path) -> Collection[str]:
        """Return none: the challenge is the task."""
        return ()

    async def judge(self, run: Run) -> Outcome:
        """Run the selected checks on the learner's server."""
        checks = run.select_checks()
        run.note(note_of_opened_tasks(run.request.challenge.id))
        async with run.server() as server:
            results = await run.ask(server, checks)
        return Outcome(judge(results), tuple(results))

    def validate(self, folder: Path) -> Iterator[Mistake]:
        """Yield nothing: the parts of a challenge are validated by themselves."""
        yield from ()


KIND = Build()
