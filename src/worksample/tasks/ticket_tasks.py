"""A repository with defects and tickets about them, and what is sealed to judge the work on it."""

from __future__ import annotations

import random
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

from worksample.catalogue import Challenge
from worksample.tasks.facts import facts_file
from worksample.tasks.history import Commit
from worksample.tasks.repository import (
    VARIATIONS,
    Repository,
    Source,
    with_documents,
    write_repository,
)
from worksample.tasks.tickets import Ticket
from worksample.tasks.trees import Tree, patch
from worksample.tasks.variation import variations

REFERENCE, DEFECTS, START = "reference", "defects", "start"


@dataclass(frozen=True, slots=True)
class TicketTask:
    """A task: the commits of its repository, its tickets, and the files that judge it.

    `sealed` has the repository as it is handed out (`start/`), one with other harmless changes and
    without defects (`reference/`), the same with the defect of one ticket where that is wanted
    (`defects/<number>/`), and `task.json`.
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


def make_ticket_task(
    challenge: Challenge,
    name: str,
    source: Source,
    tickets: Sequence[Ticket],
    rng: random.Random,
    *,
    with_each_defect: bool,
) -> TicketTask:
    """Make the task `name`: a repository with the defects of `tickets`, and its sealed files.

    `with_each_defect`: whether the sealed files have a version with each of the defects alone.
    """
    chosen = [each.mutant for each in tickets]
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        repository = write_repository(source, chosen, place / "history", rng)
        fixes = _smallest_fixes(source, tickets, repository, place)
        others = random.Random(f"{name}/sealed")  # noqa: S311 - not for secrets
        sealed = _sealed_versions(source, tickets if with_each_defect else (), place, others)
    commits = with_documents(challenge, repository.commits)
    sealed |= {f"{START}/{path}": content for path, content in commits[-1].tree.items()}
    sealed |= facts_file(_facts_of(tickets, fixes))
    return TicketTask(name, commits, tickets, sealed)


def sealed_tickets(facts: Mapping[str, Any]) -> list[SealedTicket]:
    """Return the tickets that `task.json` describes."""
    names = [each.name for each in fields(SealedTicket)]
    found = [{name: each[name] for name in names} for each in facts["tickets"]]
    return [SealedTicket(**{**each, "killed_by": tuple(each["killed_by"])}) for each in found]


def _smallest_fixes(
    source: Source, tickets: Sequence[Ticket], repository: Repository, place: Path
) -> dict[int, str]:
    """Return, by ticket, the smallest known fix as a patch of the repository."""
    start = repository.commits[-1].tree
    found = {}
    for ticket in tickets:
        left = [each.mutant for each in tickets if each is not ticket]
        fixed = source.tree(place / f"fixed-{ticket.number}", left, repository.varied)
        found[ticket.number] = patch(start, fixed)
    return found


def _sealed_versions(
    source: Source, tickets: Sequence[Ticket], place: Path, rng: random.Random
) -> dict[str, bytes]:
    """Return the reference, and a version with the defect of each of `tickets`.

    They have other harmless changes than the repository: a test that looks into the source finds
    something else there.
    """
    varied = variations(source.copy(place / "clean"), rng, VARIATIONS)
    trees = {REFERENCE: source.tree(place / "reference", (), varied)}
    for each in tickets:
        planted = source.tree(place / f"defect-{each.number}", (each.mutant,), varied)
        trees[f"{DEFECTS}/{each.number}"] = planted
    return {f"{name}/{path}": tree[path] for name, tree in trees.items() for path in tree}


def _facts_of(tickets: Sequence[Ticket], fixes: Mapping[int, str]) -> dict[str, Any]:
    """Return what `task.json` says of the tickets; `fixes` are patches by ticket."""
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
                "fix": fixes[each.number],
            }
            for each in tickets
        ]
    }
