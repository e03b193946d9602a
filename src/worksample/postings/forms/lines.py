"""Split an ad into display lines: headings, list items, paragraphs and gaps."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from worksample.postings.forms.highlights import Piece

_WRAP_WIDTH = 60
"""A line of at least this length was wrapped if another text line follows."""


@dataclass(slots=True)
class Line:
    """One line: its kind ("text", "heading", "item" or "gap") and its pieces."""

    kind: str = "text"
    pieces: list[Piece] = field(default_factory=list)


def display_lines(pieces: Iterable[Piece]) -> list[Line]:
    """Return the lines of an ad; the marks of headings and items become the kind of the line."""
    lines = [Line()]
    for piece in pieces:
        for number, part in enumerate(piece.text.split("\n")):
            if number:
                lines.append(Line())
            if part:
                lines[-1].pieces.append(Piece(part, piece.requirement, piece.fact, piece.main))
    for line in lines:
        _set_kind(line)
    return _without_gaps(_unwrapped(lines))


def _set_kind(line: Line) -> None:
    first = line.pieces[0] if line.pieces else None
    if first is None or not first.text.strip():
        line.kind = "gap" if len(line.pieces) < 2 else "text"
        return
    text = first.text.lstrip()
    for mark, kind in (("#", "heading"), ("- ", "item"), ("* ", "item"), ("• ", "item")):
        if text.startswith(mark):
            line.kind = kind
            line.pieces[0] = Piece(text.lstrip("#-*• "), first.requirement, first.fact, first.main)
            return


def _unwrapped(lines: Sequence[Line]) -> list[Line]:
    """Join the lines of wrapped paragraphs."""
    kept: list[Line] = []
    for line in lines:
        before = kept[-1] if kept else Line("gap")
        wrapped = line.kind == before.kind == "text" and _length(before) >= _WRAP_WIDTH
        if wrapped or (
            line.kind == "text" and before.kind == "item" and line.pieces[0].text[:1] == " "
        ):
            before.pieces += [Piece(" "), *line.pieces]
        else:
            kept.append(line)
    return kept


def _length(line: Line) -> int:
    return sum(len(piece.text) for piece in line.pieces)


def _without_gaps(lines: Sequence[Line]) -> list[Line]:
    kept: list[Line] = []
    for line in lines:
        if line.kind != "gap" or (kept and kept[-1].kind != "gap"):
            kept.append(line)
    return kept
