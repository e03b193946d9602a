"""Tasks of the kind `fix`: a repository with defects, and tickets about them."""

from __future__ import annotations

import random
from dataclasses import replace
from pathlib import Path

from worksample.catalogue import Challenge
from worksample.catalogue.answers import MUTANTS, Answers
from worksample.catalogue.mutants import Mutant
from worksample.catalogue.server_logs import server_logs
from worksample.errors import UserError
from worksample.messages import message
from worksample.tasks.choosing import choose, testable
from worksample.tasks.naming import task_name
from worksample.tasks.repository import Source
from worksample.tasks.server_logs import log_text
from worksample.tasks.ticket_tasks import TicketTask, make_ticket_task
from worksample.tasks.tickets import Ticket, tickets_for

KIND = "fix"
NEEDED_BY = "the kind of work fix"


def make_fix_task(challenge: Challenge, answers: Answers, stack: str, seed: int) -> TicketTask:
    """Make the task of a task seed. Raises `UserError` if the stack has no mutants for one."""
    name = task_name(challenge, KIND, stack, seed)
    rng = random.Random(name)  # noqa: S311 - not for secrets
    mutants = fixable(challenge, answers, stack)
    if not mutants:
        raise UserError(
            message(
                "{challenge} has no defects to fix in {stack}.", challenge=challenge.id, stack=stack
            )
        )
    chosen = choose(mutants, rng)
    source = Source.for_defects(answers, stack, chosen)
    tickets = tickets_for(challenge, [(each, each.changed_lines) for each in chosen], rng)
    task = make_ticket_task(challenge, name, source, tickets, rng, with_each_defect=True)
    logs = random.Random(f"{name}/logs")  # noqa: S311 - not for secrets
    return replace(task, tickets=_with_logs(task, answers.folder / MUTANTS / stack, logs))


def fixable(challenge: Challenge, answers: Answers, stack: str) -> list[Mutant]:
    """Return the mutants of a stack that tickets can be about.

    A test can find them every time, and which own tests they break is known.
    """
    measured = answers.broken_own_tests(stack)
    return [each for each in testable(challenge, answers.mutants(stack)) if each.id in measured]


def _with_logs(task: TicketTask, measured: Path, rng: random.Random) -> list[Ticket]:
    """Return the tickets with the logs of those whose server logs the trace of an error."""
    logs, last = server_logs(measured), task.commits[-1]
    return [
        replace(each, log=log_text(logs[each.mutant.id], last.tree, last.when, rng))
        if each.mutant.id in logs
        else each
        for each in task.tickets
    ]
