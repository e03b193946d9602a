"""Cut the text of an ad into plain pieces and the words that say something."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from worksample.postings.model import Posting, Requirement

_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of the ad's text, and the requirement or fact that it speaks of.

    `fact` is "years", "degree" or empty.
    """

    text: str
    requirement: Requirement | None = None
    fact: str = ""
    main: bool = False


def highlighted_pieces(posting: Posting) -> Iterator[Piece]:
    """The whole text in order, cut at every word that says something; no piece overlaps another."""
    text, at = posting.source.text, 0
    for start, end, piece in sorted(_spans(posting), key=lambda span: (span[0], -span[1])):
        if start < at:
            continue
        yield Piece(replace_control_chars(text[at:start]))
        yield Piece(
            replace_control_chars(text[start:end]), piece.requirement, piece.fact, piece.main
        )
        at = end
    yield Piece(replace_control_chars(text[at:]))


def _spans(posting: Posting) -> Iterator[tuple[int, int, Piece]]:
    for requirement in posting.requirements:
        yield requirement.start, requirement.end, Piece("", requirement, main=True)
        for start, end in requirement.other_spans:
            yield start, end, Piece("", requirement)
    if posting.years:
        yield posting.years.start, posting.years.end, Piece("", fact="years")
    if posting.degree:
        yield posting.degree.start, posting.degree.end, Piece("", fact="degree")


def replace_control_chars(text: str) -> str:
    """The text without what could command a terminal or turn the direction of writing."""
    return _CONTROL.sub("\ufffd", text)
