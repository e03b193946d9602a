"""Find the choices of an ad: "Java, Go or Python" is one requirement with three answers.

A choice is announced ("one of", "such as", "e.g."), joined ("or", "/") or left open ("etc.").
A list that ends in "and" is no choice, unless it says "one of".
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from worksample.postings.hits import Hit
from worksample.postings.sentences import Sentence
from worksample.postings.tokens import Tokens
from worksample.skills import load

_OR_WORDS = r"and/or|or|oder|bzw\.?|ou|u|o|oppure|lub|albo|czy|e/o|y/o|e/ou|et/ou|und/oder|或者?"
_AND_WORDS = r"and|und|et|y|e|i|oraz|&|as well as|sowie"
_OR = re.compile(rf"(?:^|[\s,/*(])(?:{_OR_WORDS})(?=$|[\s*_`(])", re.I)
_AND = re.compile(rf"(?:^|[\s,*])(?:{_AND_WORDS})(?=$|[\s*_`(])", re.I)
_FILL = r"(?:[^\W\d_][\w.+#-]*(?: [A-Z][\w.+#-]*)?)"
_GLUE = re.compile(
    rf"[\s,/|*_`\"'‘’“”.\d()\[\]+-]*(?:(?:{_OR_WORDS}|{_AND_WORDS})"
    r"(?:\s+(?:even|similar|other|any|preferably|better|ideally|maybe|equivalent|else|in|with))?"
    r"[\s*_`(]*)?",
    re.I,
)
_FILLED = re.compile(
    rf"\s*[,/|]+\s*(?:{_FILL}\s*[,/|]+\s*){{1,2}}(?:(?:{_OR_WORDS}|{_AND_WORDS})\s+)?"
)
_OPEN_END = re.compile(
    r"[\s,()]*(?:(?:or|oder|ou|o|lub|and|et|e|y|i|und)\s+)?(?:etc|usw|itp|itd|similar|\.\.\.|…|"
    r"or (?:similar|equivalent|another|other|comparable)|o simil\w+|ou (?:\w+ )?simil\w+|"
    r"ou équivalent\w*|oder (?:ähnlich|vergleichbar)\w*|lub podobn\w+)",
    re.I,
)
_LAST_AND = re.compile(
    rf"\s*,?\s*(?:{_AND_WORDS})\s+(?!(?:other|similar|more|the like|so on))[\w#+.]+", re.I
)
_ONE_OF = re.compile(
    r"one|any|either|least|following|uno|una|um|uma|un des|moins|soit|eine|entweder|folgenden|"
    r"algun|almeno|jed",
    re.I,
)
_EXAMPLE_KINDS = frozenset(
    [
        "language",
        "framework",
        "relational-db",
        "nosql",
        "cache",
        "broker",
        "cloud",
        "container",
        "ci",
    ]
)
_FAMILIES = {
    "framework": "code", "language": "code",
    "relational-db": "data", "nosql": "data", "cache": "data",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Choice:
    """Skills of which one is enough; the surer of two that share a skill counts."""

    hits: tuple[Hit, ...]
    sureness: int


def choices_in(sentence: Sentence) -> Iterator[Choice]:
    """The groups of technologies of which one is enough, as this sentence says."""
    named = [hit for hit in sentence.hits if _can_be_chosen(hit)]
    for run in _runs(sentence.tokens, named):
        run = _without_umbrellas(run)
        if len(run) > 1:
            yield from _of_run(sentence, run)


def _can_be_chosen(hit: Hit) -> bool:
    skill = load()[hit.skill]
    return not hit.unsure and (skill.is_technology or skill.kind == "testing")


def _runs(tokens: Tokens, hits: Sequence[Hit]) -> Iterator[list[Hit]]:
    """Technologies in a row with nothing but the signs of a list between them."""
    run: list[Hit] = []
    for hit in hits:
        if run and hit.first <= run[-1].last:
            continue
        if run and not _in_one_list(tokens.between(run[-1].last, hit.first)):
            yield run
            run = []
        run.append(hit)
    yield run


def _in_one_list(between: str) -> bool:
    return bool(_GLUE.fullmatch(between) or _FILLED.fullmatch(between))


def _without_umbrellas(run: Sequence[Hit]) -> list[Hit]:
    """A general word beside its members ("containers (Docker, ...)") is no answer of its own."""
    ids = {hit.skill for hit in run}
    seen: set[str] = set()
    kept = []
    for hit in run:
        if ids & set(load()[hit.skill].umbrella_of) or hit.skill in seen:
            continue
        seen.add(hit.skill)
        kept.append(hit)
    return kept


def _of_run(sentence: Sentence, run: Sequence[Hit]) -> Iterator[Choice]:
    tokens = sentence.tokens
    announced = _announced(sentence, run[0])
    joints = [_joint(tokens.between(a.last, b.first)) for a, b in pairwise(run)]
    if _ONE_OF.search(announced):
        yield Choice(tuple(run), 3)
    elif _is_open(tokens, run, joints) and (announced or _open_end(tokens, run)):
        yield from (Choice(tuple(p), 2) for p in _same_family(run) if _are_examples(p))
    else:
        yield from _joined(run, joints)


def _announced(sentence: Sentence, first: Hit) -> str:
    """The words that announce a choice right before a list; empty when there are none."""
    for cue in sentence.cues:
        if cue.group == "choice" and 0 < first.first - cue.last <= 7:
            between = sentence.tokens.between(cue.last, first.first)
            if not re.search(r"[;.!?)]\s", between):
                return sentence.quote(cue)
    return ""


def _is_open(tokens: Tokens, run: Sequence[Hit], joints: Sequence[str]) -> bool:
    return "and" not in joints and not _LAST_AND.match(_after(tokens, run))


def _open_end(tokens: Tokens, run: Sequence[Hit]) -> bool:
    return bool(_OPEN_END.match(_after(tokens, run)))


def _after(tokens: Tokens, run: Sequence[Hit]) -> str:
    end = tokens.end[run[-1].last]
    return tokens.text[end : end + 40]


def _are_examples(part: Sequence[Hit]) -> bool:
    kinds = {load()[hit.skill].kind for hit in part}
    together = any(hit.skill == "html-css" for hit in part)
    return len(part) > 1 and kinds <= _EXAMPLE_KINDS and not together


def _family(hit: Hit) -> str:
    kind = load()[hit.skill].kind
    return _FAMILIES.get(kind, kind)


def _same_family(run: Sequence[Hit]) -> Iterator[list[Hit]]:
    part: list[Hit] = []
    for hit in run:
        if part and _family(part[-1]) != _family(hit):
            yield part
            part = []
        part.append(hit)
    yield part


def _joined(run: Sequence[Hit], joints: Sequence[str]) -> Iterator[Choice]:
    """Lists that end in "or", and neighbours joined by "or" or a slash in other lists."""
    at = 0
    for part in _same_family(run):
        inner = joints[at : at + len(part) - 1]
        at += len(part)
        if _family(part[0]) == "testing":
            continue
        if len(part) > 1 and inner[-1] == "or" and "and" not in inner and _one_kind(part, inner):
            yield Choice(tuple(part), 2)
        else:
            yield from _pairs(part, inner)


def _one_kind(part: Sequence[Hit], joints: Sequence[str]) -> bool:
    """Whether a list that ends in "or" is a choice as a whole ("Java, Go or Node.js")."""
    kinds = {load()[hit.skill].kind for hit in part if hit.skill not in ("nodejs", "dotnet")}
    return len(kinds) < 2 or _family(part[0]) == "data" or set(joints) <= {"or", "slash"}


def _pairs(part: Sequence[Hit], joints: Sequence[str]) -> Iterator[Choice]:
    group, sureness = [part[0]], 2
    for hit, joint in zip(part[1:], joints, strict=True):
        same = load()[hit.skill].kind == load()[group[-1].skill].kind
        if joint == "or" or (joint == "slash" and same):
            group.append(hit)
            sureness = min(sureness, 2 if joint == "or" else 1)
            continue
        if len(group) > 1:
            yield Choice(tuple(group), sureness)
        group, sureness = [hit], 2
    if len(group) > 1:
        yield Choice(tuple(group), sureness)


def _joint(between: str) -> str:
    if _OR.search(between):
        return "or"
    if _AND.search(between):
        return "and"
    return "slash" if "/" in between else "comma"
