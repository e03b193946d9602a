"""A toy kind of work that starts two servers at once, each with a database of its own."""

from __future__ import annotations

import asyncio
from collections.abc import Collection, Iterator
from pathlib import Path
from urllib.request import urlopen

from worksample.catalogue import Challenge
from worksample.catalogue.mistakes import Mistake
from worksample.errors import UserError
from worksample.grading import RunningServer, RunVerdict
from worksample.grading.kinds import Outcome, Started, StartRequest
from worksample.grading.report import Score
from worksample.grading.run import Run


class Twins:
    """The submission and the challenge's `twin` must use two databases."""

    id = "twins"
    title = "run beside a twin"
    rank = 7
    needs: frozenset[str] = frozenset()

    def stacks(self, challenge: Challenge) -> Collection[str]:
        return ()

    def skills(self, challenge: Challenge) -> Collection[str]:
        return ()

    def start(self, challenge: Challenge, request: StartRequest) -> Started:
        raise UserError("Use a folder of your own.")

    def task_files(self, folder: Path) -> Collection[str]:
        return ()

    async def judge(self, run: Run) -> Outcome:
        async with (
            run.one_database_server(),
            run.server() as one,
            run.server(run.request.challenge.folder / "twin") as other,
        ):
            databases = {await _database(one), await _database(other)}
        verdict = RunVerdict.ACCEPTED if len(databases) == 2 else RunVerdict.REJECTED
        return Outcome(verdict, score=Score("databases", len(databases), 2))

    def validate(self, folder: Path) -> Iterator[Mistake]:
        yield from ()


async def _database(server: RunningServer) -> bytes:
    def read() -> bytes:
        with urlopen(server.target.base_url, timeout=20) as answer:
            found: bytes = answer.read()
            return found

    return await asyncio.to_thread(read)


KIND = Twins()
