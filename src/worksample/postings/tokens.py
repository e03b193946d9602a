"""Tokenizer: split a text into words and sentences.

All positions are character offsets into the original text. Folding (case and accents) keeps the
length, so that the offsets of the folded text are also valid in the original.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, field

MAX_SENTENCE_WORDS = 250
"""A longer sentence is split here, which bounds the cost of rules that scan a sentence."""

JOINED, SOFT, BREAK = 0, 1, 2
"""What separates two words: a space; a comma, bracket or colon; the end of a sentence."""

_WORD = re.compile(
    r"[Cc]\+\+|[CcFf]#|[A-Za-z\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u1fff]+|[\u2e80-\u9fff\uac00-\ud7af]|\d+"
)
"""A word; in scripts without spaces between words each character is a word."""
_ADDRESS = re.compile(
    r"(?:https?://|www\.)[^\s)>\]]+|(?<![\w.+-])[\w.+-]{1,64}@[\w-]{1,64}\.[\w.]{1,64}"
    r"|(?<![\w-])[\w-]{1,64}(?:\.[\w-]{1,64}){0,4}"
    r"\.(?:com|org|co|eu|ai|app|jobs|careers)\b(?:/[^\s)]*)?"
)
_INLINE_BULLET = re.compile(r"[•●▪■◦‣➢➤✔✓✅►·∙]|\s\*\s|\s-\s-\s|\s[-–]$")
_LETTER_BULLET = re.compile(r"(?:^|[a-zA-Z: ])o (?=[A-Z])")
_SENTENCE_END = re.compile(r"[.!?…。！？]+[)\"'”’*_]*(?:\s|$)|[;；]|[!?][A-Z¿¡]|[。！？]")
_CAMEL_CASE = re.compile(r"(?<=[a-zà-ÿ])(?=[A-ZÀ-Þ][a-z])|(?<=[A-Z])(?=[A-Z][a-z]{2})")
_GLUED = re.compile(r"\b[A-ZÀ-Þ]?[a-zà-ÿ]{2,}[A-ZÀ-Þ][a-zà-ÿ]{3,}")
_MIN_GLUED_WORDS = 3
"""A text with so many words such as "servicesParticipate" has lost its line breaks, if it has no
more lines than these: names of products are written like that as well."""
_CONNECTORS = frozenset(" \t\u00a0/-.'’`_*&+#~‐‑–—\u200b\\")
_ABBREVIATIONS = frozenset(
    [
        "e",
        "g",
        "i",
        "z",
        "b",
        "d",
        "h",
        "u",
        "a",
        "o",
        "p",
        "ex",
        "bsp",
        "etc",
        "inc",
        "vs",
        "resp",
        "bzw",
        "ca",
        "usw",
        "incl",
        "inkl",
        "approx",
        "np",
        "m",
        "in",
        "tzw",
        "min",
        "st",
    ]
)
_DOT_SUFFIXES = frozenset(("js", "net", "io", "ts"))


def _fold_table() -> dict[int, str]:
    table = {ord("ß"): "s", ord("ł"): "l", ord("Ł"): "l", ord("ø"): "o", ord("İ"): "i"}
    for code in range(0xC0, 0x250):
        plain = unicodedata.normalize("NFD", chr(code))[0]
        if plain.isascii():
            table.setdefault(code, plain.lower())
    return table


_FOLD = _fold_table()


def fold(text: str) -> str:
    """Return `text` in lower case without accents, with the same length."""
    folded = text.translate(_FOLD).lower()
    return folded if len(folded) == len(text) else "".join(c.lower()[:1] or c for c in text)


@dataclass(slots=True)
class Tokens:
    """The words of a text, as parallel lists: word i spans [start[i], end[i]).

    `key[i]` is the folded word, `gap[i]` (JOINED, SOFT or BREAK) what separates word i from the
    next, and `sentence[i]` the number of its sentence.
    """

    text: str
    start: list[int] = field(default_factory=list)
    end: list[int] = field(default_factory=list)
    key: list[str] = field(default_factory=list)
    gap: list[int] = field(default_factory=list)
    sentence: list[int] = field(default_factory=list)

    def __len__(self) -> int:
        return len(self.start)

    def word(self, i: int) -> str:
        """Return word i as written."""
        return self.text[self.start[i] : self.end[i]]

    def between(self, i: int, j: int) -> str:
        """Return the text between the end of word i and the start of word j."""
        return self.text[self.end[i] : self.start[j]]

    def begins_sentence(self, i: int) -> bool:
        """Return whether word i is the first of its sentence."""
        return i == 0 or self.gap[i - 1] == BREAK


def tokenize(text: str, known: frozenset[str], item_starters: frozenset[str]) -> Tokens:
    """Split `text` into words and sentences.

    `known` holds the folded single words of the vocabulary, `item_starters` the folded words that
    start a list item. Both serve to split words that lost the line break between them
    ("RedisExperience"). URLs and e-mail addresses give no words.
    """
    masked = _ADDRESS.sub(lambda m: " " * len(m[0]), text)
    folded = fold(masked)
    tokens = Tokens(text)
    forced_breaks: set[int] = set()
    glued = {word for word in _GLUED.findall(masked) if fold(word) not in known}
    split = _Splitter(known, item_starters, len(glued) >= max(_MIN_GLUED_WORDS, text.count("\n")))
    has_letter_bullets = len(_LETTER_BULLET.findall(masked)) > 2
    for match in _WORD.finditer(masked):
        for start, end in split.words(masked, match.start(), match.end()):
            if start > match.start():
                forced_breaks.add(len(tokens.start))
            if has_letter_bullets and _ends_in_bullet(masked, folded, start, end, known):
                forced_breaks.add(len(tokens.start) + 1)
                end -= 1
            _add(tokens, masked, folded, start, end)
    _set_gaps(tokens, masked, forced_breaks)
    return tokens


def _ends_in_bullet(masked: str, folded: str, start: int, end: int, known: frozenset[str]) -> bool:
    """Return whether a word ends in an "o" that is the bullet of the next item ("integrationo")."""
    if masked[end - 1] != "o" or not re.match(r" [A-Z]", masked[end : end + 2]):
        return False
    key = folded[start : end - 1]
    return key in known or key.endswith(("ion", "ment", "ing", "ies", "ls", "es", "ity", "s"))


def _add(tokens: Tokens, masked: str, folded: str, start: int, end: int) -> None:
    key = folded[start:end]
    if key == "net" and start and masked[start - 1] == "." and _is_dotnet(tokens, start):
        start, key = start - 1, ".net"
    tokens.start.append(start)
    tokens.end.append(end)
    tokens.key.append(key)


def _is_dotnet(tokens: Tokens, start: int) -> bool:
    touching = bool(tokens.end) and tokens.end[-1] == start - 1
    if not touching:
        return True
    return tokens.key[-1] in ("asp", "ado", "vb", "ml") or tokens.text[start : start + 3] == "NET"


@dataclass(frozen=True, slots=True)
class _Splitter:
    """Splits words that lost the line break between them; `lost_breaks`: the text lost many."""

    known: frozenset[str]
    item_starters: frozenset[str]
    lost_breaks: bool

    def words(self, text: str, start: int, end: int) -> list[tuple[int, int]]:
        """Return the spans of the words in text[start:end], which contains no spaces."""
        word = text[start:end]
        if word.islower() or word.istitle() or word.isupper() or fold(word) in self.known:
            return [(start, end)]
        for cut in _CAMEL_CASE.finditer(word):
            if self._should_split(word[: cut.start()], word[cut.start() :]):
                middle = start + cut.start()
                return [(start, middle), *self.words(text, middle, end)]
        return [(start, end)]

    def _should_split(self, written: str, following: str) -> bool:
        left, right = fold(written), fold(_CAMEL_CASE.split(following)[0])
        if right in self.item_starters and (self.lost_breaks or right == fold(following)):
            return len(left) > 2 or left in self.known
        lower = written.islower() and len(left) > 2
        if right in self.known and (lower or left in self.known or self.lost_breaks):
            return True
        named = (left in self.known and len(left) > 2) or min(len(left), len(right)) > 3
        return self.lost_breaks and len(right) > 2 and (lower or named)


def _set_gaps(tokens: Tokens, masked: str, forced_breaks: set[int]) -> None:
    sentence, sentence_start = 0, 0
    for i in range(len(tokens)):
        if i and tokens.gap[i - 1] == BREAK:
            sentence_start = i
        tokens.sentence.append(sentence)
        if i + 1 == len(tokens):
            tokens.gap.append(BREAK)
            break
        cut = i + 1 in forced_breaks or i - sentence_start >= MAX_SENTENCE_WORDS
        gap = BREAK if cut else _gap(tokens, masked, i)
        tokens.gap.append(gap)
        sentence += gap == BREAK


def _gap(tokens: Tokens, masked: str, i: int) -> int:
    between = masked[tokens.end[i] : tokens.start[i + 1]]
    if between in (" ", "", "-", "/"):
        return JOINED
    if "\n" in between:
        return _line_break_gap(tokens, masked, i, between)
    if between == ".":
        return _dot_gap(tokens, i)
    if _INLINE_BULLET.search(between) or (between == ")" and tokens.word(i + 1)[0].isupper()):
        return BREAK
    if _SENTENCE_END.search(between) and not _is_abbreviation(tokens, i, between):
        return BREAK
    return (
        JOINED
        if len(between) <= 5 and _CONNECTORS.issuperset(between) and " - " not in between
        else SOFT
    )


def _is_abbreviation(tokens: Tokens, i: int, between: str) -> bool:
    if not between.startswith(".") or any(mark in between for mark in "!?…;"):
        return False
    following = tokens.text[tokens.start[i + 1]]
    if tokens.key[i] in ("etc", "usw") and following.isupper():
        return False
    one_letter = len(tokens.key[i]) == 1 and tokens.key[i] not in ("c", "r")
    return tokens.key[i] in _ABBREVIATIONS or one_letter


def _dot_gap(tokens: Tokens, i: int) -> int:
    following, key = tokens.word(i + 1), tokens.key[i + 1]
    if key in _DOT_SUFFIXES or key == ".net" or not following[0].isupper():
        return JOINED
    return BREAK if len(following) >= 4 or tokens.word(i).islower() else JOINED


def _line_break_gap(tokens: Tokens, masked: str, i: int, between: str) -> int:
    if between.count("\n") > 1 and re.search(r"\n\s*\n", between):
        return BREAK
    begin = masked.rfind("\n", 0, tokens.end[i]) + 1
    wrapped = tokens.end[i] - begin >= 45 and not _SENTENCE_END.search(between)
    plain_next = not re.search(r"\n\s*[-*+•●▪◦‣➢➤✔✓✅►·∙#>|–—]", between)
    if wrapped and plain_next and _is_continuation(tokens, i, between):
        return SOFT if re.search(r"[,:()]", between) else JOINED
    return BREAK


def _is_continuation(tokens: Tokens, i: int, between: str) -> bool:
    """Return whether the next line continues a sentence that was wrapped at the page width."""
    if tokens.word(i + 1)[0].islower() or between.startswith((",", "/", "&")):
        return True
    return tokens.word(i).islower() and len(tokens.word(i)) <= 4 and ":" not in between
