"""A toy kind of work that starts no server: the learner lists words, and each counts.

The task carries the expected words sealed; they are opened in memory.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from pathlib import Path

from worksample.catalogue import Challenge
from worksample.catalogue.mistakes import Mistake
from worksample.catalogue.seal import sealed, unsealed
from worksample.checks import Aspect, Check, CheckResult, Finding, Verdict
from worksample.errors import UserError
from worksample.grading import RunVerdict
from worksample.grading.kinds import Outcome, Started, StartRequest, Step
from worksample.grading.report import Score
from worksample.grading.run import Run

_SEALED = "task.sealed"
_CHECK = Check(
    id="every-word-is-listed",
    title="Every word is listed",
    aspect=Aspect.BEHAVIOUR,
    stage=0,
    clause="W1",
    why="A word that is missing cannot be looked up.",
)


class Words:
    """`words.txt` must list the words that the challenge's `expected.txt` had at the start."""

    id = "words"
    title = "list words"
    rank = 5
    needs: frozenset[str] = frozenset()

    def stacks(self, challenge: Challenge) -> Collection[str]:
        return ()

    def skills(self, challenge: Challenge) -> Collection[str]:
        return ("rest",)

    def start(self, challenge: Challenge, request: StartRequest) -> Started:
        folder = request.folder
        if folder.exists():
            raise UserError(f"{folder} exists.")
        folder.mkdir()
        (folder / "words.txt").write_text("")
        words = (challenge.folder / "expected.txt").read_bytes()
        (folder / _SEALED).write_text(sealed(words, self._task(challenge)))
        (folder / "worksample.toml").write_text(
            f'challenge = "{challenge.id}"\nkind = "{self.id}"\n'
        )
        return Started("plain text", (Step("worksample check", "count the words"),))

    def task_files(self, folder: Path) -> Collection[str]:
        return (_SEALED,)

    async def judge(self, run: Run) -> Outcome:
        run.step("reading")
        folder, task = run.request.folder, self._task(run.request.challenge)
        wanted = set(unsealed(folder / _SEALED, task).decode().split())
        found = set((folder / "words.txt").read_text().split()) & wanted
        score = Score("words found", len(found), len(wanted))
        if found == wanted:
            return Outcome(RunVerdict.ACCEPTED, (CheckResult(_CHECK, Verdict.PASS),), score)
        missing = ", ".join(sorted(wanted - found))
        finding = Finding(expected="all words of the brief", actual=f"missing: {missing}")
        failed = CheckResult(_CHECK, Verdict.FAIL, (finding,))
        return Outcome(RunVerdict.REJECTED, (failed,), score)

    def validate(self, folder: Path) -> Iterator[Mistake]:
        if not (folder / "expected.txt").is_file():
            yield Mistake(folder / "expected.txt", 0, "is missing: `words` compares with it")

    def _task(self, challenge: Challenge) -> str:
        return f"{challenge.id} {self.id}"


KIND = Words()
