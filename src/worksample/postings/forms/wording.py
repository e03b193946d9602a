"""The same words in every form."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from worksample.postings.model import LEVELS, Degree, Level, Posting, Requirement
from worksample.postings.planner import Plan, RequirementGroup
from worksample.skills import load

LEVEL_LABELS: Mapping[Level, str] = {
    "required": "required",
    "optional": "optional",
    "used": "used by the team",
}
_DEGREES = {
    "bachelor": "a bachelor's degree",
    "master": "a master's degree",
    "other": "a degree or vocational training",
}
_STRENGTHS = {
    "required": "{}, required",
    "preferred": "{}, preferred",
    "or-equivalent": "{}, or equivalent experience",
    "in-progress": "{}, which may still be in progress",
}


def describe_degree(degree: Degree) -> str:
    """The degree in words."""
    return _STRENGTHS[degree.strength].format(_DEGREES[degree.level])


def describe_years(minimum: float) -> str:
    """A number of years in words."""
    if minimum < 1:
        return f"at least {round(minimum * 12)} months of experience"
    return f"at least {minimum:g} year{'' if minimum == 1 else 's'} of experience"


def facts(posting: Posting) -> list[str]:
    """What the ad asks apart from skills."""
    said = []
    if posting.years:
        said.append(describe_years(posting.years.minimum))
    if posting.degree:
        said.append(describe_degree(posting.degree))
    return said


def requirements_by_level(posting: Posting) -> Iterator[tuple[Level, list[list[Requirement]]]]:
    """The sure requirements by level, the members of a choice together, in the ad's order."""
    for level in LEVELS:
        groups: dict[str, list[Requirement]] = {}
        for requirement in posting.sure:
            if requirement.level == level:
                key = requirement.alternatives or requirement.skill
                groups.setdefault(key, []).append(requirement)
        if groups:
            yield level, list(groups.values())


def choice_name(members: list[Requirement]) -> str:
    """The name of a requirement, or of the choice that it is."""
    return RequirementGroup(tuple(m.skill for m in members), members[0].level, 0).name


def unsure(posting: Posting) -> list[Requirement]:
    """What may be meant, but is not assumed."""
    return [r for r in posting.requirements if r.unsure]


def describe_touched_skills(plan: Plan) -> Iterator[tuple[str, str]]:
    """(soft skill, which steps exercise it)."""
    for skill, steps in plan.touched.items():
        numbers = ", ".join(str(n) for n in steps)
        yield (
            load()[skill].name,
            f"exercised in step {numbers}" if steps else "no step of this plan exercises it",
        )
