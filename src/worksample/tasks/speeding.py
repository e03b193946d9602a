"""Tasks of the kind `speed-up`: a correct but slow server, and a complaint about it."""

from __future__ import annotations

import random

from worksample.catalogue import Challenge
from worksample.catalogue.answers import Answers
from worksample.catalogue.mutants import Mutant
from worksample.errors import UserError
from worksample.messages import message
from worksample.tasks.naming import task_name
from worksample.tasks.repository import Source
from worksample.tasks.ticket_tasks import TicketTask, make_ticket_task
from worksample.tasks.tickets import tickets_for

KIND = "speed-up"
NEEDED_BY = "the kind of work speed-up"
#: About how many rows the data set has in which the learner looks for the waste.
ROWS = 200_000


def make_speed_task(challenge: Challenge, answers: Answers, stack: str, seed: int) -> TicketTask:
    """Make the task of a task seed. Raises `UserError` if the stack has no slow mutant."""
    name = task_name(challenge, KIND, stack, seed)
    rng = random.Random(name)  # noqa: S311 - not for secrets
    mutants = slow_mutants(challenge, answers, stack)
    if not mutants:
        raise UserError(
            message(
                "{challenge} has nothing to speed up in {stack}.",
                challenge=challenge.id,
                stack=stack,
            )
        )
    mutant = rng.choice(mutants)
    source = Source.for_defects(answers, stack, [mutant])
    tickets = tickets_for(challenge, [(mutant, mutant.changed_lines)], rng)
    return make_ticket_task(challenge, name, source, tickets, rng, with_each_defect=False)


def slow_mutants(challenge: Challenge, answers: Answers, stack: str) -> list[Mutant]:
    """Return the mutants of a stack that do what they must, and waste work when they read.

    Which own tests they break is known.
    """
    measured = answers.broken_own_tests(stack)
    return [
        each
        for each in answers.mutants(stack)
        if each.id in measured and challenge.waste_checks.issuperset(each.killed_by)
    ]
