"""The cells of tables in Markdown, and the sections that their head row or first column names."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import pairwise

from worksample.postings.lines import Line
from worksample.postings.tokens import Tokens

Classify = Callable[[Line], str | None]
"""Returns the section that the words of a cell are the heading of, if any."""

_LEVELS = frozenset(("required", "optional"))


@dataclass(slots=True)
class Table:
    """The table whose rows are being read: `columns` holds the section of each column."""

    columns: list[str | None] = field(default_factory=list)

    @property
    def has_levels(self) -> bool:
        """Whether the head row tells the required from the optional ("Must | Nice")."""
        return bool(_LEVELS & set(self.columns))

    def cells(self, tokens: Tokens, line: Line, classify: Classify) -> Iterator[tuple[Line, str]]:
        """Yield the cells of a row with their sections; a head row yields nothing."""
        row = list(_cells(tokens, line))
        named = [classify(cell) for cell in row]
        if not self.columns and len(_LEVELS & set(named)) and sum(map(bool, named)) > 1:
            self.columns = named
        elif self.has_levels:
            for cell, section in zip(row, self.columns, strict=False):
                yield cell, section or ""
        elif row and named[0]:
            for cell in row[1:]:
                yield cell, named[0]


def is_row(tokens: Tokens, line: Line) -> bool:
    """Return whether a line is a row of a table in Markdown with at least two cells."""
    text = tokens.text[line.start : line.end].strip()
    return text.startswith("|") and text.count("|") > 2


def _cells(tokens: Tokens, line: Line) -> Iterator[Line]:
    """Yield the text between the bars of a row as lines, empty cells included."""
    bars = [i for i in range(line.start, line.end) if tokens.text[i] == "|"]
    if bars and tokens.text[bars[-1] + 1 : line.end].strip():
        bars.append(line.end)
    for start, end in pairwise(bars):
        words = [i for i in range(line.first, line.last) if start < tokens.start[i] < end]
        first = words[0] if words else line.first
        yield Line(start + 1, end, first, words[-1] + 1 if words else first, False)
