"""The kind of work `speed-up`: find what a correct server wastes, and make it stop."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from pathlib import Path

from worksample.catalogue import Challenge
from worksample.catalogue.mistakes import Mistake
from worksample.catalogue.validation import PARTS
from worksample.checks import CheckResult, PreconditionFailed, Skipped
from worksample.errors import InternalError
from worksample.grading.giving_up import note_of_giving_up
from worksample.grading.kinds.base import Answer, Filled, Outcome, Started, StartRequest, Step
from worksample.grading.large_data import fill, measured, rows_of
from worksample.grading.report import Comparison, RunVerdict, Score, judge
from worksample.grading.run import Run
from worksample.grading.run_request import RunRequest
from worksample.grading.server import RunningServer
from worksample.grading.speed_checks import (
    CLAUSE,
    blocked,
    comparison_of,
    results_of,
    untouched,
    without_the_answer,
    without_waste,
)
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
from worksample.grading.waste import Costs, compared, gone_in_all, wasted
from worksample.messages import message
from worksample.suites.large_data_costs import ServerCosts
from worksample.tasks.complaints import TICKET, complaint
from worksample.tasks.facts import read_facts
from worksample.tasks.speeding import NEEDED_BY, ROWS, make_speed_task
from worksample.tasks.ticket_tasks import REFERENCE, START, SealedTicket, sealed_tickets
from worksample.tasks.trees import changed_lines, tree_of

_SCORE = "percent of the waste gone"


class SpeedUp:
    """The server's work is compared with that of the slow one and of a good one."""

    id = "speed-up"
    title = "make a slow server fast"
    rank = 3
    needs = PARTS - {"starters"}

    def stacks(self, challenge: Challenge) -> Collection[str]:
        """Return the stacks with measured own tests, or those of shipped tasks."""
        return offered_stacks(challenge, self.id, NEEDED_BY)

    def skills(self, challenge: Challenge) -> Collection[str]:
        """Return the skills of whoever finds out what a server wastes."""
        return ("performance-scalability", "sql", "relational-databases", "debugging")

    def start(self, challenge: Challenge, request: StartRequest) -> Started:
        """Make the repository and the complaint of a task seed. Raises `UserError`."""
        answers = challenge.answers(NEEDED_BY)
        stack = chosen_stack(challenge, self.stacks(challenge), request.stack)
        task = make_speed_task(challenge, answers, stack, request.seed)
        (ticket,) = task.tickets
        files = {TICKET: complaint(ticket)}
        subject = "Add the complaint"
        handout = Handout(self.id, task.name, task.commits, files, subject, task.sealed)
        make_task_workspace(challenge, handout, request.folder)
        steps = (
            Step("less ticket.md", "the complaint, and how it is judged"),
            Step("worksample up", "the slow server with its data, to see it"),
            Step("worksample check", "measure it beside a good one, and check it"),
        )
        made_of = message("{stack}, task {seed}", stack=stack, seed=request.seed)
        return Started(made_of, steps, stack)

    def task_files(self, folder: Path) -> Collection[str]:
        """Return the sealed file, and the complaint."""
        return (SEALED, TICKET)

    async def judge(self, run: Run) -> Outcome:
        """Measure the submission, the slow version and the reference; then ask the checks."""
        run.step("reading")
        folder, challenge = run.request.folder, run.request.challenge
        async with run.unsealed(SEALED, task_in(folder, challenge)) as opened:
            (ticket,) = sealed_tickets(read_facts(opened))
            checks = run.select_checks()
            run.quote({CLAUSE: ticket.title})
            stage = _stage(ticket, challenge)
            start, mine = tree_of(opened / START), tree_of(folder)
            if not changed_lines(without_task(start, TICKET), without_task(mine, TICKET)):
                return Outcome(RunVerdict.REJECTED, untouched(stage), Score(_SCORE, 0, 100))
            run.note(note_of_giving_up(folder))
            async with run.one_database_server():
                async with run.server() as server:
                    results = await run.ask(server, checks)
                found, comparison, score = await _compare(run, opened, stage)
        every = (*found, *without_the_answer(results, found, ticket.killed_by))
        return Outcome(judge(every), every, score, comparison)

    async def fill(self, request: RunRequest, server: RunningServer) -> Filled:
        """Fill the database as the task says. Raises `UserError` and `InternalError`."""
        seed = int(task_in(request.folder, request.challenge).split()[-1])
        rows, requests = await fill(request.challenge, server, seed, ROWS)
        contains = message("{rows} rows in the database", rows=f"{rows:,}")
        return Filled(contains, requests)

    async def reveal(self, challenge: Challenge, folder: Path) -> Sequence[Answer]:
        """Return the cause of the waste and the smallest fix."""
        return await ticket_answers(challenge, folder)

    def validate(self, folder: Path) -> Iterator[Mistake]:
        """Yield that nothing says how to fill a large data set, if that is so."""
        if not (folder / "checks" / "large_data.py").is_file():
            yield Mistake(folder / "checks", 0, "has no large_data.py, which speed-up needs")


async def _compare(
    run: Run, opened: Path, stage: int
) -> tuple[Sequence[CheckResult], Comparison | None, Score]:
    """Measure all three versions with the same data; return verdicts, figures and score."""
    rows = rows_of(run.request.seed)
    try:
        yours, few = await _measured_yours(run, rows)
    except (PreconditionFailed, Skipped) as failure:
        return blocked(failure, stage), None, Score(_SCORE, 0, 100)
    rows = 0 if few else rows
    slow = await _measured_ours(run, opened / START, rows)
    reference = await _measured_ours(run, opened / REFERENCE, rows)
    costs = Costs(slow, yours, reference)
    found = compared(costs)
    if not wasted(found):
        return without_waste(few, stage), None, Score(_SCORE, 0, 100)
    if rows:
        run.note(message("measured with {rows} rows in the database", rows=f"{rows:,}"))
    score = Score(_SCORE, gone_in_all(found), 100)
    return results_of(costs, found, stage), comparison_of(found), score


async def _measured_yours(run: Run, rows: int) -> tuple[ServerCosts, str]:
    """Measure the submission; return its costs, and why it has few data: "" if it has `rows`."""
    run.step("measuring", "your server")
    try:
        return await measured(run, None, rows), ""
    except InternalError as error:
        run.note(message("measured with few data: {reason}", reason=error.message))
        return await measured(run, None, 0), error.message


async def _measured_ours(run: Run, folder: Path, rows: int) -> ServerCosts:
    run.step("measuring", "the slow server" if folder.name == START else "a good server")
    try:
        return await measured(run, folder, rows)
    except PreconditionFailed as failure:
        raise InternalError(
            message("a sealed version does not answer: {actual}", actual=failure.finding.actual)
        ) from failure


def _stage(ticket: SealedTicket, challenge: Challenge) -> int:
    """Return the stage of the first check that finds the defect."""
    return next(each.stage for each in challenge.checks if each.id in ticket.killed_by)


KIND = SpeedUp()
