"""Tasks of the kind `fix`: a repository with defects, tickets about them, and what judges it."""

from __future__ import annotations

import json
import random
import tempfile
from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import Any

from worksample.catalogue import Challenge
from worksample.catalogue.answers import MUTANTS, Answers
from worksample.catalogue.mutants import Mutant
from worksample.catalogue.own_tests import broken_own_tests
from worksample.errors import UserError
from worksample.messages import message
from worksample.tasks.choosing import choose, testable
from worksample.tasks.history import Commit
from worksample.tasks.naming import task_name
from worksample.tasks.repository import VARIATIONS, Repository, Source, write_repository
from worksample.tasks.tickets import Ticket, tickets_for
from worksample.tasks.trees import Tree, patch
from worksample.tasks.variation import variations

KIND = "fix"
NEEDED_BY = "the kind of work fix"
_DOCUMENTS = "brief.md", "openapi.yaml"
REFERENCE, DEFECTS, START, FACTS = "reference", "defects", "start", "task.json"


@dataclass(frozen=True, slots=True)
class FixTask:
    """A task: the commits of its repository, its tickets, and the files that judge it.

    `sealed` has the repository as it is handed out (`start/`), and with other harmless changes
    without defects (`reference/`) and with that of one ticket (`defects/<number>/`); and
    `task.json`.
    """

    name: str
    commits: Sequence[Commit]
    tickets: Sequence[Ticket]
    sealed: Tree


@dataclass(frozen=True, slots=True)
class SealedTicket:
    """What is sealed of a ticket.

    The checks that find its defect, how many lines the smallest known fix changes, that fix as a
    patch, and the file and text of a reviewer's comment.
    """

    number: int
    title: str
    killed_by: tuple[str, ...]
    smallest: int
    fix: str
    where: str
    says: str


def make_fix_task(challenge: Challenge, answers: Answers, stack: str, seed: int) -> FixTask:
    """Make the task of a task seed. Raises `UserError` if the stack has no mutants for one."""
    name = task_name(challenge, KIND, stack, seed)
    rng = random.Random(name)  # noqa: S311 - not for secrets
    measured = _measured(answers, stack)
    mutants = _fixable(challenge, answers.mutants(stack), measured)
    if not mutants:
        raise UserError(
            message(
                "{challenge} has no defects to fix in {stack}.", challenge=challenge.id, stack=stack
            )
        )
    chosen = choose(mutants, rng)
    source = Source(
        answers, stack, frozenset(name for each in chosen for name in measured[each.id])
    )
    tickets = tickets_for(challenge, [(each, each.changed_lines) for each in chosen], rng)
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        repository = write_repository(source, chosen, place / "history", rng)
        fixes = smallest_fixes(source, chosen, repository, place)
        others = random.Random(f"{name}/sealed")  # noqa: S311 - not for secrets
        sealed = sealed_versions(source, tickets, place, others)
    documents = {path: (challenge.folder / path).read_bytes() for path in _DOCUMENTS}
    commits = [replace(each, tree={**documents, **each.tree}) for each in repository.commits]
    sealed |= {f"{START}/{path}": content for path, content in commits[-1].tree.items()}
    sealed[FACTS] = json.dumps(facts_of(tickets, fixes), indent=1).encode()
    return FixTask(name, commits, tickets, sealed)


def fixable(challenge: Challenge, answers: Answers, stack: str) -> list[Mutant]:
    """Return the mutants of a stack that tickets can be about.

    A test can find them every time, and which own tests they break is known.
    """
    return _fixable(challenge, answers.mutants(stack), _measured(answers, stack))


def sealed_tickets(facts: Mapping[str, Any]) -> list[SealedTicket]:
    """Return the tickets that `task.json` describes."""
    names = [each.name for each in fields(SealedTicket)]
    found = [{name: each[name] for name in names} for each in facts["tickets"]]
    return [SealedTicket(**{**each, "killed_by": tuple(each["killed_by"])}) for each in found]


def _measured(answers: Answers, stack: str) -> Mapping[str, tuple[str, ...]]:
    return broken_own_tests(answers.folder / MUTANTS / stack)


def _fixable(
    challenge: Challenge, mutants: Iterable[Mutant], measured: Container[str]
) -> list[Mutant]:
    return [each for each in testable(challenge, mutants) if each.id in measured]


def smallest_fixes(
    source: Source, mutants: Sequence[Mutant], repository: Repository, place: Path
) -> dict[str, str]:
    """Return, by mutant, the smallest known fix as a patch of the repository."""
    start = repository.commits[-1].tree
    found = {}
    for number, mutant in enumerate(mutants):
        left = [each for each in mutants if each is not mutant]
        fixed = source.tree(place / f"fixed-{number}", left, repository.varied)
        found[mutant.id] = patch(start, fixed)
    return found


def sealed_versions(
    source: Source, tickets: Sequence[Ticket], place: Path, rng: random.Random
) -> dict[str, bytes]:
    """Return the sealed versions of the server.

    They have other harmless changes than the repository: a test that looks into the source finds
    something else there.
    """
    varied = variations(source.copy(place / "clean"), rng, VARIATIONS)
    trees = {REFERENCE: source.tree(place / "reference", (), varied)}
    for each in tickets:
        planted = source.tree(place / f"defect-{each.number}", (each.mutant,), varied)
        trees[f"{DEFECTS}/{each.number}"] = planted
    return {f"{name}/{path}": tree[path] for name, tree in trees.items() for path in tree}


def facts_of(tickets: Sequence[Ticket], fixes: Mapping[str, str]) -> dict[str, Any]:
    """Return what `task.json` says of the tickets; `fixes` are patches by mutant."""
    return {
        "tickets": [
            {
                "number": each.number,
                "title": each.title,
                "mutant": each.mutant.id,
                "killed_by": each.mutant.killed_by,
                "smallest": each.smallest,
                "where": each.mutant.review_where,
                "says": each.mutant.review_says,
                "fix": fixes[each.mutant.id],
            }
            for each in tickets
        ]
    }
