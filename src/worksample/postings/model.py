"""The data model of a parsed job ad."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

Level = Literal["required", "optional", "used"]
DegreeLevel = Literal["bachelor", "master", "other"]
Strength = Literal["required", "preferred", "or-equivalent", "in-progress"]

LEVELS: tuple[Level, ...] = ("required", "optional", "used")


@dataclass(frozen=True, slots=True)
class Source:
    """The text of one ad and the metadata of its file.

    `name` is the file as the user named it, followed by `#number` if the file contains several
    ads. `title` and `company` are empty if the file states them only in the text.
    """

    name: str
    text: str
    title: str = ""
    company: str = ""


@dataclass(frozen=True, slots=True)
class Requirement:
    """One skill that an ad requires, with the quote that names it: text[start:end] == quote.

    `because` is the reason for the level, `alternatives` the name of the choice to which the
    skill belongs, and `other_spans` holds the character spans of the other mentions.
    """

    skill: str
    level: Level
    quote: str
    start: int
    end: int
    because: str
    unsure: bool = False
    alternatives: str | None = None
    other_spans: tuple[tuple[int, int], ...] = ()


@dataclass(frozen=True, slots=True)
class Degree:
    """The degree that an ad requires, and the character span of the words that name it."""

    level: DegreeLevel
    strength: Strength
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Years:
    """The minimum years of experience, and the character span of the words that state it."""

    minimum: float
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Posting:
    """One parsed ad."""

    source: Source
    title: str
    language: str
    is_backend: bool
    role: str
    requirements: tuple[Requirement, ...]
    years: Years | None = None
    degree: Degree | None = None
    notes: tuple[str, ...] = field(default=())

    @property
    def sure(self) -> tuple[Requirement, ...]:
        """The requirements that are not marked as unsure."""
        return tuple(r for r in self.requirements if not r.unsure)
