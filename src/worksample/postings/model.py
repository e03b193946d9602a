"""What is known about a job ad after reading it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

Level = Literal["required", "optional", "used"]
DegreeLevel = Literal["bachelor", "master", "other"]
Strength = Literal["required", "preferred", "or-equivalent", "in-progress"]

LEVELS: tuple[Level, ...] = ("required", "optional", "used")


@dataclass(frozen=True, slots=True)
class Source:
    """The readable text of one ad, and what its file said about it apart from the text.

    `name` is where it came from, as the user said it, with a number when a file holds several.
    """

    name: str
    text: str
    title: str = ""
    company: str = ""


@dataclass(frozen=True, slots=True)
class Requirement:
    """One skill that an ad asks, with the words that say so: text[start:end] == quote."""

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
    """The degree that an ad asks, and the words that say so."""

    level: DegreeLevel
    strength: Strength
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Years:
    """The years of experience that an ad asks at least, and the words that say so."""

    minimum: float
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Posting:
    """One ad, understood."""

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
        """The requirements that are asserted."""
        return tuple(r for r in self.requirements if not r.unsure)
