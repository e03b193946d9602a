"""A sentence of an ad: its skills, its cues, and how far a cue reaches."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import groupby

from worksample.postings import lexicon
from worksample.postings.hits import LIST_GLUE, Hit
from worksample.postings.patterns import Match, longest
from worksample.postings.tokens import Tokens

TURN = re.compile(
    r"\b(?:but|while|whereas|although|however|aber|jedoch|mais|pero|mas|per[oò]|ale|sino)\b", re.I
)


@dataclass(frozen=True, slots=True)
class Cue:
    """A cue phrase: its group, its words, and where it stands."""

    group: str
    first: int
    last: int


@dataclass(slots=True)
class Sentence:
    """The words [first, last] with the skills and cues among them."""

    tokens: Tokens
    first: int
    last: int
    hits: list[Hit] = field(default_factory=list)
    cues: list[Cue] = field(default_factory=list)

    def has(self, *groups: str) -> bool:
        """Whether a cue of one of these groups stands in the sentence."""
        return any(cue.group in groups for cue in self.cues)

    def begins_with(self, group: str, *, within: int = 2) -> bool:
        """Whether a cue of this group stands among the sentence's first words."""
        return any(c.group == group and c.first < self.first + within for c in self.cues)

    def quote(self, cue: Cue) -> str:
        """The cue's own words."""
        return self.tokens.text[self.tokens.start[cue.first] : self.tokens.end[cue.last]]

    def reach(self, cue: Cue) -> list[Hit]:
        """The skills that a hedge ("is a plus", "ideally") speaks of."""
        if (inside := self._brackets(cue)) is not None:
            return inside
        left = self.left_of(cue)
        return left if left and cue.group != "optional_right" else self._right(cue)

    def _brackets(self, cue: Cue) -> list[Hit] | None:
        """What a hedge in brackets speaks of: what stands in them, else the word before them."""
        text, start = self.tokens.text, self.tokens.start[cue.first]
        opened = text.rfind("(", self.tokens.start[self.first], start)
        if opened < 0 or ")" in text[opened:start]:
            return None
        closed = text.find(")", start)
        closed = closed if closed >= 0 else len(text)
        inside = [h for h in self.hits if opened < self.tokens.start[h.first] < closed]
        if inside:
            return inside
        before = [h for h in self.hits if self.tokens.end[h.last] <= opened]
        if not before:
            return None
        return _run_before(self.tokens, before)

    def left_of(self, cue: Cue) -> list[Hit]:
        """The skills before a hedge that it speaks of, the nearest first."""
        reached: list[Hit] = []
        limit = max(
            (c.last for c in self.cues if _ends_reach(c) and c.last < cue.first), default=-1
        )
        for hit in reversed([h for h in self.hits if h.first < cue.first]):
            edge = reached[-1].first if reached else cue.first
            if hit.first <= limit or self._parted(hit, edge, cue):
                break
            reached.append(hit)
        return reached

    def _parted(self, hit: Hit, edge: int, cue: Cue) -> bool:
        """Whether the words between a skill and what the hedge reached end its reach."""
        if edge <= hit.last:
            return False
        between = self.tokens.between(hit.last, edge)
        if TURN.search(between) or (")" in between.split("(")[0] and "," in between):
            return bool(TURN.search(between))
        if "，" in between:
            return True
        if "," not in between and " - " not in between and ":" not in between:
            return False
        return self._firm_left_of(hit) or (edge == cue.first and ":" in between)

    def _firm_left_of(self, hit: Hit) -> bool:
        """Whether the part of the sentence in which a skill stands is a firm demand."""
        begin = hit.first
        while begin > self.first and not self._comma(begin - 1):
            begin -= 1
        end = hit.last
        while end < self.last and not self._comma(end):
            end += 1
        return any(c.group == "firm" and begin <= c.first <= end for c in self.cues)

    def _comma(self, i: int) -> bool:
        return "," in self.tokens.between(i, i + 1)

    def _right(self, cue: Cue) -> list[Hit]:
        firm = [c.first for c in self.cues if c.group == "firm" and c.first > cue.last]
        stop = min((f for f in firm if self._after_comma(f)), default=self.last + 1)
        reached = []
        for hit in self.hits:
            if cue.last < hit.first < stop:
                between = self.tokens.between(cue.last, hit.first).lstrip(")]* ")
                if TURN.search(between) or (")" in between and "(" not in between):
                    break
                reached.append(hit)
        return reached

    def _after_comma(self, i: int) -> bool:
        return any(
            self._comma(k) for k in range(max(self.first, i - 3), i) if k + 1 < len(self.tokens)
        )


def _ends_reach(cue: Cue) -> bool:
    return cue.group in ("optional", "not_needed")


def _run_before(tokens: Tokens, hits: Sequence[Hit]) -> list[Hit]:
    """The last skill; and those right before it that share its place ("C/C++ (optional)")."""
    run = list(hits[-1:])
    for hit in reversed(hits[:-1]):
        between = tokens.between(hit.last, run[-1].first) if run[-1].first > hit.last else ""
        if between.strip() not in ("/", ""):
            break
        run.append(hit)
    return run


def excluded(sentence: Sentence) -> set[Hit]:
    """The skills that a sentence says are not asked ("no PHP here")."""
    gone: set[Hit] = set()
    for cue in sentence.cues:
        if cue.group != "excluded" or _softened(sentence, cue):
            continue
        gone.update(_next_run(sentence, cue))
    for cue in sentence.cues:
        if cue.group == "excluded_left":
            gone.update(sentence.left_of(cue))
    return gone


def _softened(sentence: Sentence, cue: Cue) -> bool:
    """Whether what follows is a concession ("no Java experience required")."""
    return any(c.group == "still" and c.first == cue.first for c in sentence.cues)


def _next_run(sentence: Sentence, cue: Cue) -> Iterator[Hit]:
    edge = cue.last
    for hit in (h for h in sentence.hits if h.first > cue.last):
        first = edge == cue.last
        between = sentence.tokens.between(edge, hit.first) if hit.first > edge else ""
        if first and (hit.first - cue.last > 2 or "," in between):
            return
        if not first and not LIST_GLUE.fullmatch(between):
            return
        yield hit
        edge = hit.last


def sentences_of(tokens: Tokens, hits: Iterable[Hit], language: str) -> list[Sentence]:
    """The sentences that hold a skill or a cue."""
    by_sentence = {
        number: list(group) for number, group in groupby(hits, lambda h: tokens.sentence[h.first])
    }
    cues = _cues_of(tokens, language)
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


def _cues_of(tokens: Tokens, language: str) -> dict[int, list[Cue]]:
    by_sentence: dict[int, list[Cue]] = {}
    for match in _longest_by_phrase(lexicon.cues(language).find(tokens)):
        cue = Cue(match.means, match.first, match.last)
        by_sentence.setdefault(tokens.sentence[match.first], []).append(cue)
    return by_sentence


_HEDGES = (
    "optional",
    "optional_right",
    "not_needed",
    "excluded",
    "excluded_left",
    "still",
    "firm",
    "asked",
)
_SCENES = ("used", "used_passive", "task_verb", "we", "you")


def _longest_by_phrase(matches: Iterable[Match[str]]) -> list[Match[str]]:
    """Hedges and demands compete ("not required" is no "required"); the others stand alone."""
    every = list(matches)
    kept = longest(m for m in every if m.means in _HEDGES)
    kept += [m for m in every if m.means in _SCENES]
    kept += longest(m for m in every if m.means == "choice")
    return sorted(kept, key=lambda m: m.first)
