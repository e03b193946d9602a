"""Find where a text names skills, and drop what only looks like one."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from worksample.postings import lexicon
from worksample.postings.lexicon import NOTHING, Form
from worksample.postings.patterns import Match, longest
from worksample.postings.tokens import BREAK, Tokens
from worksample.skills import load

LIST_GLUE = re.compile(
    r"[\s,/|()*_`+&\"'‘’“”\[\].:\d-]*"
    r"(?:(?:and/or|and|or|und|oder|et|ou|y|o|e|oppure|i|oraz|lub|albo|e/o|y/o|e/ou|et/ou|und/oder)"
    r"[\s,*_`(]+)?",
    re.IGNORECASE,
)


_ASKED_FOR = frozenset(
    [
        "experience",
        "skills",
        "knowledge",
        "developer",
        "developers",
        "engineer",
        "engineers",
        "programming",
        "programmer",
        "development",
        "services",
        "microservices",
        "codebase",
        "backend",
        "applications",
        "ecosystem",
    ]
)


@dataclass(frozen=True, slots=True)
class Hit:
    """A skill named by the words `first` to `last`, both included."""

    skill: str
    first: int
    last: int
    unsure: bool = False


def find_hits(tokens: Tokens, language: str, company: str) -> list[Hit]:
    """Every place where a skill is named, in order.

    `company` is the employer's name as far as it is known: a tool of that name is believed
    only among other tools.
    """
    matches = [m for m in lexicon.skill_forms(language).find(tokens) if _as_written(tokens, m)]
    plain = longest(m for m in matches if not m.gapped)
    gapped = [m for m in matches if m.gapped]
    named = [m for m in [*plain, *gapped] if m.means.skill != NOTHING and not _vetoed(tokens, m)]
    strong = [_hit(m) for m in named if not m.means.weak]
    weak = [_weigh(tokens, m, strong) for m in named if m.means.weak]
    hits = _distinct([*strong, *(hit for hit in weak if hit is not None)])
    return _without_employer(tokens, hits, company)


def in_list(tokens: Tokens, hit: Hit, others: Iterable[Hit]) -> bool:
    """Whether `hit` stands next to another technology in a list."""
    return any(
        _neighbours(tokens, a, b)
        for other in others
        if other.skill != hit.skill and load()[other.skill].is_technology
        for a, b in ((hit, other), (other, hit))
    )


def _hit(match: Match[Form]) -> Hit:
    return Hit(match.means.skill, match.first, match.last, match.means.hint)


def _as_written(tokens: Tokens, match: Match[Form]) -> bool:
    written = match.means.written
    if not written:
        return True
    spelled = tokens.text[tokens.start[match.first] : tokens.end[match.last]]
    return spelled == written or (" " in written and " ".join(spelled.split()) == written)


def _vetoed(tokens: Tokens, match: Match[Form]) -> bool:
    _, before, after = lexicon.around(match.means.skill)
    return before.stand_after(tokens, match.last) or after.stand_before(tokens, match.first)


def _weigh(tokens: Tokens, match: Match[Form], strong: Sequence[Hit]) -> Hit | None:
    hit, skill = _hit(match), load()[match.means.skill]
    if _part_of_a_number(tokens, hit):
        return None
    near = [h for h in strong if abs(h.first - hit.first) < 16]
    if match.means.listed:
        return hit if _in_plain_list(tokens, hit, near) else None
    if in_list(tokens, hit, near):
        return hit
    first, last = _sentence(tokens, hit.first)
    first, last = max(first, hit.first - 40), min(last, hit.first + 40)
    if (first, last) == (hit.first, hit.last):
        return hit  # an item of a list, with nothing beside it
    if lexicon.around(skill.id)[0].any_in(tokens, first, last):
        return hit
    if hit.last + 1 < len(tokens) and tokens.key[hit.last + 1] in _ASKED_FOR:
        return hit
    if skill.mid_sentence and _capital_by_choice(tokens, hit.first):
        return hit
    return (
        None
        if skill.needs_list and not _capital_by_choice(tokens, hit.first)
        else replace(hit, unsure=True)
    )


def _in_plain_list(tokens: Tokens, hit: Hit, near: Iterable[Hit]) -> bool:
    """Whether a word that is mostly no name ("go", "react") stands among names in small letters."""
    return any(
        re.fullmatch(
            r"\s*[,/|]\s*(?:(?:or|and|o|ou|oder|und|y|e)\s+)?|\s+or\s+",
            tokens.between(a.last, b.first),
        )
        for other in near
        if load()[other.skill].kind in ("language", "framework")
        for a, b in ((hit, other), (other, hit))
        if a.last < b.first
    )


def _part_of_a_number(tokens: Tokens, hit: Hit) -> bool:
    after = hit.last + 1
    glued = after < len(tokens) and tokens.start[after] == tokens.end[hit.last]
    return glued and len(tokens.word(hit.last)) == 1 and tokens.key[after].isdigit()


def _capital_by_choice(tokens: Tokens, i: int) -> bool:
    if tokens.begins_sentence(i) or tokens.between(i - 1, i).strip(" *_`(") in ("“", '"', ":"):
        return False
    before = tokens.word(i - 1)
    after = tokens.word(i + 1) if i + 1 < len(tokens) and tokens.gap[i] != BREAK else ""
    titled = before[:1].isupper() and after[:1].isupper()
    return not titled


def _sentence(tokens: Tokens, i: int) -> tuple[int, int]:
    first = last = i
    while first and tokens.sentence[first - 1] == tokens.sentence[i]:
        first -= 1
    while last + 1 < len(tokens) and tokens.sentence[last + 1] == tokens.sentence[i]:
        last += 1
    return first, last


def _neighbours(tokens: Tokens, left: Hit, right: Hit) -> bool:
    if right.first <= left.last or right.first - left.last > 4:
        return False
    between = tokens.between(left.last, right.first)
    glued = (
        any(mark in between for mark in ",/|&+(") or " " in between.strip(" ") or between.strip()
    )
    on_lines = "\n" in between and not between.strip(" \n-*•")
    return bool(glued or on_lines) and bool(LIST_GLUE.fullmatch(between))


def _distinct(hits: Iterable[Hit]) -> list[Hit]:
    kept: list[Hit] = []
    taken: set[tuple[str, int]] = set()
    for hit in sorted(hits, key=lambda h: (h.unsure, h.first, h.first - h.last)):
        words = {(hit.skill, i) for i in range(hit.first, hit.last + 1)}
        if not words & taken:
            kept.append(hit)
            taken |= words
    return sorted(kept, key=lambda h: (h.first, h.last))


def _without_employer(tokens: Tokens, hits: list[Hit], company: str) -> list[Hit]:
    names = {hit.skill for hit in hits if _is_employer(tokens, hit, company)}
    if not names:
        return hits
    others = [hit for hit in hits if hit.skill not in names]
    return [hit for hit in hits if hit.skill not in names or _is_tool_here(tokens, hit, others)]


_SPEAKS_OF_FIRM = re.compile(
    r"^(?:'s|’s)?\s+(?:Labs|Inc|Ltd|GmbH|Corp|helps|was founded|engineer(?:s|ing team)|"
    r"is (?:a|an|the|on|hiring|looking|building))\b"
)
_LEADS_TO_FIRM = re.compile(
    r"(?:\b[Jj]oin(?:ing)?|\bAbout|\b[Cc]areers at|\b[Hh]ere at|\b[Ww]orking at|"
    r"(?:^|[.!?\n]\s*)At)\s+$"
)


def _is_employer(tokens: Tokens, hit: Hit, company: str) -> bool:
    skill = load()[hit.skill]
    if not skill.is_technology or skill.umbrella_of or skill.kind in ("api", "language"):
        return False
    if not tokens.word(hit.first)[0].isupper():
        return False
    start, end = tokens.start[hit.first], tokens.end[hit.last]
    if company and tokens.text[start:end].casefold() in company.casefold().split():
        return True
    after, before = tokens.text[end : end + 30], tokens.text[max(0, start - 14) : start]
    return bool(_SPEAKS_OF_FIRM.match(after) and not in_list(tokens, hit, [])) or bool(
        _LEADS_TO_FIRM.search(before)
    )


def _is_tool_here(tokens: Tokens, hit: Hit, others: Sequence[Hit]) -> bool:
    near = [h for h in others if abs(h.first - hit.first) < 16]
    before = " ".join(tokens.key[max(0, hit.first - 3) : hit.first])
    asked = re.search(
        r"\b(?:experience (?:with|in|using)|knowledge of|familiar\w* with|using)$", before
    )
    return in_list(tokens, hit, near) or bool(asked)
