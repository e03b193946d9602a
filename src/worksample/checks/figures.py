"""Figures of a finding: the time line of a race, and the growth of a measured value."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar


@dataclass(frozen=True, slots=True)
class TimelineStep:
    """One line of a timeline: what actor number `actor` (from 0) did.

    `note` says what happened to the actor at this step ("held here", "killed"). `mark` highlights
    the step that causes the failure. All text may come from a target and is untrusted.
    """

    actor: int
    text: str
    note: str = ""
    mark: bool = False


@dataclass(frozen=True, slots=True)
class Timeline:
    """The steps of several actors ("A", "B") in the order in which they happened.

    `actors` are pairs of name and request label, such as ("A", "ann marks a favourite").
    """

    kind: ClassVar[str] = "timeline"
    title: str
    actors: tuple[tuple[str, str], ...]
    beats: tuple[TimelineStep, ...]


@dataclass(frozen=True, slots=True)
class Growth:
    """Measured values by size.

    `lines` holds one (name, values) pair for each curve, with one value for each of `sizes`.
    `size_of` is what the sizes count ("entries on the page"), `unit` what the values count.
    """

    kind: ClassVar[str] = "growth"
    title: str
    size_of: str
    unit: str
    sizes: tuple[float, ...]
    lines: tuple[tuple[str, tuple[float, ...]], ...]


Figure = Timeline | Growth
