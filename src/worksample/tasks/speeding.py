"""Tasks of the kind `speed-up`: a correct but slow server, a complaint, and what judges it."""

from __future__ import annotations

import json
import random
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from worksample.catalogue import Challenge
from worksample.catalogue.answers import Answers
from worksample.catalogue.mutants import Mutant
from worksample.catalogue.own_tests import broken_own_tests
from worksample.errors import UserError
from worksample.messages import message
from worksample.tasks.fixing import FACTS, START, facts_of, sealed_versions, smallest_fixes
from worksample.tasks.history import Commit
from worksample.tasks.naming import task_name
from worksample.tasks.repository import Source, write_repository
from worksample.tasks.tickets import Ticket, tickets_for
from worksample.tasks.trees import Tree

KIND = "speed-up"
NEEDED_BY = "the kind of work speed-up"
#: About how many rows the data set has in which the learner looks for the waste.
ROWS = 200_000
_DOCUMENTS = "brief.md", "openapi.yaml"


@dataclass(frozen=True, slots=True)
class SpeedTask:
    """A task: the commits of its repository, the complaint, and the files that judge it.

    `sealed` has the repository as it is handed out (`start/`), one without the defect and with
    other harmless changes (`reference/`), and `task.json`.
    """

    name: str
    commits: Sequence[Commit]
    ticket: Ticket
    sealed: Tree


def make_speed_task(challenge: Challenge, answers: Answers, stack: str, seed: int) -> SpeedTask:
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
    measured = broken_own_tests(answers.folder / "mutants" / stack)
    source = Source(answers, stack, frozenset(measured[mutant.id]))
    (ticket,) = tickets_for(challenge, [(mutant, mutant.changed_lines)], rng)
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        repository = write_repository(source, [mutant], place / "history", rng)
        fixes = smallest_fixes(source, [mutant], repository, place)
        others = random.Random(f"{name}/sealed")  # noqa: S311 - not for secrets
        sealed = sealed_versions(source, (), place, others)
    documents = {path: (challenge.folder / path).read_bytes() for path in _DOCUMENTS}
    commits = [replace(each, tree={**documents, **each.tree}) for each in repository.commits]
    sealed |= {f"{START}/{path}": content for path, content in commits[-1].tree.items()}
    sealed[FACTS] = json.dumps(facts_of([ticket], fixes), indent=1).encode()
    return SpeedTask(name, commits, ticket, sealed)


def slow_mutants(challenge: Challenge, answers: Answers, stack: str) -> list[Mutant]:
    """Return the mutants of a stack that do what they must, and waste work when they read.

    Which own tests they break is known.
    """
    measured = broken_own_tests(answers.folder / "mutants" / stack)
    return [
        each
        for each in answers.mutants(stack)
        if each.id in measured and challenge.waste_checks.issuperset(each.killed_by)
    ]
