"""The sections of an ad: which part asks, which part wishes, which part only tells."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass, field

TITLE, PLAIN, LIST = "title", "plain", "list"
"""Parts that no heading names: the title, running text, items under a heading not known."""


@dataclass(slots=True)
class Layout:
    """Where each section of a text begins."""

    starts: list[int] = field(default_factory=lambda: [0])
    names: list[str] = field(default_factory=lambda: [PLAIN])
    headings: list[tuple[int, int, int]] = field(default_factory=list)
    """Of each heading where it begins and ends, and how far it can reach at most."""

    inline_starts: set[int] = field(default_factory=set)

    def in_running_text(self, position: int) -> bool:
        """Whether the section of this character was begun within a line, not by a heading."""
        return self.starts[bisect_right(self.starts, position) - 1] in self.inline_starts

    def section_at(self, position: int) -> str:
        """The section in which this character stands."""
        return self.names[bisect_right(self.starts, position) - 1]

    @property
    def is_structured(self) -> bool:
        """Whether any part says by its heading what it asks."""
        return bool({"required", "optional", "tasks", "stack"} & set(self.names))

    def heading_at(self, position: int) -> tuple[int, int] | None:
        """The span of the last heading before this character."""
        over = [(a, b) for a, b, until in self.headings if a <= position < until]
        return over[-1] if over else None

    def start_section(self, position: int, section: str) -> None:
        """Let `section` begin here."""
        if position == self.starts[-1]:
            self.names[-1] = section
        elif section != self.names[-1]:
            self.starts.append(position)
            self.names.append(section)
