"""Find the degree that an ad requires: its level and strength."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise

from worksample.postings import lexicon
from worksample.postings.clauses import Clause, find_clauses
from worksample.postings.layout import Layout
from worksample.postings.levels import IGNORED_SECTIONS
from worksample.postings.model import Degree, DegreeLevel, Strength
from worksample.postings.tokens import fold

_KINDS = ("short", "bachelor", "vocational", "doctorate", "master", "plain", "diplom")
"""The pattern groups of degrees; of two that overlap, the one that is listed first counts."""

_ACADEMIC = frozenset(("bachelor", "master", "plain", "diplom"))
_SHORT, _LONG = 9, 16
"""The maximum number of words of a sentence that only adds to the one before it: any one, or one
about experience."""


@dataclass(frozen=True, slots=True)
class _Mention:
    """A degree that a clause names: its pattern group, and its span in the clause."""

    kind: str
    start: int
    end: int


def find_degree(text: str, layout: Layout, technologies: Sequence[int] = ()) -> Degree | None:
    """Return the degree that the ad requires, or None. The lowest sufficient level counts.

    `technologies` holds the offsets, in order, at which the text names technologies: what follows
    one of them in a clause says nothing about the degree before it.
    """
    found: list[Degree] = []
    for clause in find_clauses(text, fold(text)):
        found += _degrees_in(clause, layout, technologies)
    firm = [degree for degree in found if degree.strength != "preferred"]
    return min(firm or found, key=_order, default=None)


def _order(degree: Degree) -> tuple[int, int]:
    return ("bachelor", "master", "other").index(degree.level), degree.start


def _degrees_in(clause: Clause, layout: Layout, technologies: Sequence[int]) -> Iterator[Degree]:
    """Yield the degrees of a clause, one for all that are alternatives of each other."""
    mentions = _mentions(clause.text)
    if not mentions or _pattern("none").search(clause.text):
        return
    question = clause.text.rfind("?")
    if question >= 0 and _pattern("no").match(clause.text, question + 1):
        return
    runs = _runs(clause.text, mentions)
    for number, run in enumerate(runs):
        left = runs[number - 1][-1].end if number else 0
        right = runs[number + 1][0].start if number + 1 < len(runs) else len(clause.text)
        start = clause.start + run[0].start
        section = layout.section_at(start)
        if section in (*IGNORED_SECTIONS, "company"):
            continue
        topic = _another_topic(clause, run[-1].end, right, technologies)
        strength = _strength(clause, run, (left, right, topic), section)
        yield Degree(_level(clause.text, run), strength, start, clause.start + run[-1].end)


def _mentions(text: str) -> list[_Mention]:
    """Return the degrees that a clause names. A label counts only if nothing else is named."""
    if not _any_kind().search(text):
        return []
    found: list[_Mention] = []
    for kind in _KINDS:
        for match in _pattern(kind).finditer(text):
            around = text[max(0, match.start() - 14) : match.end() + 14]
            overlaps = any(match.start() < m.end and m.start < match.end() for m in found)
            if not overlaps and not _pattern("false").search(around):
                found.append(_Mention(kind, match.start(), match.end()))
    found.sort(key=lambda mention: mention.start)
    first = found[0] if found else None
    if first and len(found) > 1 and first.kind == "plain" and _is_label(text, first):
        return found[1:]
    return found


def _is_label(text: str, mention: _Mention) -> bool:
    """Return whether a degree is named before a colon or a bar, as the label of what follows."""
    return bool(re.match(r"\W*[:|]", text[mention.end :])) and len(text[: mention.end].split()) < 5


def _runs(text: str, mentions: Sequence[_Mention]) -> list[list[_Mention]]:
    """Group the degrees between which nothing says how strongly they are asked for."""
    runs = [[mentions[0]]]
    ends = [mention.start for mention in mentions[2:]] + [len(text)]
    for (one, other), end in zip(pairwise(mentions), ends, strict=False):
        if _are_apart(text, one, other, end):
            runs.append([other])
        else:
            runs[-1].append(other)
    return runs


def _are_apart(text: str, one: _Mention, other: _Mention, end: int) -> bool:
    """Return whether two degrees are asked for with a strength each.

    "BSc (MSc preferred)" is two; `end` is where the words after the second degree end.
    """
    between = text[one.end : other.start]
    if _pattern("separator").search(between):
        return True
    higher = other.kind in ("master", "doctorate") and one.kind in ("bachelor", "plain")
    hedged = _pattern("hedge").search(text[other.end : min(end, other.end + 40)])
    return bool(higher and hedged and not _pattern("joint").search(between))


def _level(text: str, run: Sequence[_Mention]) -> DegreeLevel:
    kinds = {mention.kind for mention in run}
    if "short" in kinds:
        return "other"
    if "bachelor" in kinds or _is_choice(text, run, "plain", "master"):
        return "bachelor"
    if "master" in kinds:
        return "master"
    if kinds & _ACADEMIC and ("vocational" not in kinds or _is_vocational_choice(text, run)):
        return "bachelor"
    return "other"


def _is_vocational_choice(text: str, run: Sequence[_Mention]) -> bool:
    """Return whether vocational training will do instead of an academic degree."""
    return any(
        _is_choice(text, run, academic, "vocational")
        or _is_choice(text, run, "vocational", academic)
        for academic in _ACADEMIC
    )


def _is_choice(text: str, run: Sequence[_Mention], first: str, second: str) -> bool:
    return any(
        (one.kind, other.kind) == (first, second)
        and _pattern("or").search(text[one.end : other.start + 1])
        for one, other in pairwise(run)
    )


def _another_topic(clause: Clause, end: int, right: int, technologies: Sequence[int]) -> int:
    """Return where the words of a clause between `end` and `right` turn to something else."""
    match = _pattern("another_topic").search(clause.text, end, right)
    named = bisect_left(technologies, clause.start + end)
    first = technologies[named] - clause.start if named < len(technologies) else right
    return min(match.start() if match else right, first, right)


def _strength(
    clause: Clause, run: Sequence[_Mention], bounds: tuple[int, int, int], section: str
) -> Strength:
    """Return how strongly a run of degrees is asked for.

    `bounds` are where its words begin, where they end, and where they turn to another topic.
    """
    text, start = clause.text, run[0].start
    left, right, _ = bounds
    next_sentence = _next_sentence(clause)
    hedged = _pattern("hedge").search(_words_on_strength(text, run, bounds))
    if section == "optional" or hedged or _pattern("softened").search(next_sentence):
        return "preferred"
    equivalent = _pattern("equivalent")
    near = text[max(left, start - 60) : start]
    if equivalent.search(text, start, right) or equivalent.search(near):
        return "or-equivalent"
    if _is_vocational_choice(text, run) or equivalent.search(next_sentence):
        return "or-equivalent"
    return "in-progress" if _pattern("in_progress").search(text[left:right]) else "required"


def _words_on_strength(text: str, run: Sequence[_Mention], bounds: tuple[int, int, int]) -> str:
    """Return the words of a clause among which a hedge makes this run a preferred one.

    Between two runs, "ideally" belongs to the second and "is a plus" to the first.
    """
    start, end = run[0].start, run[-1].end
    left, right, topic = bounds
    after = _pattern("field_hedge").sub(" ", text[end : min(topic, end + 140)])
    before = text[max(left, start - 80) : start]
    prefix = _pattern("prefix_hedge")
    if left:
        before = " ".join(match[0] for match in prefix.finditer(before))
    if topic == right < len(text):
        after = prefix.sub(" ", after)
    return f"{before} {text[start:end]} {after}"


def _next_sentence(clause: Clause) -> str:
    """Return the sentence after a clause, if it is in the same line and names no degree."""
    sentence = re.split(r"[.!?;|]", clause.rest, maxsplit=1)[0]
    most = _LONG if _pattern("experience").search(sentence) else _SHORT
    return sentence if len(sentence.split()) <= most and not _mentions(sentence) else ""


@cache
def _any_kind() -> re.Pattern[str]:
    return re.compile("|".join(_pattern(kind).pattern for kind in _KINDS))


@cache
def _pattern(group: str) -> re.Pattern[str]:
    return re.compile("|".join(f"(?:{part})" for part in lexicon.degrees()[group]))
