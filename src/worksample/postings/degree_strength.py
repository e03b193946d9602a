"""How strongly an ad asks for a degree: required, preferred, in progress, or an equivalent."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence
from functools import cache

from worksample.postings import lexicon
from worksample.postings.clauses import Clause
from worksample.postings.degree_mentions import (
    DegreeMention,
    find_mentions,
    is_vocational_choice,
    pattern,
)
from worksample.postings.model import Strength

_SHORT, _LONG = 9, 16
"""The maximum number of words of a sentence that only adds to the one before it: any one, or one
about experience."""


def strength_of(
    clause: Clause,
    run: Sequence[DegreeMention],
    bounds: tuple[int, int],
    section: str,
    technologies: Sequence[int],
) -> Strength:
    """Return how strongly a run of degrees is asked for.

    `bounds` are where its words begin and end in the clause. `technologies` holds the offsets, in
    order, at which the ad names technologies.
    """
    left, right = bounds
    text, start, end = clause.text, run[0].start, run[-1].end
    topic = _another_topic(clause, end, right, technologies)
    next_sentence = _next_sentence(clause)
    words = _words_on_strength(text, run, (left, right, topic))
    if section == "optional" or is_hedged(words) or pattern("softened").search(next_sentence):
        return "preferred"
    near = text[max(left, start - 60) : start]
    after = text[end:topic] + (clause.rest if topic == len(text) else "")
    if _has_equivalent(text[start:right]) or _has_equivalent(near) or _has_substitute(after):
        return "or-equivalent"
    if is_vocational_choice(text, run) or _has_equivalent(next_sentence):
        return "or-equivalent"
    return "in-progress" if pattern("in_progress").search(text[left:right]) else "required"


def is_hedged(text: str) -> bool:
    """Return whether a hedge is among the words: one for degrees, or one for any requirement."""
    return bool(pattern("hedge").search(text) or _any_hedge().search(text))


def _has_equivalent(text: str) -> bool:
    return bool(pattern("equivalent").search(text))


def _has_substitute(after: str) -> bool:
    """Return whether something else than a degree will do: "or proof that you can".

    `after` are the words after the degree. Another field of study is no substitute, nor is a
    degree that is still in progress.
    """
    match = pattern("substitute").match(after) or pattern("substitute_after_field").match(after)
    if not match:
        return False
    instead = pattern("further").split(after[match.end() :].strip(), maxsplit=1)[0]
    if pattern("in_progress").search(instead):
        return False
    if pattern("experience").search(instead):
        return True
    return bool(instead.strip()) and not pattern("field").search(instead)


def _another_topic(clause: Clause, end: int, right: int, technologies: Sequence[int]) -> int:
    """Return where the words of a clause between `end` and `right` turn to something else."""
    match = pattern("another_topic").search(clause.text, end, right)
    named = bisect_left(technologies, clause.start + end)
    first = technologies[named] - clause.start if named < len(technologies) else right
    return min(match.start() if match else right, first, right)


def _words_on_strength(
    text: str, run: Sequence[DegreeMention], bounds: tuple[int, int, int]
) -> str:
    """Return the words of a clause among which a hedge makes this run a preferred one.

    `bounds` are where the words of the run begin, where they end, and where they turn to another
    topic. Between two runs, "ideally" belongs to the second and "is a plus" to the first.
    """
    start, end = run[0].start, run[-1].end
    left, right, topic = bounds
    after = pattern("field_hedge").sub(" ", text[end : min(topic, end + 140)])
    before = text[max(left, start - 80) : start]
    prefix = pattern("prefix_hedge")
    if left:
        before = " ".join(match[0] for match in prefix.finditer(before))
    if topic == right < len(text):
        after = prefix.sub(" ", after)
    return f"{before} {text[start:end]} {after}"


def _next_sentence(clause: Clause) -> str:
    """Return the sentence after a clause, if it is in the same line and names no other degree."""
    sentence = re.split(r"[.!?;|]", clause.rest, maxsplit=1)[0]
    most = _LONG if pattern("experience").search(sentence) else _SHORT
    others = (m for m in find_mentions(sentence) if sentence[m.start : m.end] != "degree")
    return sentence if len(sentence.split()) <= most and not any(others) else ""


@cache
def _any_hedge() -> re.Pattern[str]:
    """Return the expression of the hedges that make a skill optional, in all languages."""
    words = (phrase.replace("*", r"\w*").replace(" ", r"\W+") for phrase in lexicon.hedges())
    return re.compile(r"\b(?:" + "|".join(words) + r")(?!\w)")
