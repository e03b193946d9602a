"""Find the choices of an ad: "Java, Go or Python" is one requirement with three answers."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from worksample.postings.hits import Hit
from worksample.postings.sentences import Sentence
from worksample.postings.tokens import Tokens
from worksample.skills import load

_AS_LANGUAGES = frozenset(("nodejs", "dotnet"))
_FAMILIES = {"relational-db": "data", "nosql": "data", "cache": "data"}
_OR = re.compile(r"(?:^|[\s,/])(?:and/or|or|oder|bzw\.?|ou|u|o|oppure|lub|albo|czy|e/o|y/o|e/ou|et/ou|und/oder|either)(?=$|[\s*_`(])", re.I)
_AND = re.compile(r"(?:^|\s)(?:and|und|et|y|e|i|oraz|&|\+|as well as|sowie)(?=$|\s)", re.I)
_GLUE = re.compile(
    r"[\s,/|*_`\"'‘’“”.\d()\[\]+-]*"
    r"(?:(?:and/or|or|oder|bzw\.?|ou|u|o|oppure|lub|albo|czy|e/o|y/o|e/ou|et/ou|und/oder|and|und|et|y|e|i|oraz|&)"
    r"(?:\s+(?:even|similar|other|any|preferably|better|ideally|maybe|equivalent|else|in|with))?[\s*_`(]*)?",
    re.I,
)


def choices_in(sentence: Sentence) -> Iterator[tuple[Hit, ...]]:
    """The groups of skills of which one is enough, as this sentence says."""
    for run in _runs(sentence):
        yield from _groups(sentence, run)


def _runs(sentence: Sentence) -> Iterator[list[Hit]]:
    """Skills in a row with nothing but the signs of a list between them."""
    run: list[Hit] = []
    for hit in sentence.hits:
        if run and hit.first <= run[-1].last:
            continue
        if run and not _GLUE.fullmatch(_between(sentence.tokens, run[-1], hit)):
            yield run
            run = []
        run.append(hit)
    yield run


def _between(tokens: Tokens, left: Hit, right: Hit) -> str:
    return tokens.between(left.last, right.first)


def _groups(sentence: Sentence, run: Sequence[Hit]) -> Iterator[tuple[Hit, ...]]:
    if len(run) < 2:
        return
    announced = _announced(sentence, run[0])
    for part in _same_family(run):
        yield from _split(sentence.tokens, part, announced=announced)


def _announced(sentence: Sentence, first: Hit) -> str:
    """The words that announce a choice right before a list; empty when there are none."""
    for cue in sentence.cues:
        if cue.group == "choice" and 0 < first.first - cue.last <= 6:
            between = sentence.tokens.between(cue.last, first.first)
            if not re.search(r"[;.!?]\s", between):
                return sentence.quote(cue)
    return ""


def _same_family(run: Sequence[Hit]) -> Iterator[list[Hit]]:
    part: list[Hit] = []
    for hit in run:
        if part and not (_families(part[-1]) & _families(hit)):
            yield part
            part = []
        part.append(hit)
    yield part


def _families(hit: Hit) -> set[str]:
    skill = load()[hit.skill]
    own = {_FAMILIES.get(skill.kind, skill.kind)}
    return own | {"language"} if skill.id in _AS_LANGUAGES else own


def _split(tokens: Tokens, part: Sequence[Hit], *, announced: str) -> Iterator[tuple[Hit, ...]]:
    joints = [_joint(_between(tokens, a, b)) for a, b in zip(part, part[1:], strict=False)]
    if not joints:
        return
    exact = bool(re.search(r"one|any|either|un|ein|jed|algun|alcun|entweder|soit|mindest|least", announced, re.I))
    ends_with_or = joints[-1] == "or" and "and" not in joints
    if exact or ends_with_or or (announced and "and" not in joints):
        yield tuple(part)
        return
    yield from _pairs(part, joints)


def _pairs(part: Sequence[Hit], joints: Sequence[str]) -> Iterator[tuple[Hit, ...]]:
    """Neighbours joined by "or" or a slash, inside a list that is no choice as a whole."""
    group = [part[0]]
    for hit, joint in zip(part[1:], joints, strict=True):
        if joint in ("or", "slash"):
            group.append(hit)
            continue
        if len(group) > 1:
            yield tuple(group)
        group = [hit]
    if len(group) > 1:
        yield tuple(group)


def _joint(between: str) -> str:
    if _OR.search(between):
        return "or"
    if _AND.search(between):
        return "and"
    return "slash" if "/" in between else "comma"
