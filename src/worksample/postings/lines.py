"""Split a text into lines, each with the indexes of its words."""

from __future__ import annotations

import re
from dataclasses import dataclass

from worksample.postings.tokens import Tokens

_BULLET = re.compile(r"^\s*(?:[-*+•●▪■◦‣➢➤✔✓✅►·∙–—]|\d{1,2}[.)])\s*(?=\S)(?!\*)")


@dataclass(frozen=True, slots=True)
class Line:
    """One line: its character span, its words [first, last), and whether it is a list item."""

    start: int
    end: int
    first: int
    last: int
    bullet: bool

    @property
    def words(self) -> int:
        """The number of words."""
        return self.last - self.first


def split_lines(tokens: Tokens) -> list[Line]:
    """Return the lines of a text, blank lines included."""
    lines, at = [], 0
    for match in re.finditer(r"[^\n]*\n?", tokens.text):
        if match.start() == match.end():
            break
        first = at
        while at < len(tokens) and tokens.start[at] < match.end():
            at += 1
        lines.append(Line(match.start(), match.end(), first, at, bool(_BULLET.match(match[0]))))
    return lines
