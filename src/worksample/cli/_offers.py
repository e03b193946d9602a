"""The work that the catalogue offers, as the planner needs it."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

from worksample.catalogue import load_all
from worksample.grading.kinds import DEFAULT_KIND, kinds
from worksample.postings.offers import Offer, Work, offers_of
from worksample.stacks import plan_skills


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
            )
