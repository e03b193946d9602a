"""The phrase patterns of the data files, and an index that matches them against a text.

A pattern consists of words separated by spaces and ignores case and accents. A word may end in
`*` (any ending) or list alternatives (`of|from`); `_` matches up to four words of the same
sentence.
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
"""The number of words whose candidate phrases an index caches, which bounds its memory."""


@dataclass(frozen=True, slots=True)
class WordPattern:
    """One word of a pattern: any of `exact`, or a word that starts with one of `prefixes`."""

    exact: frozenset[str]
    prefixes: tuple[str, ...]

    def matches(self, key: str) -> bool:
        """Return whether the folded word `key` matches."""
        return key in self.exact or (bool(self.prefixes) and key.startswith(self.prefixes))


Phrase = tuple[WordPattern | None, ...]
"""The words in order; None is a gap (`_`)."""


def parse_phrase(form: str) -> Phrase:
    """Parse a pattern of the data files."""
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
    """A match: the indexes of its `first` and `last` word (inclusive), and the phrase's value."""

    first: int
    last: int
    value: T
    gapped: bool


@dataclass(slots=True)
class PhraseIndex(Generic[T]):
    """Phrases indexed by their first word, so that one pass over a text finds all of them."""

    _exact: dict[str, list[tuple[Phrase, T]]] = field(default_factory=lambda: defaultdict(list))
    _prefix: dict[str, list[tuple[Phrase, T]]] = field(default_factory=lambda: defaultdict(list))
    _lengths: set[int] = field(default_factory=set)
    _cache: dict[str, tuple[tuple[Phrase, T], ...]] = field(default_factory=dict)

    def add(self, forms: Iterable[str], value: T) -> None:
        """Add patterns that map to `value`.

        Raises ValueError if a pattern starts with a gap.
        """
        for form in forms:
            phrase = parse_phrase(form)
            first = phrase[0]
            if first is None:
                raise ValueError(f"A phrase cannot start with a gap (_): {form!r}.")
            for word in first.exact:
                self._exact[word].append((phrase, value))
            for prefix in first.prefixes:
                self._prefix[prefix].append((phrase, value))
                self._lengths.add(len(prefix))

    def single_words(self) -> Iterator[str]:
        """Yield every word that is a complete phrase."""
        for word, phrases in self._exact.items():
            if any(len(phrase) == 1 for phrase, _ in phrases):
                yield word

    def matches_at(self, tokens: Tokens, i: int) -> Iterator[Match[T]]:
        """Yield the matches that start at word i."""
        for phrase, value in self._candidates(tokens.key[i]):
            last = _match_rest(tokens, i, phrase, 1)
            if last is not None:
                yield Match(i, last, value, None in phrase)

    def _candidates(self, key: str) -> tuple[tuple[Phrase, T], ...]:
        """Return the phrases that may start with the word `key`, from the cache if possible."""
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
        """Yield all matches in the text, ordered by their first word."""
        for i in range(len(tokens)):
            yield from self.matches_at(tokens, i)


def _match_rest(tokens: Tokens, i: int, phrase: Phrase, at: int) -> int | None:
    """Return the last word of the match if `phrase[at:]` follows word i, else None."""
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
    """Resolve overlaps between matches without gaps: keep the longest, and all with equal spans."""
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
