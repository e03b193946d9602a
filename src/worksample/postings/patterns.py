"""The small language in which the data files say phrases, and the index that finds them.

A phrase is words apart by spaces, compared without case and accents. A word may end in `*`
(any ending) or hold choices (`of|from`); `_` stands for up to four words of the same sentence.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Generic, TypeVar

from worksample.postings.tokens import BREAK, JOINED, Tokens, fold

T = TypeVar("T")
MAX_GAP_WORDS = 4
CACHE_SIZE = 20_000
"""How many words an index remembers: enough for a field of ads, bounded for a stream of them."""


@dataclass(frozen=True, slots=True)
class WordPattern:
    """One word of a phrase: any of `exact`, or anything that begins with one of `prefixes`."""

    exact: frozenset[str]
    prefixes: tuple[str, ...]

    def matches(self, key: str) -> bool:
        """Whether this folded word is meant."""
        return key in self.exact or (bool(self.prefixes) and key.startswith(self.prefixes))


Phrase = tuple[WordPattern | None, ...]
"""Words in order; None is a gap."""


def parse_phrase(form: str) -> Phrase:
    """The phrase that a form of the data files means."""
    words: list[WordPattern | None] = []
    for part in form.split():
        words += [None] if part == "_" else _word_patterns(part)
    return tuple(words)


def _word_patterns(part: str) -> list[WordPattern]:
    choices = [fold(choice) for choice in part.split("|")]
    if len(choices) == 1 and not choices[0].endswith("*"):
        return [WordPattern(frozenset((piece,)), ()) for piece in _split_word(choices[0])]
    exact = frozenset(choice for choice in choices if not choice.endswith("*"))
    return [WordPattern(exact, tuple(choice[:-1] for choice in choices if choice.endswith("*")))]


def _split_word(word: str) -> list[str]:
    pieces, current = [], ""
    for char in word:
        alone = "\u2e80" <= char <= "\u9fff"
        if current and current != "." and (alone or char.isdigit() != current[-1].isdigit()):
            pieces.append(current)
            current = ""
        current += char
    return [*pieces, current]


@dataclass(frozen=True, slots=True)
class Match(Generic[T]):
    """A phrase found: words `first` to `last`, both included, and what it means."""

    first: int
    last: int
    value: T
    gapped: bool


@dataclass(slots=True)
class PhraseIndex(Generic[T]):
    """Phrases by their first word, so that a text is read once however many there are."""

    _exact: dict[str, list[tuple[Phrase, T]]] = field(default_factory=lambda: defaultdict(list))
    _prefix: dict[str, list[tuple[Phrase, T]]] = field(default_factory=lambda: defaultdict(list))
    _lengths: set[int] = field(default_factory=set)
    _cache: dict[str, tuple[tuple[Phrase, T], ...]] = field(default_factory=dict)

    def add(self, forms: Iterable[str], value: T) -> None:
        """Let each of these forms mean `value`."""
        for form in forms:
            phrase = parse_phrase(form)
            first = phrase[0]
            if first is None:
                raise ValueError(f"A phrase cannot begin with a gap: {form!r}")
            for word in first.exact:
                self._exact[word].append((phrase, value))
            for prefix in first.prefixes:
                self._prefix[prefix].append((phrase, value))
                self._lengths.add(len(prefix))

    def single_words(self) -> Iterator[str]:
        """Every word that is a whole phrase by itself."""
        for word, phrases in self._exact.items():
            if any(len(phrase) == 1 for phrase, _ in phrases):
                yield word

    def matches_at(self, tokens: Tokens, i: int) -> Iterator[Match[T]]:
        """Every phrase that begins with word i."""
        for phrase, value in self._candidates(tokens.key[i]):
            last = _match_rest(tokens, i, phrase, 1)
            if last is not None:
                yield Match(i, last, value, None in phrase)

    def _candidates(self, key: str) -> tuple[tuple[Phrase, T], ...]:
        """The phrases whose first word this may be; remembered, for ads share their words."""
        known = self._cache.get(key)
        if known is None:
            found = list(self._exact.get(key, ()))
            for length in self._lengths:
                if length <= len(key):
                    found += self._prefix.get(key[:length], ())
            if len(self._cache) >= CACHE_SIZE:
                self._cache.clear()
            known = self._cache[key] = tuple(found)
        return known

    def find(self, tokens: Tokens) -> Iterator[Match[T]]:
        """Every phrase anywhere in the text, in order of its first word."""
        for i in range(len(tokens)):
            yield from self.matches_at(tokens, i)


def _match_rest(tokens: Tokens, i: int, phrase: Phrase, at: int) -> int | None:
    """The last word of `phrase` when its words from `at` on follow word i, or None."""
    if at == len(phrase):
        return i
    word = phrase[at]
    if word is not None:
        follows = (
            i + 1 < len(tokens) and tokens.gap[i] == JOINED and word.matches(tokens.key[i + 1])
        )
        return _match_rest(tokens, i + 1, phrase, at + 1) if follows else None
    after = phrase[at + 1]
    for j in range(i + 1, min(i + 2 + MAX_GAP_WORDS, len(tokens))):
        if tokens.gap[j - 1] == BREAK:
            return None
        if after is not None and after.matches(tokens.key[j]):
            return _match_rest(tokens, j, phrase, at + 2)
    return None


def longest_matches(matches: Iterable[Match[T]]) -> list[Match[T]]:
    """Of matches without gaps that overlap, the longest; of equals, all that mean other things."""
    ordered = sorted(matches, key=lambda m: (m.first - m.last, m.first))
    taken: dict[int, tuple[int, int]] = {}
    kept: list[Match[T]] = []
    for match in ordered:
        span = (match.first, match.last)
        held = {taken.get(i) for i in range(match.first, match.last + 1)} - {None, span}
        if not held:
            kept.append(match)
            taken.update(dict.fromkeys(range(match.first, match.last + 1), span))
    return sorted(kept, key=lambda m: m.first)
