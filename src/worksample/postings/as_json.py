"""The JSON output of `worksample plan`, documented in docs/plan.md (a test compares them)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from worksample.postings.ad_statistics import AdStatistics
from worksample.postings.model import Posting, Requirement
from worksample.postings.offers import Proof
from worksample.postings.planner import Plan, RequirementGroup, Step

VERSION = 1


def posting_data(posting: Posting) -> dict[str, Any]:
    """Return an ad as JSON-compatible data; offsets are characters in the extracted text."""
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
    """Return a plan as JSON-compatible data; `touched` numbers the steps from 1."""
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
        "shows": [
            {**_group_data(group), "checks": _proofs_data(offer.proofs_of(group.skills))}
            for group in step.shows
        ],
        "because": step.because,
        "command": offer.command,
    }


def _proofs_data(proofs: Iterable[Proof]) -> list[dict[str, Any]]:
    return [{"aspect": proof.aspect, "ids": list(proof.checks)} for proof in proofs]


def _group_data(group: RequirementGroup) -> dict[str, Any]:
    return {"any_of": list(group.skills), "level": group.level}


def statistics_data(statistics: AdStatistics) -> dict[str, Any]:
    """Return the statistics over all ads as JSON-compatible data."""
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
    """Yield the JSON document in chunks, so that memory does not grow with the number of ads.

    `plan_at_end` yields the entries after "postings" ("plan", "together", "failed") as
    dictionaries with one key. It is consumed after all postings.
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
