"""What the vocabulary knows about one skill."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

KINDS: tuple[str, ...] = (
    "language",
    "framework",
    "relational-db",
    "nosql",
    "cache",
    "broker",
    "cloud",
    "container",
    "ci",
    "observability",
    "testing",
    "api",
    "security",
    "cs-fundamentals",
    "practice",
    "soft",
)

LANGUAGES: tuple[str, ...] = ("en", "de", "fr", "es", "pt", "it", "pl")

TECHNOLOGY_KINDS: frozenset[str] = frozenset(KINDS[:10]) | {"api"}


@dataclass(frozen=True, slots=True)
class Skill:
    """One entry of the vocabulary.

    `forms` maps a language code to phrases in the small pattern language of `postings.patterns`
    ("en" holds what is the same in all languages). `exact` forms count only in this very case.
    `weak` forms are exact too, and need a witness: a list of other technologies, one of the
    words in `near`, or (`mid_sentence`) a capital where no sentence begins. `hints` are phrases
    that may mean the skill: they are shown as unsure.
    """

    id: str
    name: str
    kind: str
    junior: str
    forms: Mapping[str, tuple[str, ...]]
    exact: tuple[str, ...] = ()
    weak: tuple[str, ...] = ()
    near: tuple[str, ...] = ()
    hints: tuple[str, ...] = ()
    not_before: tuple[str, ...] = ()
    not_after: tuple[str, ...] = ()
    mid_sentence: bool = False
    needs_list: bool = False
    umbrella_of: tuple[str, ...] = ()
    shown_by: tuple[str, ...] = ()
    touched_by: tuple[str, ...] = ()
    same_as: Mapping[str, str] = field(default_factory=dict)

    @property
    def is_technology(self) -> bool:
        """Whether this is a tool one can name, not a way of working."""
        return self.kind in TECHNOLOGY_KINDS
