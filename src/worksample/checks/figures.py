"""What a finding shows besides words: who did what when, and how something grows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar


@dataclass(frozen=True, slots=True)
class TimelineStep:
    """One line of a timeline: what the actor number `actor` (from 0) did at this point.

    `note` is what befell it there ("held here", "waits for A's lock", "killed"); `mark` says that
    it is here that things go wrong. All text may come from a target.
    """

    actor: int
    text: str
    note: str = ""
    mark: bool = False


@dataclass(frozen=True, slots=True)
class Timeline:
    """The steps of several actors ("A", "B") in the order in which they happened.

    `actors` are their names and what they ask, in a few words: ("A", "ann marks a favourite").
    """

    kind: ClassVar[str] = "timeline"
    title: str
    actors: tuple[tuple[str, str], ...]
    beats: tuple[TimelineStep, ...]


@dataclass(frozen=True, slots=True)
class Growth:
    """Measured numbers (`lines`: name and one value for each of `sizes`) as something grows.

    `size_of` says what the sizes count ("entries on the page"), `unit` what the values count.
    """

    kind: ClassVar[str] = "growth"
    title: str
    size_of: str
    unit: str
    sizes: tuple[float, ...]
    lines: tuple[tuple[str, tuple[float, ...]], ...]


Figure = Timeline | Growth
