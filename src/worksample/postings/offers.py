"""What the catalogue offers a learner: a product, a kind of work and a stack, with its hours."""

from __future__ import annotations

import tomllib
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Protocol

from worksample.skills import load

KINDS: tuple[str, ...] = (
    "build", "test", "fix", "review", "speed-up", "design", "deploy", "solve",
)  # fmt: skip
"""The kinds of work in the order in which they build up."""


class ChallengeLike(Protocol):
    """What the planner needs to know of a challenge; the catalogue's own challenges fit."""

    @property
    def id(self) -> str: ...
    @property
    def title(self) -> str: ...
    @property
    def skills(self) -> Collection[str]: ...
    @property
    def kinds(self) -> Mapping[str, float]: ...
    @property
    def stacks(self) -> Collection[str]: ...


@dataclass(frozen=True, slots=True)
class Offer:
    """One piece of work that can be done now: `gives` holds the skills that it is evidence of."""

    challenge: str
    title: str
    kind: str
    stack: str
    hours: float
    gives: frozenset[str]

    def shows(self, skill: str) -> bool:
        """Whether it is evidence of this skill, or of a member of this umbrella."""
        return skill in self.gives or bool(self.gives & set(load()[skill].umbrella_of))

    @property
    def command(self) -> str:
        """What the learner types to begin, where that is possible."""
        if self.kind != "build":
            return ""
        return f"worksample start {self.challenge} --stack {self.stack}"


@cache
def stack_skills() -> Mapping[str, tuple[str, ...]]:
    """The skills that work in each stack gives evidence of."""
    text = (files("worksample.postings") / "data" / "stacks.toml").read_text("utf-8")
    return {stack: tuple(skills) for stack, skills in tomllib.loads(text).items()}


def offers_of(challenges: Iterable[ChallengeLike]) -> Iterator[Offer]:
    """Everything that these challenges offer: each kind of work in each stack.

    Building shows what the product is about; every other kind shows what that kind of work is
    about, and the language that it is done in.
    """
    for challenge in challenges:
        for kind, hours in challenge.kinds.items():
            by_kind = {s.id for s in load().values() if kind in s.shown_by}
            own = set(challenge.skills) & set(load()) if kind == "build" else set()
            for stack in challenge.stacks:
                gives = frozenset(own | by_kind | set(stack_skills().get(stack, ())))
                yield Offer(challenge.id, challenge.title, kind, stack, float(hours), gives)
