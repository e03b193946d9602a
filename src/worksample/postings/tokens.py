"""Cut a text into words that know where they stand and what parts them from the next.

All positions are character offsets into the text, which is never changed: folding keeps its
length, so a word's key can be compared without accents and case while its own letters stay.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, field

LONGEST = 250
"""Words of a sentence: what is longer is no sentence, and is cut so that nothing grows with it."""

JOINED, SOFT, BREAK = 0, 1, 2
"""Between two words: nothing to speak of; a comma, bracket or colon; the end of a sentence."""

_WORD = re.compile(
    r"[Cc]\+\+|[CcFf]#|[A-Za-z\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u1fff]+|[\u2e80-\u9fff\uac00-\ud7af]|\d+"
)
"""Words; scripts without spaces between words give one word for each sign."""
_HIDDEN = re.compile(
    r"(?:https?://|www\.)[^\s)>\]]+|(?<![\w.+-])[\w.+-]{1,64}@[\w-]{1,64}\.[\w.]{1,64}"
    r"|(?<![\w-])[\w-]{1,64}(?:\.[\w-]{1,64}){0,4}"
    r"\.(?:com|org|co|eu|ai|app|jobs|careers)\b(?:/[^\s)]*)?"
)
_INLINE_BULLET = re.compile(r"[•●▪■◦‣➢➤✔✓✅►·∙]|\s\*\s|\s-\s-\s|\s[-–]$")
_O_BULLET = re.compile(r"(?:^|[a-zA-Z: ])o (?=[A-Z])")
_STOP = re.compile(r"[.!?…。！？]+[)\"'”’*_]*(?:\s|$)|[;；]|[!?][A-Z¿¡]|[。！？]")
_CAMEL = re.compile(r"(?<=[a-zà-ÿ])(?=[A-ZÀ-Þ][a-z])|(?<=[A-Z])(?=[A-Z][a-z]{2})")
_INSIDE = frozenset(" \t\u00a0/-.'’`_*&+#~‐‑–—\u200b\\")
_ABBREVIATED = frozenset(
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
_DOTTED = frozenset(("js", "net", "io", "ts"))


def _fold_table() -> dict[int, str]:
    table = {ord("ß"): "s", ord("ł"): "l", ord("Ł"): "l", ord("ø"): "o", ord("İ"): "i"}
    for code in range(0xC0, 0x250):
        plain = unicodedata.normalize("NFD", chr(code))[0]
        if plain.isascii():
            table.setdefault(code, plain.lower())
    return table


_FOLD = _fold_table()


def fold(text: str) -> str:
    """The text in small letters without accents, of exactly the same length."""
    folded = text.translate(_FOLD).lower()
    return folded if len(folded) == len(text) else "".join(c.lower()[:1] or c for c in text)


@dataclass(slots=True)
class Tokens:
    """The words of a text, as parallel lists: word i spans [start[i], end[i]).

    `gap[i]` says what stands between word i and the next; `sentence[i]` numbers the sentences.
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
        """Word i as it is written."""
        return self.text[self.start[i] : self.end[i]]

    def between(self, i: int, j: int) -> str:
        """What stands between the end of word i and the start of word j."""
        return self.text[self.end[i] : self.start[j]]

    def begins_sentence(self, i: int) -> bool:
        """Whether no word of the same sentence stands before word i."""
        return i == 0 or self.gap[i - 1] == BREAK


def tokenize(text: str, known: frozenset[str], starters: frozenset[str]) -> Tokens:
    """Cut `text` into words and sentences.

    `known` holds the folded single words of the vocabulary, `starters` words that begin a new
    item; with them words are parted that lost the line break between them ("RedisExperience").
    Addresses of pages and people give no words.
    """
    visible = _HIDDEN.sub(lambda m: " " * len(m[0]), text)
    folded = fold(visible)
    tokens = Tokens(text)
    glued: set[int] = set()
    lettered = len(_O_BULLET.findall(visible)) > 2
    for match in _WORD.finditer(visible):
        for start, end in _pieces(visible, match.start(), match.end(), known, starters):
            if start > match.start():
                glued.add(len(tokens.start))
            if lettered and _ends_in_bullet(visible, folded, start, end, known):
                glued.add(len(tokens.start) + 1)
                end -= 1
            _add(tokens, visible, folded, start, end)
    _part(tokens, visible, glued)
    return tokens


def _ends_in_bullet(visible: str, folded: str, start: int, end: int, known: frozenset[str]) -> bool:
    """Whether a word took in the letter "o" that stood for the next bullet ("integrationo")."""
    if visible[end - 1] != "o" or not re.match(r" [A-Z]", visible[end : end + 2]):
        return False
    key = folded[start : end - 1]
    return key in known or key.endswith(("ion", "ment", "ing", "ies", "ls", "es", "ity", "s"))


