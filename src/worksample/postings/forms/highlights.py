"""Split the text of an ad into plain and highlighted pieces."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from worksample.postings.model import Posting, Requirement

_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")


@dataclass(frozen=True, slots=True)
class Piece:
    """A piece of the ad's text, and the requirement or fact that it states, if any.

    `fact` is "years", "degree" or empty. `main` marks the mention that is quoted.
    """

    text: str
    requirement: Requirement | None = None
    fact: str = ""
    main: bool = False


def highlighted_pieces(posting: Posting) -> Iterator[Piece]:
    """Yield the complete text in order, split at each requirement and fact, without overlaps."""
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
    """Replace terminal control characters and bidirectional overrides with U+FFFD."""
    return _CONTROL.sub("\ufffd", text)
