"""The work that the catalogue offers: a challenge, a kind of work and a stack, with its hours."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from worksample.errors import UserError
from worksample.messages import message
from worksample.skills import load


@dataclass(frozen=True, slots=True)
class Proof:
    """The checks of one aspect ("concurrency") by which a work gives evidence of a skill."""

    aspect: str
    checks: tuple[str, ...]


Proofs = Mapping[str, Collection[Proof]]
"""The proofs of each skill, by its id."""


@dataclass(frozen=True, slots=True)
class Work:
    """A kind of work that a challenge offers; `stacks` is empty where the work needs none.

    `rank` orders the kinds of work of a challenge, `skills` are those that the work gives evidence
    of in every stack, and `options` what starts it, beside challenge and stack. `proofs` holds the
    checks that give evidence of a skill: it counts as shown, named in `skills` or not.
    """

    challenge: str
    title: str
    kind: str
    hours: float
    stacks: Collection[str]
    skills: Collection[str]
    rank: int = 0
    options: str = ""
    proofs: Proofs = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Offer:
    """One piece of work in one stack; `gives` holds the skills that it gives evidence of.

    Some of them are shown by checks: `proofs`.
    """

    challenge: str
    title: str
    kind: str
    stack: str
    hours: float
    gives: frozenset[str]
    rank: int = 0
    options: str = ""
    proofs: Proofs = field(default_factory=dict, hash=False)

    def shows(self, skill: str) -> bool:
        """Return whether the work is evidence of a skill, or of a member of a general skill."""
        return skill in self.gives or bool(self.gives & set(load()[skill].umbrella_of))

    def proofs_of(self, skills: Collection[str]) -> list[Proof]:
        """Return the checks that show one of `skills` by aspect; if none does, those of members."""
        members = {member for skill in skills for member in load()[skill].umbrella_of}
        by_aspect: dict[str, dict[str, None]] = {}
        for skill in sorted(self.proofs.keys() & set(skills) or self.proofs.keys() & members):
            for proof in self.proofs[skill]:
                by_aspect.setdefault(proof.aspect, {}).update(dict.fromkeys(proof.checks))
        return [Proof(aspect, tuple(checks)) for aspect, checks in by_aspect.items()]

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
        own = {*work.skills, *work.proofs} & set(load())
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
                proofs=work.proofs,
            )


def in_stack(offers: Collection[Offer], stack: str) -> list[Offer]:
    """Return the offers in a stack ("": in any), and those that need none.

    Raises `UserError` if no work is offered in it.
    """
    if not stack:
        return list(offers)
    known = sorted({offer.stack for offer in offers} - {""})
    if stack not in known:
        raise UserError(
            message("There is no stack {stack} in the catalogue.", stack=repr(stack)),
            hint=message("Available stacks: {known}.", known=", ".join(known) or "none yet"),
        )
    return [offer for offer in offers if offer.stack in (stack, "")]
