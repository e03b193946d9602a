"""The layout of an ad: its sections (requirements, nice-to-have, tasks, benefits, ...)."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass, field

TITLE, PLAIN, LIST = "title", "plain", "list"
"""Sections without a known heading: title, running text, list under an unknown heading."""


@dataclass(slots=True)
class Layout:
    """The sections of a text: `names[i]` starts at the character offset `starts[i]`."""

    starts: list[int] = field(default_factory=lambda: [0])
    names: list[str] = field(default_factory=lambda: [PLAIN])
    headings: list[tuple[int, int, int]] = field(default_factory=list)
    """For each heading: its start, its end, and the end of the text that it can apply to."""

    inline_starts: set[int] = field(default_factory=set)
    """The starts of sections whose heading is within a line."""

    def in_running_text(self, position: int) -> bool:
        """Return whether the heading of the section at `position` is within a line."""
        return self.section_start(position) in self.inline_starts

    def section_at(self, position: int) -> str:
        """Return the name of the section at the character offset `position`."""
        return self.names[bisect_right(self.starts, position) - 1]

    def section_start(self, position: int) -> int:
        """Return the character offset at which the section at `position` starts."""
        return self.starts[bisect_right(self.starts, position) - 1]

    @property
    def is_structured(self) -> bool:
        """Whether headings mark the requirements, tasks or tech stack.

        One heading within a line makes no structure ("These are our requirements: ...").
        """
        marked = [
            start in self.inline_starts
            for start, name in zip(self.starts, self.names, strict=True)
            if name in ("required", "optional", "tasks", "stack")
        ]
        return len(marked) > 1 or marked == [False]

    def heading_at(self, position: int) -> tuple[int, int] | None:
        """Return the span of the heading that applies to `position`, or None."""
        over = [(a, b) for a, b, until in self.headings if a <= position < until]
        return over[-1] if over else None

    def start_section(self, position: int, section: str) -> None:
        """Start `section` at the character offset `position`."""
        if position == self.starts[-1]:
            self.names[-1] = section
        elif section != self.names[-1]:
            self.starts.append(position)
            self.names.append(section)
