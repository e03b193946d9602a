"""The work that the catalogue offers: a challenge, a kind of work and a stack, with its hours."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass

from worksample.messages import message
from worksample.skills import load


@dataclass(frozen=True, slots=True)
class Work:
    """A kind of work that a challenge offers; `stacks` is empty where the work needs none.

    `rank` orders the kinds of work of a challenge, `skills` are those that the work gives evidence
    of in every stack, and `options` what starts it, beside challenge and stack.
    """

    challenge: str
    title: str
    kind: str
    hours: float
    stacks: Collection[str]
    skills: Collection[str]
    rank: int = 0
    options: str = ""


@dataclass(frozen=True, slots=True)
class Offer:
    """One piece of work in one stack; `gives` holds the skills that it gives evidence of."""

    challenge: str
    title: str
    kind: str
    stack: str
    hours: float
    gives: frozenset[str]
    rank: int = 0
    options: str = ""

    def shows(self, skill: str) -> bool:
        """Return whether the work is evidence of a skill, or of a member of a general skill."""
        return skill in self.gives or bool(self.gives & set(load()[skill].umbrella_of))

    @property
    def full_title(self) -> str:
        """The title with the stack, if the work needs one: "Conduit in python-fastapi"."""
        if not self.stack:
            return self.title
        return message("{title} in {stack}", title=self.title, stack=self.stack)

    @property
    def command(self) -> str:
        """The command that starts the work."""
        stack = f"--stack {self.stack}" if self.stack else ""
        return " ".join(filter(None, ("worksample start", self.challenge, self.options, stack)))


def offers_of(
    works: Iterable[Work], stack_skills: Mapping[str, Collection[str]]
) -> Iterator[Offer]:
    """Yield each work in each of its stacks.

    It gives evidence of its own skills, of those that name its kind in the vocabulary (`shown_by`),
    and of those of its stack: `stack_skills` maps a stack id to them.
    """
    for work in works:
        by_kind = {skill.id for skill in load().values() if work.kind in skill.shown_by}
        own = set(work.skills) & set(load())
        for stack in work.stacks or ("",):
            yield Offer(
                challenge=work.challenge,
                title=work.title,
                kind=work.kind,
                stack=stack,
                hours=work.hours,
                gives=frozenset(own | by_kind | set(stack_skills.get(stack, ()))),
                rank=work.rank,
                options=work.options,
            )
