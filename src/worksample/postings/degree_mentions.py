"""The degrees that a clause names, and which of them belong together."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise

from worksample.postings import lexicon

_KINDS = ("short", "bachelor", "vocational", "doctorate", "master", "plain", "diplom")
"""The pattern groups of degrees; of two that overlap, the one that is listed first counts."""

_WORD = re.compile(r"\w*")

ACADEMIC = frozenset(("bachelor", "master", "plain", "diplom"))


@dataclass(frozen=True, slots=True)
class DegreeMention:
    """A degree that a clause names: its pattern group, and its span in the clause."""

    kind: str
    start: int
    end: int


@cache
def pattern(group: str) -> re.Pattern[str]:
    """Return the regular expression of a group of `degrees.toml`."""
    return re.compile("|".join(f"(?:{part})" for part in lexicon.degrees()[group]))


@cache
def _any_kind() -> re.Pattern[str]:
    return re.compile("|".join(pattern(kind).pattern for kind in _KINDS))


def find_mentions(text: str) -> list[DegreeMention]:
    """Return the degrees that a clause names. A label counts only if nothing else is named."""
    if not _any_kind().search(text):
        return []
    found: list[DegreeMention] = []
    for kind in _KINDS:
        for match in pattern(kind).finditer(text):
            around = text[max(0, match.start() - 14) : match.end() + 14]
            overlaps = any(match.start() < m.end and m.start < match.end() for m in found)
            if not overlaps and not pattern("false").search(around):
                found.append(DegreeMention(kind, match.start(), _end_of_word(text, match.end())))
    found.sort(key=lambda mention: mention.start)
    first = found[0] if found else None
    if first and len(found) > 1 and first.kind == "plain" and _is_label(text, first):
        return found[1:]
    return found


def _end_of_word(text: str, at: int) -> int:
    """Return where the word ends that goes on at `at`, if one does."""
    found = _WORD.match(text, at)
    return found.end() if found else at


def _is_label(text: str, mention: DegreeMention) -> bool:
    """Return whether a degree is named as the label of what follows.

    A label ends in a colon or a bar ("Required degree |"), or is a question with an answer.
    """
    label = re.match(r"(?: [^\W\d]+){0,2}\W*[:|]", text[mention.end :])
    if label and len(text[: mention.end].split()) < 5:
        return True
    return 0 <= text.find("?", mention.end) < len(text.rstrip()) - 1


def group_mentions(text: str, mentions: Sequence[DegreeMention]) -> list[list[DegreeMention]]:
    """Group the degrees between which nothing says how strongly they are asked for."""
    runs = [[mentions[0]]]
    ends = [mention.start for mention in mentions[2:]] + [len(text)]
    for (one, other), end in zip(pairwise(mentions), ends, strict=False):
        if _are_apart(text, one, other, end):
            runs.append([other])
        else:
            runs[-1].append(other)
    return runs


def _are_apart(text: str, one: DegreeMention, other: DegreeMention, end: int) -> bool:
    """Return whether two degrees are asked for with a strength each.

    "BSc (MSc preferred)" is two; `end` is where the words after the second degree end.
    """
    between = text[one.end : other.start]
    if pattern("separator").search(between):
        return True
    higher = other.kind in ("master", "doctorate") and one.kind in ("bachelor", "plain")
    hedged = pattern("hedge").search(text[other.end : min(end, other.end + 40)])
    return bool(higher and hedged and not pattern("joint").search(between))


def is_choice(text: str, run: Sequence[DegreeMention], first: str, second: str) -> bool:
    """Return whether a degree of the kind `first` and one of the kind `second` are alternatives."""
    return any(
        (one.kind, other.kind) == (first, second)
        and pattern("or").search(text[one.end : other.start + 1])
        for one, other in pairwise(run)
    )


def is_vocational_choice(text: str, run: Sequence[DegreeMention]) -> bool:
    """Return whether vocational training will do instead of an academic degree."""
    return any(
        is_choice(text, run, academic, "vocational") or is_choice(text, run, "vocational", academic)
        for academic in ACADEMIC
    )