def _add(tokens: Tokens, visible: str, folded: str, start: int, end: int) -> None:
    key = folded[start:end]
    if key == "net" and start and visible[start - 1] == "." and _is_dotnet(tokens, start):
        start, key = start - 1, ".net"
    tokens.start.append(start)
    tokens.end.append(end)
    tokens.key.append(key)


def _is_dotnet(tokens: Tokens, start: int) -> bool:
    touching = bool(tokens.end) and tokens.end[-1] == start - 1
    if not touching:
        return True
    return tokens.key[-1] in ("asp", "ado", "vb", "ml") or tokens.text[start : start + 3] == "NET"


def _pieces(
    text: str, start: int, end: int, known: frozenset[str], starters: frozenset[str]
) -> list[tuple[int, int]]:
    word = text[start:end]
    if word.islower() or word.istitle() or word.isupper() or fold(word) in known:
        return [(start, end)]
    for cut in _CAMEL.finditer(word):
        left, right = word[: cut.start()], word[cut.start() :]
        if _glued(fold(left), fold(right), left, known, starters):
            rest = _pieces(text, start + cut.start(), end, known, starters)
            return [(start, start + cut.start()), *rest]
    return [(start, end)]


def _glued(
    left: str, right: str, written: str, known: frozenset[str], starters: frozenset[str]
) -> bool:
    if right in starters:
        return len(left) > 2 or left in known
    if right in known:
        return left in known or (written.islower() and len(left) > 2)
    return False


def _part(tokens: Tokens, visible: str, glued: set[int]) -> None:
    sentence, began = 0, 0
    for i in range(len(tokens)):
        if i and tokens.gap[i - 1] == BREAK:
            began = i
        tokens.sentence.append(sentence)
        if i + 1 == len(tokens):
            tokens.gap.append(BREAK)
            break
        cut = i + 1 in glued or i - began >= LONGEST
        gap = BREAK if cut else _gap(tokens, visible, i)
        tokens.gap.append(gap)
        sentence += gap == BREAK


def _gap(tokens: Tokens, visible: str, i: int) -> int:
    between = visible[tokens.end[i] : tokens.start[i + 1]]
    if between in (" ", "", "-", "/"):
        return JOINED
    if "\n" in between:
        return _gap_of_lines(tokens, visible, i, between)
    if between == ".":
        return _gap_of_dot(tokens, i)
    if _INLINE_BULLET.search(between):
        return BREAK
    if _STOP.search(between) and not _is_abbreviation(tokens, i, between):
        return BREAK
    return (
        JOINED
        if len(between) <= 5 and _INSIDE.issuperset(between) and " - " not in between
        else SOFT
    )


def _is_abbreviation(tokens: Tokens, i: int, between: str) -> bool:
    if not between.startswith(".") or any(mark in between for mark in "!?…;"):
        return False
    following = tokens.text[tokens.start[i + 1]]
    if tokens.key[i] in ("etc", "usw") and following.isupper():
        return False
    one_letter = len(tokens.key[i]) == 1 and tokens.key[i] not in ("c", "r")
    return tokens.key[i] in _ABBREVIATED or one_letter


def _gap_of_dot(tokens: Tokens, i: int) -> int:
    following, key = tokens.word(i + 1), tokens.key[i + 1]
    if key in _DOTTED or key == ".net" or not following[0].isupper():
        return JOINED
    return BREAK if len(following) >= 4 or tokens.word(i).islower() else JOINED


def _gap_of_lines(tokens: Tokens, visible: str, i: int, between: str) -> int:
    if between.count("\n") > 1 and re.search(r"\n\s*\n", between):
        return BREAK
    begin = visible.rfind("\n", 0, tokens.end[i]) + 1
    wrapped = tokens.end[i] - begin >= 45 and not _STOP.search(between)
    plain_next = not re.search(r"\n\s*[-*+•●▪◦‣➢➤✔✓✅►·∙#>|–—]", between)
    if wrapped and plain_next and _goes_on(tokens, i, between):
        return SOFT if re.search(r"[,:()]", between) else JOINED
    return BREAK


def _goes_on(tokens: Tokens, i: int, between: str) -> bool:
    """Whether a sentence was broken at the width of a page, and no new item begins."""
    if tokens.word(i + 1)[0].islower() or between.startswith((",", "/", "&")):
        return True
    return tokens.word(i).islower() and len(tokens.word(i)) <= 4 and ":" not in between
