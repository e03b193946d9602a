"""The wording that all output formats share."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from worksample.messages import message
from worksample.postings.model import LEVELS, Degree, Level, Posting, Requirement
from worksample.postings.planner import Plan, RequirementGroup, Step
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
    "required": "{degree}, required",
    "preferred": "{degree}, preferred",
    "or-equivalent": "{degree}, or equivalent experience",
    "in-progress": "{degree}, which may still be in progress",
}


def describe_degree(degree: Degree) -> str:
    """Return a description of a degree."""
    return message(_STRENGTHS[degree.strength], degree=_DEGREES[degree.level])


def describe_years(minimum: float) -> str:
    """Return a description of the minimum years of experience."""
    if minimum < 1:
        return message("at least {months} months of experience", months=round(minimum * 12))
    if minimum == 1:
        return "at least 1 year of experience"
    return message("at least {minimum} years of experience", minimum=f"{minimum:g}")


def describe_proofs(step: Step, group: RequirementGroup) -> str:
    """Return which checks of a step show a requirement ("by 37 checks of concurrency"), or ""."""
    proofs = sorted(step.offer.proofs_of(group.skills), key=lambda proof: -len(proof.checks))
    if not proofs:
        return ""
    return message(
        "by checks of {aspects}",
        aspects=", ".join(f"{proof.aspect} ({len(proof.checks)})" for proof in proofs),
    )


def facts(posting: Posting) -> list[str]:
    """Return descriptions of the requirements other than skills: years and degree."""
    said = []
    if posting.years:
        said.append(describe_years(posting.years.minimum))
    if posting.degree:
        said.append(describe_degree(posting.degree))
    return said


def requirements_by_level(posting: Posting) -> Iterator[tuple[Level, list[list[Requirement]]]]:
    """Yield (level, groups): the sure requirements in the order of the ad, grouped by choice."""
    for level in LEVELS:
        groups: dict[str, list[Requirement]] = {}
        for requirement in posting.sure:
            if requirement.level == level:
                key = requirement.alternatives or requirement.skill
                groups.setdefault(key, []).append(requirement)
        if groups:
            yield level, list(groups.values())


def choice_name(members: list[Requirement]) -> str:
    """Return the display name of a requirement or choice."""
    return RequirementGroup(tuple(m.skill for m in members), members[0].level, 0).name


def unsure(posting: Posting) -> list[Requirement]:
    """Return the unsure requirements, which are displayed but not planned."""
    return [r for r in posting.requirements if r.unsure]


def describe_touched_skills(plan: Plan) -> Iterator[tuple[str, str]]:
    """Yield (name of the soft skill, the steps that exercise it)."""
    for skill, steps in plan.touched.items():
        numbers = ", ".join(str(n) for n in steps)
        yield (
            load()[skill].name,
            message("exercised in step {numbers}", numbers=numbers)
            if steps
            else "no step of this plan exercises it",
        )
