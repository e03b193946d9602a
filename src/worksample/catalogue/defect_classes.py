"""Classes of defects, and what a comment in a review must mention to name one.

`defect_classes.toml` has them, with the ids (CWE, OWASP) by which a mutant says what it plants.
"""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

_DATA = Path(__file__).with_name("defect_classes.toml")
#: What parts words, beside spaces; "+", "(" and the like belong to `n+1` and `count(*)`.
_BETWEEN = re.compile(r"""[-_`*"'“”„«»’/.,;:!?]+""")
_MORE_LETTERS = str.maketrans({"ß": "ss", "æ": "ae", "œ": "oe", "ø": "o"})


@dataclass(frozen=True, slots=True)
class DefectClass:
    """A class of defects: the ids that mutants use for it, and how people speak of it.

    The words of a `wide` class are in half of all comments.
    A comment that matches `named` names the class; one that matches `mentioned` says enough for a
    defect of the class. What matches the first matches the second.
    """

    id: str
    title: str
    ids: frozenset[str]
    wide: bool
    named: re.Pattern[str]
    mentioned: re.Pattern[str]


@cache
def defect_classes() -> Mapping[str, DefectClass]:
    """Return id -> class."""
    table = tomllib.loads(_DATA.read_text(encoding="utf-8"))
    found = {}
    for name, entry in table.items():
        words = [word for words in entry["words"].values() for word in words]
        found[name] = DefectClass(
            id=name,
            title=entry["title"],
            ids=frozenset(entry["ids"]),
            wide=entry.get("wide", False),
            named=pattern_of(entry["names"]),
            mentioned=pattern_of([*entry["names"], *words]),
        )
    return found


def classes_of(defect: str) -> frozenset[str]:
    """Return the ids of the classes that `defect` of a mutant's header belongs to.

    `defect` is one id or several, with commas between them.
    """
    ids = {each.strip() for each in defect.split(",")}
    return frozenset(each.id for each in defect_classes().values() if ids & each.ids)


def classes_named(text: str) -> frozenset[str]:
    """Return the ids of the classes that a comment names."""
    plain = normalized(text)
    return frozenset(each.id for each in defect_classes().values() if each.named.search(plain))


def classes_mentioned(text: str) -> frozenset[str]:
    """Return the ids of the classes of whose defects a comment says enough."""
    plain = normalized(text)
    return frozenset(each.id for each in defect_classes().values() if each.mentioned.search(plain))


def pattern_of(entries: Iterable[str]) -> re.Pattern[str]:
    """Return what finds any of `entries`, written as in `defect_classes.toml`, in normalized text.

    Without entries it finds nothing.
    """
    return re.compile("|".join(map(_expression, entries)) or r"(?!)")


def normalized(text: str) -> str:
    """Return `text` in small letters, without accents, its words parted by single spaces.

    Signs that are no part of a word (`n+1`, `count(*)`) stay where they have no spaces around.
    """
    decomposed = unicodedata.normalize("NFKD", text.casefold().translate(_MORE_LETTERS))
    letters = "".join(each for each in decomposed if not unicodedata.combining(each))
    return f" {' '.join(_BETWEEN.sub(' ', letters).split())} "


def _expression(entry: str) -> str:
    inside, whole = entry.startswith("*"), entry.startswith("=")
    ends = whole or entry.endswith(" ")
    text = normalized(entry.strip("=* ")).strip()
    return ("" if inside else r"(?<!\w)") + re.escape(text) + (r"(?!\w)" if ends else "")
