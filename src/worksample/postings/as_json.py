"""The published JSON of `worksample plan`; docs/plan.md describes it, a test holds it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from worksample.postings.ad_statistics import AdStatistics
from worksample.postings.model import Posting, Requirement
from worksample.postings.planner import Plan, RequirementGroup, Step

VERSION = 1


def posting_data(posting: Posting) -> dict[str, Any]:
    """One ad as plain data. Offsets count characters of its text as it was read."""
    degree = posting.degree
    return {
        "source": posting.source.name,
        "title": posting.title,
        "is_backend": posting.is_backend,
        "role": posting.role,
        "language": posting.language,
        "requirements": [_requirement_data(r) for r in posting.requirements],
        "min_years": _number(posting.years.minimum) if posting.years else None,
        "degree": {"level": degree.level, "strength": degree.strength} if degree else None,
        "notes": list(posting.notes),
    }


def _requirement_data(requirement: Requirement) -> dict[str, Any]:
    return {
        "skill": requirement.skill,
        "level": requirement.level,
        "alternatives": requirement.alternatives,
        "quote": requirement.quote,
        "start": requirement.start,
        "end": requirement.end,
        "unsure": requirement.unsure,
        "because": requirement.because,
    }


def plan_data(plan: Plan) -> dict[str, Any]:
    """A plan as plain data; `touched` counts steps from 1."""
    return {
        "hours": _number(plan.hours),
        "steps": [_step_data(step) for step in plan.steps],
        "beyond": [_step_data(step) for step in plan.beyond],
        "uncovered": [_group_data(group) for group in plan.uncovered],
        "touched": [{"skill": s, "steps": list(n)} for s, n in plan.touched.items()],
        "notes": list(plan.notes),
    }


def _step_data(step: Step) -> dict[str, Any]:
    offer = step.offer
    return {
        "challenge": offer.challenge,
        "title": offer.title,
        "kind": offer.kind,
        "stack": offer.stack,
        "hours": _number(offer.hours),
        "shows": [_group_data(group) for group in step.shows],
        "because": step.because,
        "command": offer.command,
    }


def _group_data(group: RequirementGroup) -> dict[str, Any]:
    return {"any_of": list(group.skills), "level": group.level}


def statistics_data(statistics: AdStatistics) -> dict[str, Any]:
    """What many ads ask together, as plain data."""
    return {
        "ads": statistics.ads,
        "not_backend": statistics.not_backend,
        "skills": [{"skill": r.skill, "ads": r.ads, **dict(r.levels)} for r in statistics.rows()],
        "min_years": {f"{_number(y)}": n for y, n in sorted(statistics.years.items())},
        "degree": dict(statistics.degrees.most_common()),
        "languages": dict(statistics.languages.most_common()),
    }


def json_chunks(
    postings: Iterator[Posting], plan_at_end: Iterator[dict[str, Any]]
) -> Iterator[bytes]:
    """The JSON object piece by piece, so that any number of ads needs the memory of one.

    `plan_at_end` gives the objects after the ads ("plan", "together", "failed") as
    one-key dictionaries, and is asked only when all ads have passed.
    """
    import orjson

    yield b'{"version": %d, "postings": [' % VERSION
    for number, posting in enumerate(postings):
        yield (b",\n" if number else b"\n") + orjson.dumps(posting_data(posting))
    yield b"\n]"
    for entry in plan_at_end:
        for key, value in entry.items():
            yield b',\n"%s": ' % key.encode() + orjson.dumps(value)
    yield b"}\n"


def _number(value: float) -> int | float:
    return int(value) if value == int(value) else value
