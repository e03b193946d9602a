"""The sentences of an ad: their mentions and cues, and the scope of each cue."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import groupby

from worksample.postings import lexicon
from worksample.postings.mentions import LIST_SEPARATOR, Mention
from worksample.postings.patterns import Match, longest_matches
from worksample.postings.tokens import Tokens

CONTRAST = re.compile(
    r"\b(?:but|while|whereas|although|however|aber|jedoch|mais|pero|mas|per[oò]|ale|sino)\b", re.I
)


@dataclass(frozen=True, slots=True)
class Cue:
    """A cue phrase: its group and the indexes of its first and last word (inclusive)."""

    group: str
    first: int
    last: int


@dataclass(slots=True)
class Sentence:
    """The words `first` to `last` (inclusive), with their mentions and cues."""

    tokens: Tokens
    first: int
    last: int
    mentions: list[Mention] = field(default_factory=list)
    cues: list[Cue] = field(default_factory=list)

    def has(self, *groups: str) -> bool:
        """Return whether the sentence contains a cue of one of these groups."""
        return any(cue.group in groups for cue in self.cues)

    def begins_with(self, group: str, *, within: int = 2) -> bool:
        """Return whether a cue of this group starts within the first `within` words."""
        return any(c.group == group and c.first < self.first + within for c in self.cues)

    def quote(self, cue: Cue) -> str:
        """Return the text of a cue."""
        return self.tokens.text[self.tokens.start[cue.first] : self.tokens.end[cue.last]]

    def scope(self, cue: Cue) -> list[Mention]:
        """Return the mentions in the scope of a hedge ("is a plus", "ideally")."""
        if (inside := self._bracket_scope(cue)) is not None:
            return inside
        left = self.scope_left_of(cue)
        return left if left and cue.group != "optional_right" else self._scope_right_of(cue)

    def _bracket_scope(self, cue: Cue) -> list[Mention] | None:
        """Return the scope of a hedge in brackets: the mentions inside, else those right before."""
        text, start = self.tokens.text, self.tokens.start[cue.first]
        opened = text.rfind("(", self.tokens.start[self.first], start)
        if opened < 0 or ")" in text[opened:start]:
            return None
        closed = text.find(")", start)
        closed = closed if closed >= 0 else len(text)
        inside = [h for h in self.mentions if opened < self.tokens.start[h.first] < closed]
        if inside:
            return inside
        before = [h for h in self.mentions if self.tokens.end[h.last] <= opened]
        if not before:
            return None
        return _last_group(self.tokens, before)

    def scope_left_of(self, cue: Cue) -> list[Mention]:
        """Return the mentions in the scope to the left of a hedge, the nearest first."""
        in_scope: list[Mention] = []
        limit = max(
            (c.last for c in self.cues if _limits_scope(c) and c.last < cue.first), default=-1
        )
        for mention in reversed([h for h in self.mentions if h.first < cue.first]):
            edge = in_scope[-1].first if in_scope else cue.first
            if mention.first <= limit or self._is_separated(mention, edge, cue):
                break
            in_scope.append(mention)
        return in_scope

    def _is_separated(self, mention: Mention, edge: int, cue: Cue) -> bool:
        """Return whether the text between a mention and the scope so far ends the scope."""
        if edge <= mention.last:
            return False
        between = self.tokens.between(mention.last, edge)
        if CONTRAST.search(between) or (")" in between.split("(")[0] and "," in between):
            return bool(CONTRAST.search(between))
        if "，" in between:
            return True
        if "," not in between and " - " not in between and ":" not in between:
            return False
        return self._is_in_firm_clause(mention) or (edge == cue.first and ":" in between)

    def _is_in_firm_clause(self, mention: Mention) -> bool:
        """Return whether the clause that contains a mention also contains a "firm" cue."""
        begin = mention.first
        while begin > self.first and not self._has_comma_after(begin - 1):
            begin -= 1
        end = mention.last
        while end < self.last and not self._has_comma_after(end):
            end += 1
        return any(c.group == "firm" and begin <= c.first <= end for c in self.cues)

    def _has_comma_after(self, i: int) -> bool:
        return "," in self.tokens.between(i, i + 1)

    def _scope_right_of(self, cue: Cue) -> list[Mention]:
        firm = [c.first for c in self.cues if c.group == "firm" and c.first > cue.last]
        stop = min((f for f in firm if self._after_comma(f)), default=self.last + 1)
        in_scope = []
        for mention in self.mentions:
            if cue.last < mention.first < stop:
                between = self.tokens.between(cue.last, mention.first).lstrip(")]* ")
                if CONTRAST.search(between) or (")" in between and "(" not in between):
                    break
                in_scope.append(mention)
        return in_scope

    def clause_right_of(self, cue: Cue) -> Iterator[Mention]:
        """Yield the mentions from a cue to the next "but" or hedge, or the end of the sentence."""
        stop = min(
            (c.first for c in self.cues if c.group in _HEDGES and c.first > cue.last),
            default=self.last + 1,
        )
        for mention in self.mentions:
            if cue.last <= mention.first < stop:
                between = (
                    self.tokens.between(cue.last, mention.first) if mention.first > cue.last else ""
                )
                if CONTRAST.search(between) or ":" in between:
                    return
                yield mention

    def _after_comma(self, i: int) -> bool:
        return any(
            self._has_comma_after(k)
            for k in range(max(self.first, i - 3), i)
            if k + 1 < len(self.tokens)
        )


def _limits_scope(cue: Cue) -> bool:
    return cue.group in ("optional", "not_needed")


def _last_group(tokens: Tokens, mentions: Sequence[Mention]) -> list[Mention]:
    """Return the last mention and those joined to it by a slash ("C/C++ (optional)")."""
    run = list(mentions[-1:])
    for mention in reversed(mentions[:-1]):
        between = (
            tokens.between(mention.last, run[-1].first) if run[-1].first > mention.last else ""
        )
        if between.strip() not in ("/", ""):
            break
        run.append(mention)
    return run


def find_excluded(sentence: Sentence) -> set[Mention]:
    """Return the mentions that a sentence excludes ("no PHP here")."""
    found: set[Mention] = set()
    for cue in sentence.cues:
        if cue.group != "excluded" or _is_concession(sentence, cue):
            continue
        found.update(_adjacent_mentions(sentence, cue))
    for cue in sentence.cues:
        if cue.group == "excluded_left":
            found.update(sentence.scope_left_of(cue))
        elif cue.group == "excluded_rest":
            found.update(sentence.clause_right_of(cue))
    return found


def _is_concession(sentence: Sentence, cue: Cue) -> bool:
    """Return whether the cue is not an exclusion ("not only Java", "no matter whether")."""
    return any(c.group == "still" and c.first == cue.first for c in sentence.cues)


def _adjacent_mentions(sentence: Sentence, cue: Cue) -> Iterator[Mention]:
    edge = cue.last
    for mention in (h for h in sentence.mentions if h.first > cue.last):
        first = edge == cue.last
        between = sentence.tokens.between(edge, mention.first) if mention.first > edge else ""
        if first and (mention.first - cue.last > 2 or "," in between):
            return
        if not first and not LIST_SEPARATOR.fullmatch(between):
            return
        yield mention
        edge = mention.last


def find_sentences(tokens: Tokens, mentions: Iterable[Mention], language: str) -> list[Sentence]:
    """Return the sentences that contain a mention or a cue."""
    by_sentence = {
        number: list(group)
        for number, group in groupby(mentions, lambda h: tokens.sentence[h.first])
    }
    cues = _cues_by_sentence(tokens, language)
    found = []
    at = 0
    while at < len(tokens):
        number, last = tokens.sentence[at], at
        while last + 1 < len(tokens) and tokens.sentence[last + 1] == number:
            last += 1
        if number in by_sentence or number in cues:
            own = by_sentence.get(number, [])
            found.append(Sentence(tokens, at, last, own, cues.get(number, [])))
        at = last + 1
    return found


def _cues_by_sentence(tokens: Tokens, language: str) -> dict[int, list[Cue]]:
    by_sentence: dict[int, list[Cue]] = {}
    for match in _resolve_cues(lexicon.cues(language).find(tokens)):
        cue = Cue(match.value, match.first, match.last)
        by_sentence.setdefault(tokens.sentence[match.first], []).append(cue)
    return by_sentence


_COMPETING_CUES = (
    "optional",
    "optional_right",
    "not_needed",
    "excluded",
    "excluded_left",
    "excluded_rest",
    "still",
    "firm",
    "asked",
)
_HEDGES = ("optional", "optional_right", "not_needed")
_INDEPENDENT_CUES = ("used", "used_passive", "task_verb", "we", "you")


def _resolve_cues(matches: Iterable[Match[str]]) -> list[Match[str]]:
    """Keep the longest of overlapping hedges and demands ("not required" over "required").

    The cues about the subject of a sentence do not compete with them.
    """
    every = list(matches)
    kept = longest_matches(m for m in every if m.value in _COMPETING_CUES)
    kept += [m for m in every if m.value in _INDEPENDENT_CUES]
    kept += longest_matches(m for m in every if m.value == "choice")
    return sorted(kept, key=lambda m: m.first)
