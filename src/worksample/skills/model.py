"""The data model of a skill."""

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

    `forms` maps a language code to phrase patterns (see `postings.patterns`); "en" also holds
    forms that are the same in all languages. `exact` forms are case-sensitive. `weak` forms are
    case-sensitive and ambiguous: they need a list of other technologies, one of the context words
    in `near`, or (`mid_sentence`) a capital letter in the middle of a sentence. `hints` are
    phrases that may mean the skill: they are reported as unsure. `junior` says in one sentence
    what a junior developer does with the skill.
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
        """Whether this is a technology, not a practice or a soft skill."""
        return self.kind in TECHNOLOGY_KINDS
