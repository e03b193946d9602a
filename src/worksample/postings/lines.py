"""The lines of a text, with the words on each."""

from __future__ import annotations

import re
from dataclasses import dataclass

from worksample.postings.tokens import Tokens

_BULLET = re.compile(r"^\s*(?:[-*+•●▪■◦‣➢➤✔✓✅►·∙–—]|\d{1,2}[.)])\s*(?=\S)(?!\*)")


@dataclass(frozen=True, slots=True)
class Line:
    """One line: its span, its words [first, last) and whether it is an item of a list."""

    start: int
    end: int
    first: int
    last: int
    bullet: bool

    @property
    def words(self) -> int:
        """How many words it holds."""
        return self.last - self.first


def split_lines(tokens: Tokens) -> list[Line]:
    """The lines of a text; empty ones hold no words."""
    lines, at = [], 0
    for match in re.finditer(r"[^\n]*\n?", tokens.text):
        if match.start() == match.end():
            break
        first = at
        while at < len(tokens) and tokens.start[at] < match.end():
            at += 1
        lines.append(Line(match.start(), match.end(), first, at, bool(_BULLET.match(match[0]))))
    return lines
