"""The kind of work `fix`: mend what tickets describe in a repository that others wrote."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from pathlib import Path

from worksample.catalogue import Challenge
from worksample.catalogue.mistakes import Mistake
from worksample.catalogue.validation import PARTS
from worksample.checks import CheckResult, Finding, Verdict
from worksample.grading.giving_up import note_of_giving_up
from worksample.grading.kinds.base import Answer, Outcome, Started, StartRequest, Step
from worksample.grading.regression_tests import (
    TestRuns,
    clause_of,
    has_regression_test,
    ticket_check,
)
from worksample.grading.report import RunVerdict, Score, judge
from worksample.grading.run import Run
from worksample.grading.task_workspace import (
    SEALED,
    Handout,
    chosen_stack,
    make_task_workspace,
    offered_stacks,
    task_in,
    without_task,
)
from worksample.grading.ticket_answers import ticket_answers
from worksample.messages import message, plural
from worksample.tasks.facts import read_facts
from worksample.tasks.fixing import NEEDED_BY, make_fix_task
from worksample.tasks.ticket_tasks import START, SealedTicket, sealed_tickets
from worksample.tasks.tickets import BACKLOG, FOLDER, LOG_SUFFIX, ticket_files
from worksample.tasks.trees import changed_lines, is_test, tree_of

_OF_THE_TASK = (BACKLOG, FOLDER)


class Fix:
    """The learner's server is asked all checks, and each fix needs a regression test."""

    id = "fix"
    title = "fix what customers report"
    rank = 1
    needs = PARTS - {"starters"}

    def stacks(self, challenge: Challenge) -> Collection[str]:
        """Return the stacks with measured own tests, or those of shipped tasks."""
        return offered_stacks(challenge, self.id, NEEDED_BY)

    def skills(self, challenge: Challenge) -> Collection[str]:
        """Return the skills of whoever maintains the code of others."""
        return ("debugging", "maintenance", "git", "automated-testing")

    def start(self, challenge: Challenge, request: StartRequest) -> Started:
        """Make the repository and the tickets of a task seed. Raises `UserError`."""
        answers = challenge.answers(NEEDED_BY)
        stack = chosen_stack(challenge, self.stacks(challenge), request.stack)
        task = make_fix_task(challenge, answers, stack, request.seed)
        files = ticket_files(challenge, task.tickets)
        subject = "Add the tickets of this week"
        handout = Handout(self.id, task.name, task.commits, files, subject, task.sealed)
        make_task_workspace(challenge, handout, request.folder)
        steps = (
            Step("less backlog.md", "the tickets, and how they are judged"),
            Step("git log --stat", "what others did before you"),
            Step("worksample check", "build it, start it, check it, run its tests"),
        )
        made_of = message("{stack}, task {seed}", stack=stack, seed=request.seed)
        return Started(made_of, steps, stack)

    def task_files(self, folder: Path) -> Collection[str]:
        """Return the sealed file, and the tickets with their logs."""
        found = (folder / FOLDER).iterdir() if (folder / FOLDER).is_dir() else ()
        tickets = sorted(path.name for path in found if path.name.endswith((".md", LOG_SUFFIX)))
        return (SEALED, *(f"{FOLDER}/{name}" for name in tickets))

    async def judge(self, run: Run) -> Outcome:
        """Ask the checks, and run the repository's tests with and without each defect."""
        run.step("reading")
        folder, challenge = run.request.folder, run.request.challenge
        async with run.unsealed(SEALED, task_in(folder, challenge)) as opened:
            tickets = sealed_tickets(read_facts(opened))
            mine, start = tree_of(folder), tree_of(opened / START)
            changes = changed_lines(
                without_task(start, *_OF_THE_TASK), without_task(mine, *_OF_THE_TASK)
            )
            checks = run.select_checks()
            run.quote({clause_of(each): each.title for each in tickets})
            if not changes:
                return _untouched(tickets, {check.id: check.stage for check in checks})
            run.note(_size_of(changes, tickets), note_of_giving_up(folder))
            async with run.one_database_server():
                async with run.server() as server:
                    results = await run.ask(server, checks)
                run.step("testing")
                runs = await TestRuns.make(run, opened, mine, tickets)
        verdicts = {result.check.id: result.verdict for result in results}
        stages = {result.check.id: result.check.stage for result in results}
        proofs = [has_regression_test(each, runs, _stage(each, stages)) for each in tickets]
        solved = sum(
            proof.verdict is Verdict.PASS and _is_fixed(ticket, verdicts)
            for ticket, proof in zip(tickets, proofs, strict=True)
        )
        every = (*results, runs.of_the_repository(), *proofs)
        return Outcome(judge(every), every, Score("tickets solved", solved, len(tickets)))

    async def reveal(self, challenge: Challenge, folder: Path) -> Sequence[Answer]:
        """Return the cause and the smallest fix of each ticket."""
        return await ticket_answers(challenge, folder)

    def validate(self, folder: Path) -> Iterator[Mistake]:
        """Yield nothing: solutions and mutants are validated by themselves."""
        yield from ()


def _untouched(tickets: Sequence[SealedTicket], stages: dict[str, int]) -> Outcome:
    finding = Finding(
        "a fix, and a test that fails without it",
        "nothing is changed yet",
        hint="Begin with tickets/1.md: read what the customer saw, and make it happen.",
        cause="nothing is changed yet",
    )
    results = tuple(
        CheckResult(ticket_check(each, _stage(each, stages)), Verdict.FAIL, (finding,))
        for each in tickets
    )
    return Outcome(RunVerdict.REJECTED, results, Score("tickets solved", 0, len(tickets)))


def _stage(ticket: SealedTicket, stages: dict[str, int]) -> int:
    return next((stages[name] for name in ticket.killed_by if name in stages), 1)


def _is_fixed(ticket: SealedTicket, verdicts: dict[str, Verdict]) -> bool:
    return all(verdicts.get(name, Verdict.PASS) is Verdict.PASS for name in ticket.killed_by)


def _size_of(changes: dict[str, int], tickets: Sequence[SealedTicket]) -> str:
    own = {path: count for path, count in changes.items() if not is_test(path)}
    return message(
        "your fix changes {lines} in {files} beside the tests; the smallest known one changes "
        "{smallest}",
        lines=plural(sum(own.values()), "one line", "{count} lines"),
        files=plural(len(own), "one file", "{count} files"),
        smallest=plural(sum(each.smallest for each in tickets), "one line", "{count} lines"),
    )


KIND = Fix()
