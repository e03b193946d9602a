"""Plan the work that gives evidence of an ad's requirements (a weighted greedy set cover).

Each step covers requirements that no earlier step covers. Required skills weigh more than
optional ones, and optional ones more than those that the team uses. Requirements that no work in
the catalogue covers are listed as uncovered.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from worksample.messages import join_or, message
from worksample.postings.model import LEVELS, Level, Posting, Requirement
from worksample.postings.offers import Offer, in_stack
from worksample.skills import load

LEVEL_WEIGHTS: Mapping[Level, float] = {"required": 4.0, "optional": 1.5, "used": 0.5}
"""The gain of covering a requirement, by level."""


@dataclass(frozen=True, slots=True)
class RequirementGroup:
    """One requirement to cover: a skill, or alternatives of which one is enough.

    `weight` is the gain of covering it.
    """

    skills: tuple[str, ...]
    level: Level
    weight: float

    @property
    def name(self) -> str:
        """The name to display: "Go", or "Java, Go or Python"."""
        return join_or(load()[skill].name for skill in self.skills)

    @property
    def is_soft(self) -> bool:
        """Whether all skills are soft skills, which are displayed but not scored."""
        return all(load()[skill].kind == "soft" for skill in self.skills)

    def is_covered_by(self, offer: Offer) -> bool:
        """Return whether the work is evidence of one of the skills."""
        return any(offer.shows(skill) for skill in self.skills)


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a plan: the work, the requirements that it covers, and a one-line reason."""

    offer: Offer
    shows: tuple[RequirementGroup, ...]
    because: str


