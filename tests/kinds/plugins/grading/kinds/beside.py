"""A toy kind of work that asks the same checks of the submission and of another server."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from pathlib import Path

from worksample.catalogue import Challenge
from worksample.catalogue.mistakes import Mistake
from worksample.catalogue.validation import PARTS
from worksample.checks import Verdict
from worksample.errors import UserError
from worksample.grading import judge
from worksample.grading.kinds import Outcome, Started, StartRequest
from worksample.grading.report import Score
from worksample.grading.run import Run


class Beside:
    """The report holds what the submission answers, the score what the other server passes."""

    id = "beside"
    title = "run beside another server"
    rank = 8
    needs = PARTS - {"starters", "solutions"}

    def stacks(self, challenge: Challenge) -> Collection[str]:
        return ()

    def skills(self, challenge: Challenge) -> Collection[str]:
        return ()

    def start(self, challenge: Challenge, request: StartRequest) -> Started:
        raise UserError("Use a folder of your own.")

    def task_files(self, folder: Path) -> Collection[str]:
        return ()

    async def judge(self, run: Run) -> Outcome:
        checks = run.select_checks()
        other_folder = run.request.challenge.folder / "other"
        async with (
            run.one_database_server(),
            run.server() as mine,
            run.server(other_folder) as other,
        ):
            results = await run.ask(mine, checks)
            of_other = await run.ask(other, checks)
        passed = sum(result.verdict is Verdict.PASS for result in of_other)
        score = Score("checks that the other passes", passed, len(of_other))
        return Outcome(judge(results), tuple(results), score)

    def validate(self, folder: Path) -> Iterator[Mistake]:
        yield from ()


KIND = Beside()
