"""Tasks of the kind `fix`: a repository with defects, and tickets about them."""

from __future__ import annotations

import random

from worksample.catalogue import Challenge
from worksample.catalogue.answers import Answers
from worksample.catalogue.mutants import Mutant
from worksample.errors import UserError
from worksample.messages import message
from worksample.tasks.choosing import choose, testable
from worksample.tasks.naming import task_name
from worksample.tasks.repository import Source
from worksample.tasks.ticket_tasks import TicketTask, make_ticket_task
from worksample.tasks.tickets import tickets_for

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
    return make_ticket_task(challenge, name, source, tickets, rng, with_each_defect=True)


def fixable(challenge: Challenge, answers: Answers, stack: str) -> list[Mutant]:
    """Return the mutants of a stack that tickets can be about.

    A test can find them every time, and which own tests they break is known.
    """
    measured = answers.broken_own_tests(stack)
    return [each for each in testable(challenge, answers.mutants(stack)) if each.id in measured]
