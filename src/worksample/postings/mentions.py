"""Find skill mentions (named-entity recognition with a lexicon) and reject false ones."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from worksample.postings import lexicon
from worksample.postings.lexicon import NOT_A_SKILL, SkillForm
from worksample.postings.patterns import Match, longest_matches
from worksample.postings.tokens import BREAK, Tokens
from worksample.skills import load

LIST_SEPARATOR = re.compile(
    r"[\s,/|()*_`+&\"'‘’“”\[\].:\d-]*"
    r"(?:(?:and/or|and|or|und|oder|et|ou|y|o|e|oppure|i|oraz|lub|albo|e/o|y/o|e/ou|et/ou|und/oder)"
    r"[\s,*_`(]+)?",
    re.IGNORECASE,
)

_REQUIREMENT_WORDS = frozenset(
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
"""Words that confirm an ambiguous form right before them ("Go experience")."""


@dataclass(frozen=True, slots=True)
class Mention:
    """A mention of a skill: the indexes of its `first` and `last` word (inclusive)."""

    skill: str
    first: int
    last: int
    unsure: bool = False


def find_mentions(tokens: Tokens, language: str, company: str) -> list[Mention]:
    """Return every mention of a skill, in the order of the text.

    `company` is the employer's name, or empty. A tool with the employer's name counts only in a
    list of other tools or after words such as "experience with".
    """
    matches = [
        m for m in lexicon.skill_forms(language).find(tokens) if _has_required_spelling(tokens, m)
    ]
    plain = longest_matches(m for m in matches if not m.gapped)
    gapped = [m for m in matches if m.gapped]
    named = [
        m
        for m in [*plain, *gapped]
        if m.value.skill != NOT_A_SKILL and not _is_ruled_out(tokens, m)
    ]
    strong = [_mention(m) for m in named if not m.value.weak]
    weak = [_resolve_weak_form(tokens, m, strong) for m in named if m.value.weak]
    mentions = _without_overlaps([*strong, *(mention for mention in weak if mention is not None)])
    return _without_employer_mentions(tokens, mentions, company)


def is_in_list(tokens: Tokens, mention: Mention, others: Iterable[Mention]) -> bool:
    """Return whether `mention` is next to another technology in a list."""
    return any(
        _are_adjacent_in_list(tokens, a, b)
        for other in others
        if other.skill != mention.skill and load()[other.skill].is_technology
        for a, b in ((mention, other), (other, mention))
    )


def _mention(match: Match[SkillForm]) -> Mention:
    return Mention(match.value.skill, match.first, match.last, match.value.hint)


def _has_required_spelling(tokens: Tokens, match: Match[SkillForm]) -> bool:
    spelling = match.value.spelling
    if not spelling:
        return True
    spelled = tokens.text[tokens.start[match.first] : tokens.end[match.last]]
    return spelled == spelling or (" " in spelling and " ".join(spelled.split()) == spelling)


def _is_ruled_out(tokens: Tokens, match: Match[SkillForm]) -> bool:
    _, before, after = lexicon.context_words(match.value.skill)
    return before.follow(tokens, match.last) or after.precede(tokens, match.first)


def _resolve_weak_form(
    tokens: Tokens, match: Match[SkillForm], strong: Sequence[Mention]
) -> Mention | None:
    mention, skill = _mention(match), load()[match.value.skill]
    if _is_part_of_number(tokens, mention):
        return None
    near = [h for h in strong if abs(h.first - mention.first) < 16]
    if match.value.only_in_list:
        return mention if _is_in_lowercase_list(tokens, mention, near) else None
    if is_in_list(tokens, mention, near):
        return mention
    first, last = _sentence_bounds(tokens, mention.first)
    first, last = max(first, mention.first - 40), min(last, mention.first + 40)
    if (first, last) == (mention.first, mention.last):
        return mention  # the only word of a list item
    if lexicon.context_words(skill.id)[0].occur_in(tokens, first, last):
        return mention
    if mention.last + 1 < len(tokens) and tokens.key[mention.last + 1] in _REQUIREMENT_WORDS:
        return mention
    if skill.mid_sentence and _is_capitalized_mid_sentence(tokens, mention.first):
        return mention
    return (
        None
        if skill.needs_list and not _is_capitalized_mid_sentence(tokens, mention.first)
        else replace(mention, unsure=True)
    )


def _is_in_lowercase_list(tokens: Tokens, mention: Mention, near: Iterable[Mention]) -> bool:
    """Return whether a lower-case word ("go", "react") is in a list of other technologies."""
    return any(
        re.fullmatch(
            r"\s*[,/|]\s*(?:(?:or|and|o|ou|oder|und|y|e)\s+)?|\s+or\s+",
            tokens.between(a.last, b.first),
        )
        for other in near
        if load()[other.skill].kind in ("language", "framework")
        for a, b in ((mention, other), (other, mention))
        if a.last < b.first
    )


def _is_part_of_number(tokens: Tokens, mention: Mention) -> bool:
    after = mention.last + 1
    glued = after < len(tokens) and tokens.start[after] == tokens.end[mention.last]
    return glued and len(tokens.word(mention.last)) == 1 and tokens.key[after].isdigit()


def _is_capitalized_mid_sentence(tokens: Tokens, i: int) -> bool:
    if tokens.begins_sentence(i) or tokens.between(i - 1, i).strip(" *_`(") in ("“", '"', ":"):
        return False
    before = tokens.word(i - 1)
    after = tokens.word(i + 1) if i + 1 < len(tokens) and tokens.gap[i] != BREAK else ""
    titled = before[:1].isupper() and after[:1].isupper()
    return not titled


def _sentence_bounds(tokens: Tokens, i: int) -> tuple[int, int]:
    first = last = i
    while first and tokens.sentence[first - 1] == tokens.sentence[i]:
        first -= 1
    while last + 1 < len(tokens) and tokens.sentence[last + 1] == tokens.sentence[i]:
        last += 1
    return first, last


def _are_adjacent_in_list(tokens: Tokens, left: Mention, right: Mention) -> bool:
    if right.first <= left.last or right.first - left.last > 4:
        return False
    between = tokens.between(left.last, right.first)
    glued = (
        any(mark in between for mark in ",/|&+(") or " " in between.strip(" ") or between.strip()
    )
    on_lines = "\n" in between and not between.strip(" \n-*•")
    return bool(glued or on_lines) and bool(LIST_SEPARATOR.fullmatch(between))


def _without_overlaps(mentions: Iterable[Mention]) -> list[Mention]:
    kept: list[Mention] = []
    taken: set[tuple[str, int]] = set()
    for mention in sorted(mentions, key=lambda h: (h.unsure, h.first, h.first - h.last)):
        words = {(mention.skill, i) for i in range(mention.first, mention.last + 1)}
        if not words & taken:
            kept.append(mention)
            taken |= words
    return sorted(kept, key=lambda h: (h.first, h.last))


def _without_employer_mentions(
    tokens: Tokens, mentions: list[Mention], company: str
) -> list[Mention]:
    names = {mention.skill for mention in mentions if _is_employer_name(tokens, mention, company)}
    if not names:
        return mentions
    others = [mention for mention in mentions if mention.skill not in names]
    return [
        mention
        for mention in mentions
        if mention.skill not in names or _is_meant_as_tool(tokens, mention, others)
    ]


_AFTER_EMPLOYER_NAME = re.compile(
    r"^(?:'s|’s)?\s+(?:Labs|Inc|Ltd|GmbH|Corp|helps|was founded|engineer(?:s|ing team)|"
    r"is (?:a|an|the|on|hiring|looking|building))\b"
)
_BEFORE_EMPLOYER_NAME = re.compile(
    r"(?:\b[Jj]oin(?:ing)?|\bAbout|\b[Cc]areers at|\b[Hh]ere at|\b[Ww]orking at|"
    r"(?:^|[.!?\n]\s*)At)\s+$"
)


def _is_employer_name(tokens: Tokens, mention: Mention, company: str) -> bool:
    skill = load()[mention.skill]
    if not skill.is_technology or skill.umbrella_of or skill.kind in ("api", "language"):
        return False
    if not tokens.word(mention.first)[0].isupper():
        return False
    start, end = tokens.start[mention.first], tokens.end[mention.last]
    if company and tokens.text[start:end].casefold() in company.casefold().split():
        return True
    after, before = tokens.text[end : end + 30], tokens.text[max(0, start - 14) : start]
    return bool(_AFTER_EMPLOYER_NAME.match(after) and not is_in_list(tokens, mention, [])) or bool(
        _BEFORE_EMPLOYER_NAME.search(before)
    )


def _is_meant_as_tool(tokens: Tokens, mention: Mention, others: Sequence[Mention]) -> bool:
    near = [h for h in others if abs(h.first - mention.first) < 16]
    before = " ".join(tokens.key[max(0, mention.first - 3) : mention.first])
    asked = re.search(
        r"\b(?:experience (?:with|in|using)|knowledge of|familiar\w* with|using)$", before
    )
    return is_in_list(tokens, mention, near) or bool(asked)
