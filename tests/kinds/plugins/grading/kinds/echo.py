"""A toy kind of work that talks with a program on standard input and output."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from pathlib import Path

from worksample.catalogue import Challenge
from worksample.catalogue.mistakes import Mistake
from worksample.errors import UserError
from worksample.grading import RunVerdict
from worksample.grading.kinds import Outcome, Started, StartRequest
from worksample.grading.report import Score
from worksample.grading.run import Run
from worksample.targets import Dialogue, Limits

_VALUES = ({"a": 1}, ["ä", None], "x" * 300_000)


class Echo:
    """The program must answer each value with the same value."""

    id = "echo"
    title = "answer with what was said"
    rank = 6
    needs: frozenset[str] = frozenset()

    def stacks(self, challenge: Challenge) -> Collection[str]:
        return ()

    def skills(self, challenge: Challenge) -> Collection[str]:
        return ()

    def start(self, challenge: Challenge, request: StartRequest) -> Started:
        raise UserError("Write the program in a folder of your own.")

    def task_files(self, folder: Path) -> Collection[str]:
        return ()

    async def judge(self, run: Run) -> Outcome:
        patient = not (run.request.folder / "impatient").exists()
        limits = Limits(answer_seconds=60.0 if patient else 0.5, output_bytes=1_000_000)
        same = 0
        async with run.built() as built:
            run.step("asking")
            for value in _VALUES:
                async with Dialogue.open(built, limits) as program:
                    same += await program.ask(value) == value
                    await program.finish()
            run.step("stopping")
        verdict = RunVerdict.ACCEPTED if same == len(_VALUES) else RunVerdict.REJECTED
        return Outcome(verdict, score=Score("values returned", same, len(_VALUES)))

    def validate(self, folder: Path) -> Iterator[Mistake]:
        yield from ()


KIND = Echo()
