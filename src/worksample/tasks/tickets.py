"""Tickets: a defect as somebody reports it who does not know the cause."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass

from worksample.catalogue import Challenge
from worksample.catalogue.mutants import Mutant
from worksample.messages import message
from worksample.tasks.people import REPORTERS, Reporter

FOLDER = "tickets"
BACKLOG = "backlog.md"
LOG_SUFFIX = ".log.txt"
_SMALL, _MEDIUM = 8, 20
_GUESSES = 0.4
_TICKET = """\
# Ticket {number}: {title}

From {name} ({role}). Estimate: {estimate}.

A customer writes:

> {symptom}

{name} adds: {matters}{guess}
{attached}
## Accepted when

- what the customer describes no longer happens;
{rules}- a test of this repository fails without the fix, and passes with it;
- everything else works as before.
"""
_ATTACHED = """
Operations attached what the server logged then: `{file}`, beside this ticket.
"""
_GUESS = " It may have to do with “{area}”, but I am guessing."
_RULE = "- rule {clause} of `brief.md` holds: {text}\n"
_BACKLOG = """\
# Backlog

{intro}

| ticket | from | estimate |
| --- | --- | --- |
{rows}

Fix them in any order. Each needs a regression test beside the tests that are there: one that fails
on the code as it is now, and passes on yours. `worksample check` judges both, and that nothing else
broke. Change as much or as little as you like: the size of a fix is shown, not judged.
"""


@dataclass(frozen=True, slots=True)
class Ticket:
    """A ticket, and how many lines the smallest known fix of its defect changes.

    `log` is what operations attached, "" if nothing was logged.
    """

    number: int
    mutant: Mutant
    smallest: int
    reporter: Reporter
    guess: str = ""
    log: str = ""

    @property
    def estimate(self) -> str:
        """How long the fix takes, roughly."""
        if self.smallest <= _SMALL:
            return "an hour"
        return "two hours" if self.smallest <= _MEDIUM else "half a day"

    @property
    def title(self) -> str:
        """The first sentence of the symptom."""
        first, dot, _ = self.mutant.symptom.partition(". ")
        return f"{first}." if dot else first


def tickets_for(
    challenge: Challenge, mutants: Sequence[tuple[Mutant, int]], rng: random.Random
) -> list[Ticket]:
    """Return a ticket for each of `mutants` with the size of its smallest known fix.

    Now and then the reporter guesses the cause, and is wrong.
    """
    reporters = rng.sample(REPORTERS, len(mutants))
    stage_of = {check.id: check.stage for check in challenge.checks}
    found = []
    for number, ((mutant, smallest), reporter) in enumerate(
        zip(mutants, reporters, strict=True), 1
    ):
        stages = {stage_of[name] for name in mutant.killed_by if name in stage_of}
        others = [each.title for each in challenge.stages[1:] if each.number not in stages]
        guess = rng.choice(others) if others and rng.random() < _GUESSES else ""
        found.append(Ticket(number, mutant, smallest, reporter, guess))
    return found


def ticket_files(challenge: Challenge, tickets: Sequence[Ticket]) -> dict[str, str]:
    """Return the texts of the tickets, of their logs, and of the backlog, by path."""
    files = {f"{FOLDER}/{each.number}.md": _text(challenge, each) for each in tickets}
    logs = {f"{FOLDER}/{_log_name(each)}": each.log for each in tickets if each.log}
    return {**files, **logs, BACKLOG: _backlog(tickets)}


def _log_name(ticket: Ticket) -> str:
    """Return a name that no .gitignore leaves out, as many do `*.log`."""
    return f"{ticket.number}{LOG_SUFFIX}"


def _text(challenge: Challenge, ticket: Ticket) -> str:
    clause_of = {check.id: check.clause for check in challenge.checks}
    clauses = dict.fromkeys(clause_of.get(name, "") for name in ticket.mutant.killed_by)
    rules = "".join(
        message(_RULE, clause=clause, text=" ".join(challenge.clauses[clause].split()))
        for clause in clauses
        if clause in challenge.clauses
    )
    return message(
        _TICKET,
        number=ticket.number,
        title=ticket.title,
        name=ticket.reporter.name,
        role=ticket.reporter.role,
        estimate=ticket.estimate,
        symptom=ticket.mutant.symptom,
        guess=message(_GUESS, area=ticket.guess) if ticket.guess else "",
        matters=ticket.reporter.matters,
        attached=message(_ATTACHED, file=_log_name(ticket)) if ticket.log else "",
        rules=rules,
    )


def _backlog(tickets: Sequence[Ticket]) -> str:
    rows = "\n".join(
        f"| [{each.number}]({FOLDER}/{each.number}.md): {each.title} "
        f"| {each.reporter.name}, {each.reporter.role} | {each.estimate} |"
        for each in tickets
    )
    intro = (
        "One ticket is open."
        if len(tickets) == 1
        else message("{count} tickets are open.", count=len(tickets))
    )
    return message(_BACKLOG, intro=intro, rows=rows)
