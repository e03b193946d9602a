"""The work that the catalogue offers, as the planner needs it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cache

from worksample.catalogue import Challenge, load_all
from worksample.checks import Check
from worksample.errors import CatalogueError
from worksample.grading.kinds import DEFAULT_KIND, kinds
from worksample.postings.offers import Offer, Proof, Work, offers_of
from worksample.stacks import plan_skills

_ENOUGH_CHECKS = 5
"""A skill that fewer checks of a challenge name is touched by them, not shown."""


@cache
def all_offers() -> list[Offer]:
    """Return every kind of work of every challenge, in every stack.

    A kind of work that does not exist is left out; `catalogue validate` reports it.
    """
    return list(offers_of(_works(), plan_skills()))


def _works() -> Iterator[Work]:
    known = kinds()
    for challenge in load_all():
        for name, hours in challenge.kinds.items():
            if (kind := known.get(name)) is None:
                continue
            yield Work(
                challenge=challenge.id,
                title=challenge.title,
                kind=name,
                hours=hours,
                stacks=kind.stacks(challenge),
                skills=kind.skills(challenge),
                rank=kind.rank,
                options="" if name == DEFAULT_KIND else f"--kind {name}",
                proofs=_proofs(challenge) if name == DEFAULT_KIND else {},
            )


def _proofs(challenge: Challenge) -> dict[str, list[Proof]]:
    """Return the proofs of a challenge, none if its checks are broken: `validate` reports that."""
    try:
        return proofs_in(challenge.checks)
    except CatalogueError:
        return {}


def proofs_in(checks: Iterable[Check]) -> dict[str, list[Proof]]:
    """Return the skills that enough of `checks` name, each with its checks by aspect."""
    found: dict[str, dict[str, list[str]]] = {}
    for check in checks:
        for skill in check.skills:
            found.setdefault(skill, {}).setdefault(check.aspect.value, []).append(check.id)
    return {
        skill: [Proof(aspect, tuple(ids)) for aspect, ids in aspects.items()]
        for skill, aspects in found.items()
        if sum(map(len, aspects.values())) >= _ENOUGH_CHECKS
    }
