"""Find the degree that an ad requires: its level and strength."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from worksample.postings import lexicon
from worksample.postings.layout import Layout
from worksample.postings.levels import IGNORED_SECTIONS
from worksample.postings.model import Degree, DegreeLevel, Strength
from worksample.postings.tokens import fold

_LEVEL_PATTERNS: tuple[tuple[str, DegreeLevel], ...] = (
    ("bachelor", "bachelor"),
    ("master", "master"),
    ("plain", "bachelor"),
    ("other", "other"),
)
"""The pattern groups with their level, from the lowest sufficient level up."""

_CLAUSE_END = re.compile(r"\n|[!?;•]|\s-(?=[a-z])|(?<![.\s][a-z])(?<!\b[a-z])\.(?=\s)")
_HIGHER_DEGREE = r"(?:m\.?sc\.?|master\W?s?|ph\.?d\.?|ms|m\.s\.)"
_HIGHER_DEGREE_PREFERRED = re.compile(
    rf"\((?:preferably |ideally )?(?:a )?{_HIGHER_DEGREE}[^)]{{0,40}}\)"
    rf"|[;,] (?:a )?{_HIGHER_DEGREE}(?: degree)? (?:is )?(?:a plus|preferred|would be|desir)"
)
"""A preferred higher degree. The required lower degree in the same clause stays required."""

_PREFILTER = re.compile(
    r"degree|bachelor|master|schwerpunkt|informatik|abschluss|sc\b|"
    r"\b[bm]\.?[aes]\b|\bms|\bbs|b\.?tech|b\.e|ph\.?d|doctora|bac ?\+|"
    r"stud|ausbildung|informatiker|diplom|ingeni|ecole|licen|titul|grad|universit|egres|bachiller|"
    r"cursand|profesional|superior|bachar|formad|formac|formation|laurea|wyksztalcenie|inzynier|magist|"
    r"mestrado|maestria|perito|tecnic|education|school|\bged\b|bootcamp|bts|dut\b|ciclo|medio|nivel|本科|学士|硕士|大专"
)
"""A fast prefilter: a clause that does not match contains no degree."""


def find_degree(text: str, layout: Layout) -> Degree | None:
    """Return the degree that the ad requires, or None. The lowest sufficient level counts."""
    folded = fold(text)
    found = [d for clause in _clauses(folded) if (d := _degree_in_clause(folded, *clause, layout))]
    firm = [d for d in found if d.strength != "preferred"]
    return min(firm or found, key=_order, default=None)


def _order(degree: Degree) -> tuple[int, int]:
    return ("bachelor", "master", "other").index(degree.level), degree.start


def _clauses(folded: str) -> Iterator[tuple[int, int]]:
    """Yield the span of each sentence of each line; a dot in an abbreviation does not end one."""
    begin = 0
    for match in _CLAUSE_END.finditer(folded):
        yield begin, match.end()
        begin = match.end()
    yield begin, len(folded)


def _degree_in_clause(folded: str, begin: int, end: int, layout: Layout) -> Degree | None:
    clause = folded[begin:end]
    found = _level_of(clause) if _PREFILTER.search(clause) else None
    if found is None:
        return None
    level, match = found
    section = layout.section_at(begin + match.start())
    if section in (*IGNORED_SECTIONS, "company"):
        return None
    bare = _HIGHER_DEGREE_PREFERRED.sub(lambda m: " " * len(m[0]), clause)
    strength = _strength(bare, match, section)
    if strength == "required" and _pattern("equivalent").search(_rest_of_line(folded, end)):
        strength = "or-equivalent"
    return strength and Degree(level, strength, begin + match.start(), begin + match.end())


def _rest_of_line(folded: str, end: int) -> str:
    """Return the sentence after a clause, if it is in the same line and about no degree."""
    rest = folded[end : end + 120].split("\n")[0] if folded[end - 1 : end] != "\n" else ""
    sentence = re.split(r"[.!?;]", rest, maxsplit=1)[0]
    return "" if _level_of(sentence) else sentence


def _level_of(clause: str) -> tuple[DegreeLevel, re.Match[str]] | None:
    for group, level in _LEVEL_PATTERNS:
        for match in _pattern(group).finditer(clause):
            around = clause[max(0, match.start() - 12) : match.end() + 6]
            if not _pattern("false").search(around):
                return level, match
    return None


def _strength(clause: str, match: re.Match[str], section: str) -> Strength | None:
    if _pattern("none").search(clause):
        return None
    topic = _pattern("another_topic").search(clause, match.end())
    end = topic.start() if topic else len(clause)
    around = clause[max(0, match.start() - 80) : min(end, match.end() + 140)]
    if section == "optional" or _pattern("hedge").search(around):
        return "preferred"
    before = clause[: match.start()][-60:]
    equivalent = _pattern("equivalent")
    if equivalent.search(clause[match.start() :]) or equivalent.search(before):
        return "or-equivalent"
    return "in-progress" if _pattern("in_progress").search(clause) else "required"


@cache
def _pattern(group: str) -> re.Pattern[str]:
    return re.compile("|".join(f"(?:{part})" for part in lexicon.degrees()[group]))