@dataclass(frozen=True, slots=True)
class Plan:
    """The steps in order, and the requirements that they leave uncovered.

    `touched` maps each soft skill to the numbers (from 1) of the steps that exercise it. `beyond`
    holds the steps that exceed the available hours.
    """

    steps: tuple[Step, ...] = ()
    uncovered: tuple[RequirementGroup, ...] = ()
    touched: Mapping[str, tuple[int, ...]] = field(default_factory=dict)
    beyond: tuple[Step, ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def hours(self) -> float:
        """The total hours of all steps."""
        return sum(step.offer.hours for step in self.steps)


def group_requirements(requirements: Iterable[Requirement]) -> list[RequirementGroup]:
    """Group requirements by choice, ordered by level and then by position in the ad."""
    by_key: dict[str, list[Requirement]] = {}
    for requirement in requirements:
        if not requirement.unsure:
            key = requirement.alternatives or f"skill {requirement.skill}"
            by_key.setdefault(key, []).append(requirement)
    groups = [_group(members) for members in by_key.values()]
    return sorted(groups, key=lambda group: LEVELS.index(group.level))


def _group(members: Sequence[Requirement]) -> RequirementGroup:
    level = min((m.level for m in members), key=LEVELS.index)
    return RequirementGroup(tuple(m.skill for m in members), level, LEVEL_WEIGHTS[level])


def plan_for(
    posting: Posting, offers: Collection[Offer], *, stack: str = "", hours: float = 0
) -> Plan:
    """Return the plan for one ad. An ad for a job outside backend work gets no plan.

    `stack` restricts the work to one stack (raises UserError if the catalogue does not have it).
    `hours` limits the total hours (0: no limit).
    """
    if not posting.is_backend:
        soft = tuple(a for a in group_requirements(posting.requirements) if a.is_soft)
        note = message(
            "No plan: this ad looks like {role}, and the catalogue has backend work only.",
            role=posting.role,
        )
        return Plan(notes=(note,), touched={s: () for a in soft for s in a.skills})
    return plan(group_requirements(posting.requirements), offers, stack=stack, hours=hours)


def plan(
    groups: Sequence[RequirementGroup],
    offers: Collection[Offer],
    *,
    stack: str = "",
    hours: float = 0,
) -> Plan:
    """Return the plan that covers these requirements; see `plan_for` for the options."""
    chosen = _pick_stacks(in_stack(offers, stack), groups)
    technical = [group for group in groups if not group.is_soft]
    steps, beyond = _split_by_hours(_greedy_cover(technical, chosen), hours)
    shown = {group for step in (*steps, *beyond) for group in step.shows}
    uncovered = tuple(group for group in technical if group not in shown)
    touched = {
        skill: tuple(n for n, s in enumerate(steps, 1) if s.offer.kind in load()[skill].touched_by)
        for group in groups
        if group.is_soft
        for skill in group.skills
    }
    return Plan(
        steps, uncovered, touched, beyond, tuple(_notes(technical, offers, steps, beyond, hours))
    )


def _pick_stacks(offers: Sequence[Offer], groups: Sequence[RequirementGroup]) -> list[Offer]:
    """For each piece of work, keep the stack that covers most; for ties the same for all."""
    weight_by_stack = {
        stack: sum(
            a.weight for a in groups if any(a.is_covered_by(o) for o in offers if o.stack == stack)
        )
        for stack in sorted({offer.stack for offer in offers} - {""}, reverse=True)
    }
    order = sorted(weight_by_stack, key=lambda stack: -weight_by_stack[stack])
    preferred = (
        ("python-fastapi",)
        if order and _all_equal(weight_by_stack) and "python-fastapi" in order
        else ()
    )
    rank = {stack: number for number, stack in enumerate((*preferred, *order))}
    best: dict[tuple[str, str], Offer] = {}
    for offer in sorted(offers, key=lambda o: rank.get(o.stack, 0), reverse=True):
        best[offer.challenge, offer.kind] = offer
    return list(best.values())


def _all_equal(weight_by_stack: Mapping[str, float]) -> bool:
    return len(set(weight_by_stack.values())) == 1


def _greedy_cover(groups: Sequence[RequirementGroup], offers: Sequence[Offer]) -> list[Step]:
    """Greedy set cover: repeatedly take the work with the largest uncovered weight."""
    remaining, uncovered = list(offers), list(groups)
    taken: list[tuple[Offer, list[RequirementGroup]]] = []
    while remaining:
        gains = [(o, [a for a in uncovered if a.is_covered_by(o)]) for o in remaining]
        offer, gain = max(gains, key=lambda pair: (_total_weight(pair[1]), -pair[0].hours))
        if not gain:
            break
        taken.append((offer, gain))
        remaining.remove(offer)
        uncovered = [group for group in uncovered if group not in gain]
    return _order_steps(taken, groups)


def _total_weight(groups: Iterable[RequirementGroup]) -> float:
    return sum(group.weight for group in groups)


def _order_steps(
    taken: Sequence[tuple[Offer, list[RequirementGroup]]], groups: Sequence[RequirementGroup]
) -> list[Step]:
    """Order by level; within a challenge, "build" comes before the kinds that build on it."""
    strongest_level = {
        o.challenge: min(
            LEVELS.index(a.level) for x, g in taken if x.challenge == o.challenge for a in g
        )
        for o, _ in taken
    }
    first = {offer.challenge: number for number, (offer, _) in reversed(list(enumerate(taken)))}

    def sort_key(pair: tuple[Offer, list[RequirementGroup]]) -> tuple[int, int, int]:
        offer = pair[0]
        return strongest_level[offer.challenge], first[offer.challenge], offer.rank

    required = sum(group.level == "required" for group in groups)
    return [
        Step(o, tuple(gain), _reason(gain, required)) for o, gain in sorted(taken, key=sort_key)
    ]


def _reason(gain: Sequence[RequirementGroup], required: int) -> str:
    firm = [group for group in gain if group.level == "required"]
    names = ", ".join(group.name for group in (firm or gain)[:4])
    more = len(firm or gain) - 4
    if more > 0:
        names = message("{names} and {more} more", names=names, more=more)
    if firm:
        return message(
            "It covers {count} of {required} required skills: {names}.",
            count=len(firm),
            required=required,
            names=names,
        )
    return message(
        "It covers {names}: not required, but not covered by an earlier step.", names=names
    )


def _split_by_hours(
    steps: Sequence[Step], hours: float
) -> tuple[tuple[Step, ...], tuple[Step, ...]]:
    """Return (the steps that fit into `hours`, the others); the first step always fits."""
    if not hours:
        return tuple(steps), ()
    fitting: list[Step] = []
    beyond: list[Step] = []
    for step in steps:
        spent = sum(s.offer.hours for s in fitting)
        fits = spent + step.offer.hours <= hours
        (fitting if fits else beyond).append(step)
    if not fitting and beyond:
        fitting.append(beyond.pop(0))
    return tuple(fitting), tuple(beyond)


def _notes(
    groups: Sequence[RequirementGroup],
    offers: Collection[Offer],
    steps: Sequence[Step],
    beyond: Sequence[Step],
    hours: float,
) -> Iterable[str]:
    languages = [a for a in groups if a.level == "required" and _is_language(a)]
    stacks = {step.offer.stack for step in (*steps, *beyond)} - {""}
    if languages and stacks and not any(a.is_covered_by(o) for a in languages for o in offers):
        yield message(
            "The catalogue has no stack for {language} yet. The work is the same in "
            "any stack. This plan uses {stacks}; you can also check a project of "
            "your own.",
            language=languages[0].name,
            stacks=", ".join(sorted(stacks)),
        )
    if hours and steps and steps[0].offer.hours > hours:
        yield message(
            "The first step takes {needed} hours, more than your {hours}: work stage "
            "by stage, each can be checked on its own (worksample check --stage 1).",
            needed=f"{steps[0].offer.hours:g}",
            hours=f"{hours:g}",
        )
    if beyond:
        spare = min(step.offer.hours for step in beyond)
        yield message(
            "{count} more step(s) did not fit into your hours; the next takes {spare}.",
            count=len(beyond),
            spare=f"{spare:g}",
        )
    if not steps and not beyond and groups:
        yield "Nothing in the catalogue covers the requirements of this ad yet."


def _is_language(group: RequirementGroup) -> bool:
    return any(
        load()[s].kind == "language" and s not in ("sql", "html-css", "shell") for s in group.skills
    )
