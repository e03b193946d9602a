"""The work that the catalogue offers: a challenge, a kind of work and a stack, with its hours."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Protocol

from worksample.skills import load

KINDS: tuple[str, ...] = (
    "build", "test", "fix", "review", "speed-up", "design", "deploy", "solve",
)  # fmt: skip
"""The kinds of work, in the order in which they build on each other."""


class ChallengeLike(Protocol):
    """The attributes of a catalogue challenge that the planner uses."""

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
    """One piece of available work; `gives` holds the skills that it gives evidence of."""

    challenge: str
    title: str
    kind: str
    stack: str
    hours: float
    gives: frozenset[str]

    def shows(self, skill: str) -> bool:
        """Return whether the work is evidence of a skill, or of a member of a general skill."""
        return skill in self.gives or bool(self.gives & set(load()[skill].umbrella_of))

    @property
    def command(self) -> str:
        """The command that starts the work, or an empty string if there is none."""
        if self.kind != "build":
            return ""
        return f"worksample start {self.challenge} --stack {self.stack}"


def offers_of(
    challenges: Iterable[ChallengeLike], stack_skills: Mapping[str, Collection[str]]
) -> Iterator[Offer]:
    """Yield each kind of work in each stack of these challenges.

    "build" gives evidence of the skills of the challenge. The other kinds give evidence of the
    skills of that kind of work (`shown_by`). Each gives evidence of the skills of its stack:
    `stack_skills` maps a stack id to them.
    """
    for challenge in challenges:
        for kind, hours in challenge.kinds.items():
            by_kind = {s.id for s in load().values() if kind in s.shown_by}
            own = set(challenge.skills) & set(load()) if kind == "build" else set()
            for stack in challenge.stacks:
                gives = frozenset(own | by_kind | set(stack_skills.get(stack, ())))
                yield Offer(challenge.id, challenge.title, kind, stack, float(hours), gives)
