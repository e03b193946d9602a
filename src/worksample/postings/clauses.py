"""The clauses in which an ad speaks of degrees: sentences, list items and cells of tables."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

_END = re.compile(
    r"\n|[!?;•|]|\s-(?=[a-z])|"
    r"(?<![.\s][a-z])(?<!\b[a-z])(?<!\b(?:ca|dr|eq|lt|ph|sc|st|nr))"
    r"(?<!\b(?:bzw|esp|etc|evt|exp|ggf|inf|ing|lic|min|pro|req|uni|dip))"
    r"(?<!\b(?:dipl|equi|evtl|incl|inkl|pref|prof|univ|mind))(?<!\b(?:equiv|vergl|infor))"
    r"(?<!\babgeschl)\.(?=\s)"
)
_WRAP = re.compile(r"(?<=[\w,(/&+])[ \t]*\n[ \t]*(?=\w)")
"""A line break after which a sentence may go on."""

_WIDTH = 55
"""The least number of characters of a line that a mail program wraps."""


@dataclass(frozen=True, slots=True)
class Clause:
    """A clause of a folded text: its span, and the rest of its line after it."""

    text: str
    start: int
    end: int
    rest: str

    @property
    def is_question(self) -> bool:
        """Whether the clause ends in a question mark."""
        return self.text.rstrip().endswith("?")


def find_clauses(original: str, folded: str) -> Iterator[Clause]:
    """Yield the clauses of a text. A dot in an abbreviation does not end one.

    `folded` is the folded text, of the same length as the original. A question is one clause with
    the sentence that answers it, and a label such as "Degree:" one with the cell after it.
    """
    joined = _join_wrapped_lines(original, folded)
    begin = 0
    for match in _END.finditer(joined):
        clause = _clause(joined, begin, match.end())
        if clause.is_question or _is_label(clause):
            continue
        yield clause
        begin = match.end()
    yield _clause(joined, begin, len(joined))


def _is_label(clause: Clause) -> bool:
    """Return whether the clause is all of a row up to its first cell ("| Degree |")."""
    cells = [cell for cell in clause.text.split("|") if cell.strip()]
    return clause.text.endswith("|") and len(cells) < 2 and clause.text.lstrip()[0] == "|"


def _clause(text: str, begin: int, end: int) -> Clause:
    rest = "" if text[end - 1 : end] == "\n" else text[end : end + 160].split("\n")[0]
    return Clause(text[begin:end], begin, end, rest)


def _join_wrapped_lines(original: str, folded: str) -> str:
    """Replace the line breaks within sentences by spaces.

    A long line goes on in the next one if that begins with a lower-case letter.
    """

    def join(match: re.Match[str]) -> str:
        line_start = original.rfind("\n", 0, match.start()) + 1
        long = match.start() - line_start >= _WIDTH
        goes_on = original[match.end()].islower()
        return " " * len(match[0]) if long and goes_on else match[0]

    return _WRAP.sub(join, folded)
