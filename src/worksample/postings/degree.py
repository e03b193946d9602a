"""Find the degree that an ad requires: its level and strength."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from worksample.postings.clauses import Clause, find_clauses
from worksample.postings.degree_denials import is_denied, is_liked_only
from worksample.postings.degree_holders import is_of_somebody_else
from worksample.postings.degree_mentions import (
    ACADEMIC,
    DegreeMention,
    find_mentions,
    group_mentions,
    is_choice,
    is_vocational_choice,
)
from worksample.postings.degree_strength import strength_of
from worksample.postings.layout import PLAIN, Layout
from worksample.postings.levels import IGNORED_SECTIONS
from worksample.postings.model import Degree, DegreeLevel
from worksample.postings.tokens import fold


def find_degree(text: str, layout: Layout, technologies: Sequence[int] = ()) -> Degree | None:
    """Return the degree that the ad requires, or None. The lowest sufficient level counts.

    `technologies` holds the offsets, in order, at which the text names technologies: what follows
    one of them in a clause says nothing about the degree before it.
    """
    found: list[Degree] = []
    denied = -1
    for clause in find_clauses(text, fold(text)):
        named = find_mentions(clause.text)
        if named and is_denied(clause, named):
            denied = clause.end
            continue
        original = text[clause.start : clause.end]
        mentions = [m for m in named if not is_of_somebody_else(original, clause, m)]
        degrees = _degrees_in(clause, mentions, layout, technologies) if mentions else ()
        found += (d for d in degrees if clause.start != denied or _is_academic_wish(d))
    firm = [degree for degree in found if degree.strength != "preferred"]
    return min(firm or found, key=_order, default=None)


def _is_academic_wish(degree: Degree) -> bool:
    """Return whether a degree may be asked for right after a denial ("No. But one helps.")."""
    return degree.strength == "preferred" and degree.level != "other"


def _order(degree: Degree) -> tuple[int, int]:
    return ("bachelor", "master", "other").index(degree.level), degree.start


def _degrees_in(
    clause: Clause,
    mentions: Sequence[DegreeMention],
    layout: Layout,
    technologies: Sequence[int],
) -> Iterator[Degree]:
    """Yield the degrees of a clause, one for all that are alternatives of each other."""
    runs = group_mentions(clause.text, mentions)
    for number, run in enumerate(runs):
        left = runs[number - 1][-1].end if number else 0
        right = runs[number + 1][0].start if number + 1 < len(runs) else len(clause.text)
        start = clause.start + run[0].start
        section = _section(clause, layout, start)
        if section in (*IGNORED_SECTIONS, "company"):
            continue
        if is_liked_only(clause.text, run):
            section = "optional"
        strength = strength_of(clause, run, (left, right), section, technologies)
        yield Degree(_level(clause.text, run), strength, start, clause.start + run[-1].end)


def _section(clause: Clause, layout: Layout, position: int) -> str:
    """Return the section at `position`. A question about degrees is a heading of its own."""
    asked = "?" in clause.text and find_mentions(clause.text[: clause.text.find("?")])
    return PLAIN if asked else layout.section_at(position)


def _level(text: str, run: Sequence[DegreeMention]) -> DegreeLevel:
    kinds = {mention.kind for mention in run}
    if "short" in kinds:
        return "other"
    if "bachelor" in kinds or is_choice(text, run, "plain", "master"):
        return "bachelor"
    if "master" in kinds:
        return "master"
    if kinds & ACADEMIC and ("vocational" not in kinds or is_vocational_choice(text, run)):
        return "bachelor"
    return "other"
