"""Find choices: "Java, Go or Python" is one requirement that any of three skills meets.

A choice is announced ("one of", "such as", "e.g."), joined ("or", "/") or open-ended ("etc.").
A list that ends in "and" is not a choice unless "one of" announces it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from worksample.postings.mentions import Mention
from worksample.postings.sentences import Sentence
from worksample.postings.tokens import Tokens
from worksample.skills import load

_OR_WORDS = r"and/or|or|oder|bzw\.?|ou|u|o|oppure|lub|albo|czy|e/o|y/o|e/ou|et/ou|und/oder|或者?"
_AND_WORDS = r"and|und|et|y|e|i|oraz|&|as well as|sowie"
_OR = re.compile(rf"(?:^|[\s,/*(])(?:{_OR_WORDS})(?=$|[\s*_`(])", re.I)
_AND = re.compile(rf"(?:^|[\s,*])(?:{_AND_WORDS})(?=$|[\s*_`(])", re.I)
_OTHER_WORD = r"(?:[^\W\d_][\w.+#-]*(?: [A-Z][\w.+#-]*)?)"
_LIST_SEPARATOR = re.compile(
    rf"[\s,/|*_`\"'‘’“”.\d()\[\]+-]*(?:(?:{_OR_WORDS}|{_AND_WORDS})"
    r"(?:\s+(?:even|similar|other|another|any|preferably|better|ideally|maybe|equivalent|else|in|with"
    r"|con|com|mit|avec|auf|bien|una?|une|eine?|andere\w*|autre|otr[oa]|outr[oa]|some|vergleichbare?)"
    r"){0,2}[\s*_`(]*)?",
    re.I,
)
_OR_ANOTHER = re.compile(
    rf"\b(?:{_OR_WORDS})\s+(?:\w+\s+)?(?:another|other|similar|comparable|equivalent|andere\w*|"
    r"vergleichbar\w*|autre|[eé]quivalente?|otr[oa]|outr[oa]|similar)\b",
    re.I,
)
_ASIDE = re.compile(rf"(?:\s+\w+){{1,3}}\s*\((?={_OR_WORDS}\s)", re.I)
"""Words before an alternative in brackets: "Rust in production (or C++)"."""
_SEPARATOR_WITH_OTHER_WORDS = re.compile(
    rf"\s*[,/|]+\s*(?:{_OTHER_WORD}\s*[,/|]+\s*){{1,2}}(?:(?:{_OR_WORDS}|{_AND_WORDS})\s+)?"
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
_WRITTEN_TOGETHER = {"javascript", "typescript"}
_FAMILIES = {
    "framework": "code", "language": "code",
    "relational-db": "data", "nosql": "data", "cache": "data",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Choice:
    """Skills of which one is enough. If two choices share a skill, the more confident one wins."""

    mentions: tuple[Mention, ...]
    confidence: int


def find_choices(sentence: Sentence) -> Iterator[Choice]:
    """Yield the choices between technologies in a sentence."""
    named = [mention for mention in sentence.mentions if _is_choosable(mention)]
    for run in _runs(sentence.tokens, named):
        run = _without_umbrellas(sentence.tokens, run)
        if len(run) > 1:
            yield from _choices_in_run(sentence, run)


def _is_choosable(mention: Mention) -> bool:
    skill = load()[mention.skill]
    return not mention.unsure and (skill.is_technology or skill.kind == "testing")


def _runs(tokens: Tokens, mentions: Sequence[Mention]) -> Iterator[list[Mention]]:
    """Yield runs of mentions that only list separators separate."""
    run: list[Mention] = []
    for mention in mentions:
        if run and mention.first <= run[-1].last:
            continue
        if run and not _is_list_separator(tokens.between(run[-1].last, mention.first)):
            yield from _split_at_brackets(tokens, run)
            run = []
        run.append(mention)
    yield from _split_at_brackets(tokens, run)


def _split_at_brackets(tokens: Tokens, run: list[Mention]) -> Iterator[list[Mention]]:
    """Yield the mentions outside brackets, and those of each pair of brackets.

    "Python (Django or Flask)" is no list of three, "Go (or Rust)" is one of two.
    """
    outside, inside, is_inside = run[:1], list[Mention](), False
    for before, mention in pairwise(run):
        between = tokens.between(before.last, mention.first)
        opened, _, after = between.rpartition("(")
        if ")" in after or (")" in between and not opened):
            is_inside = False
        if "(" in between and ")" not in after:
            yield inside
            is_inside, inside = not _OR.match(after), []
        (inside if is_inside else outside).append(mention)
    yield from (inside, outside)


def _is_list_separator(between: str) -> bool:
    return bool(
        _LIST_SEPARATOR.fullmatch(_ASIDE.sub("(", between))
        or _SEPARATOR_WITH_OTHER_WORDS.fullmatch(between)
    )


def _without_umbrellas(tokens: Tokens, run: Sequence[Mention]) -> list[Mention]:
    """Drop general skills that are listed with their members ("containers (Docker, ...)").

    "Cassandra or another NoSQL store" names the general skill as an alternative.
    """
    ids = {mention.skill for mention in run}
    seen: set[str] = set()
    kept = []
    for number, mention in enumerate(run):
        before = tokens.between(run[number - 1].last, mention.first) if number else ""
        general = ids & set(load()[mention.skill].umbrella_of)
        if (general and not _OR_ANOTHER.search(before)) or mention.skill in seen:
            continue
        seen.add(mention.skill)
        kept.append(mention)
    return kept


def _choices_in_run(sentence: Sentence, run: Sequence[Mention]) -> Iterator[Choice]:
    tokens = sentence.tokens
    announcement = _announcing_words(sentence, run[0])
    separators = [_separator_kind(tokens.between(a.last, b.first)) for a, b in pairwise(run)]
    if _ONE_OF.search(announcement):
        yield Choice(tuple(run), 3)
    elif _has_no_and(tokens, run, separators) and (announcement or _has_open_end(tokens, run)):
        yield from (Choice(tuple(p), 2) for p in _split_by_family(run) if _are_examples(p))
    else:
        yield from _choices_joined_by_or(run, separators)


def _announcing_words(sentence: Sentence, first: Mention) -> str:
    """Return the cue that announces a choice right before a list, or an empty string."""
    for cue in sentence.cues:
        if cue.group == "choice" and 0 < first.first - cue.last <= 7:
            between = sentence.tokens.between(cue.last, first.first)
            if not re.search(r"[;.!?)]\s|\(", between):
                return sentence.quote(cue)
    return ""


def _has_no_and(tokens: Tokens, run: Sequence[Mention], separators: Sequence[str]) -> bool:
    return "and" not in separators and not _LAST_AND.match(_text_after(tokens, run))


def _has_open_end(tokens: Tokens, run: Sequence[Mention]) -> bool:
    return bool(_OPEN_END.match(_text_after(tokens, run)))


def _text_after(tokens: Tokens, run: Sequence[Mention]) -> str:
    end = tokens.end[run[-1].last]
    return tokens.text[end : end + 40]


def _are_examples(part: Sequence[Mention]) -> bool:
    kinds = {load()[mention.skill].kind for mention in part}
    together = any(mention.skill == "html-css" for mention in part)
    return len(part) > 1 and kinds <= _EXAMPLE_KINDS and not together


def _family(mention: Mention) -> str:
    kind = load()[mention.skill].kind
    return _FAMILIES.get(kind, kind)


def _split_by_family(run: Sequence[Mention]) -> Iterator[list[Mention]]:
    part: list[Mention] = []
    for mention in run:
        if part and _family(part[-1]) != _family(mention):
            yield part
            part = []
        part.append(mention)
    yield part


def _choices_joined_by_or(run: Sequence[Mention], separators: Sequence[str]) -> Iterator[Choice]:
    """Yield lists that end in "or", and neighbours joined by "or" or a slash in other lists."""
    at = 0
    for part in _split_by_family(run):
        inner = separators[at : at + len(part) - 1]
        at += len(part)
        if _family(part[0]) == "testing":
            continue
        if (
            len(part) > 1
            and inner[-1] == "or"
            and "and" not in inner
            and _is_single_choice(part, inner)
        ):
            yield Choice(tuple(part), 2)
        else:
            yield from _adjacent_choices(part, inner)


def _is_single_choice(part: Sequence[Mention], separators: Sequence[str]) -> bool:
    """Return whether a list that ends in "or" is one choice ("Java, Go or Node.js")."""
    kinds = {
        load()[mention.skill].kind for mention in part if mention.skill not in ("nodejs", "dotnet")
    }
    return len(kinds) < 2 or _family(part[0]) == "data" or set(separators) <= {"or", "slash"}


def _adjacent_choices(part: Sequence[Mention], separators: Sequence[str]) -> Iterator[Choice]:
    group, confidence = [part[0]], 2
    for mention, separator in zip(part[1:], separators, strict=True):
        same = load()[mention.skill].kind == load()[group[-1].skill].kind
        together = {mention.skill, group[-1].skill} == _WRITTEN_TOGETHER
        if separator == "or" or (separator == "slash" and same and not together):
            group.append(mention)
            confidence = min(confidence, 2 if separator == "or" else 1)
            continue
        if len(group) > 1:
            yield Choice(tuple(group), confidence)
        group, confidence = [mention], 2
    if len(group) > 1:
        yield Choice(tuple(group), confidence)


def _separator_kind(between: str) -> str:
    if _OR.search(between):
        return "or"
    if _AND.search(between):
        return "and"
    return "slash" if "/" in between else "comma"
