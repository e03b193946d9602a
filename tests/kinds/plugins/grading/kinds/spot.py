"""A toy kind of work whose task carries a server sealed: a reference solution with a defect."""

from __future__ import annotations

import tempfile
from collections.abc import Collection, Iterator
from pathlib import Path

from worksample.catalogue import Challenge
from worksample.catalogue.mistakes import Mistake
from worksample.checks import Verdict
from worksample.errors import UserError
from worksample.grading import RunVerdict
from worksample.grading.kinds import Outcome, Started, StartRequest, Step
from worksample.grading.report import Score
from worksample.grading.run import Run
from worksample.grading.sealing import seal_folder

_SEALED, _NAMED = "server.sealed", "checks.txt"


class Spot:
    """`checks.txt` must name a check that the sealed server fails."""

    id = "spot"
    title = "name what the sealed server does wrong"
    rank = 9
    needs = frozenset({"checks"})

    def stacks(self, challenge: Challenge) -> Collection[str]:
        return ()

    def skills(self, challenge: Challenge) -> Collection[str]:
        return ()

    def start(self, challenge: Challenge, request: StartRequest) -> Started:
        answers = challenge.answers(f"the kind of work {self.id}")
        solution = request.stack or min(answers.solutions)
        mutant = answers.mutants(solution)[0]
        if request.folder.exists():
            raise UserError(f"{request.folder} exists.")
        with tempfile.TemporaryDirectory() as place:
            planted = answers.copy(solution, Path(place) / "planted", mutant)
            text = seal_folder(planted, self._task(challenge))
        request.folder.mkdir()
        (request.folder / _SEALED).write_text(text)
        (request.folder / _NAMED).write_text("")
        (request.folder / "worksample.toml").write_text(
            f'challenge = "{challenge.id}"\nkind = "{self.id}"\n'
        )
        return Started("names of checks", (Step("worksample check", "ask the server"),))

    def task_files(self, folder: Path) -> Collection[str]:
        return (_SEALED,)

    async def judge(self, run: Run) -> Outcome:
        named = set((run.request.folder / _NAMED).read_text().split())
        checks = [check for check in run.select_checks() if check.id in named]
        async with (
            run.unsealed(_SEALED, self._task(run.request.challenge)) as folder,
            run.server(folder) as server,
        ):
            results = await run.ask(server, checks)
        failed = sum(result.verdict is Verdict.FAIL for result in results)
        verdict = RunVerdict.ACCEPTED if failed else RunVerdict.REJECTED
        return Outcome(verdict, score=Score("checks that it fails", failed, len(checks)))

    def validate(self, folder: Path) -> Iterator[Mistake]:
        yield from ()

    def _task(self, challenge: Challenge) -> str:
        return f"{challenge.id} {self.id}"


KIND = Spot()
