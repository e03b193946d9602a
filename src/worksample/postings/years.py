"""Find the minimum years of experience that an ad requires.

The highest required minimum counts. Preferred numbers, the age of a company, notice periods and
days per week do not count.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from worksample.postings import lexicon
from worksample.postings.layout import TITLE, Layout
from worksample.postings.levels import IGNORED_SECTIONS
from worksample.postings.model import Years
from worksample.postings.sentences import CONTRAST
from worksample.postings.tokens import fold

_MAX_YEARS = 25
_NUMBER_START = r"(?:(?<![\w.,/$€£-])|(?<=[^\W\d]{4})(?=\d))"
"""Not within a number, an amount or a range; after a word only where its line break was lost."""
_NO_UNIT = re.compile(
    rf"{_NUMBER_START}(?P<n>\d{{1,2}})\s?\+\s+(?:of\s+)?(?:professional\s+|hands-on\s+|relevant\s+|work\s+)?"
    r"(?:experience|doswiadczeni\w+|erfahrung|d'experience|de experi[ee]ncia|esperienza)"
)
_CJK_YEARS = re.compile(rf"{_NUMBER_START}(?P<n>\d{{1,2}})\s*(?:[-–~]\s*\d{{1,2}}\s*)?(?:年|년)")
_MONTHS = re.compile(
    rf"{_NUMBER_START}(?P<n>\d{{1,2}})\s*\+?\s*(?:months?|monate?n?|mois|meses|mesi|miesiecy)\b"
)
_DEGREE = re.compile(
    r"\b(?:degree|bachelor\w*|master\w*|bs|ms|bsc|msc|phd|studium|diploma|laurea|licenciatura|bac)\b"
)
_OR_INSTEAD = re.compile(r"\b(?:or|oder|ou|o|oppure|lub|in lieu of)\b([^.,]{0,40})$")
_CONTINUATION = re.compile(r"\b(?:and|with|plus|und|mit|et|avec|y|con|e|com|i|field|discipline)\b")
_RANGE = r"-|–|—|to|bis|a|do|or|/|ou|oder|und|and|et|y|o|u|e"
_BEFORE_UNIT = r"full|solid|good|additional|volle|or more|oder mehr|ou plus"
_CLAUSE_ENDS = (". ", "\n", "; ", "! ", "? ", "•")


def find_years(text: str, layout: Layout, hedged_spans: list[tuple[int, int]]) -> Years | None:
    """Return the required years of experience, or None.

    `hedged_spans` holds the character spans in which a hedge ("a plus", "ideally") applies.
    """
    folded = fold(text)
    best: Years | None = None
    for found in _candidates(folded):
        section = layout.section_at(found.start)
        if section in IGNORED_SECTIONS or section in ("optional", "company"):
            continue
        if any(a <= found.start < b for a, b in hedged_spans) or not _is_requirement(
            folded, found, section, layout.section_start(found.start)
        ):
            continue
        if best is None or found.minimum > best.minimum:
            best = found
    return best


def _candidates(folded: str) -> Iterator[Years]:
    for match in _pattern("year_or_two").finditer(folded):
        yield Years(1, match.start(), match.end())
    for pattern, divisor in ((_years(), 1), (_NO_UNIT, 1), (_CJK_YEARS, 1), (_MONTHS, 12)):
        for match in pattern.finditer(folded):
            number = _value(match["n"]) / divisor
            if 0 < number <= _MAX_YEARS:
                yield Years(round(number, 2), match.start(), match.end())


def _value(word: str) -> float:
    numbers = lexicon.years()["numbers"]
    return float(numbers[word] if word in numbers else word.replace(",", "."))


def _is_requirement(folded: str, found: Years, section: str, section_start: int) -> bool:
    begin, end = _clause(folded, found)
    begin = max(begin, section_start)
    before, after = folded[begin : found.start], folded[found.end : end]
    if _pattern("age").search(before[-40:]) or _is_instead_of_degree(before):
        return False
    if re.match(rf"\s*(?:{_pattern('age_after').pattern})", after):
        return False
    if section == TITLE:
        return True
    own = _pattern("own").search(before)
    if own and "your" not in before and "you " not in before:
        return False
    if section in ("required", "tasks"):
        return True
    return not own and bool(_pattern("experience").search(f"{before} {after}"))


def _clause(folded: str, found: Years) -> tuple[int, int]:
    begin = max(folded.rfind(mark, 0, found.start) for mark in _CLAUSE_ENDS)
    if folded[found.start - 1 : found.start].isalpha():
        begin = found.start - 1  # the line break before the number was lost
    ends = [at for mark in _CLAUSE_ENDS if (at := folded.find(mark, found.end)) >= 0]
    return max(begin, -1) + 1, min(ends, default=len(folded))


def _is_instead_of_degree(before: str) -> bool:
    """Return whether the years are an alternative to a degree ("... degree or 4 years")."""
    last = _OR_INSTEAD.search(before)
    if _DEGREE.search(before) is None or last is None or CONTRAST.search(before):
        return False
    return not _CONTINUATION.search(last[1])


@cache
def _pattern(group: str) -> re.Pattern[str]:
    parts = "|".join(lexicon.years()["patterns"][group])
    if group in ("experience", "age_after"):
        return re.compile(parts)
    return re.compile(rf"(?:\b|^)(?:{parts})(?!\w)")


@cache
def _years() -> re.Pattern[str]:
    words = "|".join(sorted(lexicon.years()["numbers"], key=len, reverse=True))
    unit = "|".join(lexicon.years()["patterns"]["unit"])
    return re.compile(
        rf"{_NUMBER_START}(?P<n>\d{{1,2}}(?:[.,]5)?|(?<!\w)(?:{words}))\s*(?:\(\d+\)\s*)?"
        r"(?:\+|plus|or more|o mas|ou mais)?\s*"
        rf"(?:(?:{_RANGE})\s*(?:\d{{1,2}}|(?:{words})\b)\s*\+?\s*)?"
        rf"(?:\(?s?\)?\s*|-\s*|(?:{_BEFORE_UNIT})\s+)?"
        rf"(?:{unit})\b\+?"
    )
