"""Whether a clause says that no degree is needed."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from worksample.postings.clauses import Clause
from worksample.postings.degree_mentions import DegreeMention, find_mentions, pattern

_CONTRAST = r"(?:but|aber|mais|pero|mas|sondern|though|although|aunque|obwohl)\b"
_PART = re.compile(rf"[,:()](?: {_CONTRAST})?| {_CONTRAST}")
"""What divides a clause: a negation says nothing about what is beyond it."""

_FAR = 400
"""The number of characters around a degree that are read, which bounds the time for long lines."""

_PRONOUN = 4
"""The number of words of a part that can only refer to the one before ("we don't require it")."""


def is_denied(clause: Clause, mentions: Sequence[DegreeMention]) -> bool:
    """Return whether a clause says that no degree is needed, nor liked."""
    return _denies(clause.text, mentions) and not _likes(clause.text, mentions)


def is_liked_only(text: str, mentions: Sequence[DegreeMention]) -> bool:
    """Return whether a clause says that a degree is liked, but not asked for."""
    return _denies(text, mentions) and _likes(text, mentions)


def _denies(text: str, mentions: Sequence[DegreeMention]) -> bool:
    return _is_hard_denial(text, mentions) or any(_is_not_asked(text, m) for m in mentions)


def _likes(text: str, mentions: Sequence[DegreeMention]) -> bool:
    """Return whether a clause that denies that a degree is needed says that it is liked.

    "A degree looks good, but we do not ask for it" needs no word for that.
    """
    if _is_answered_by_no(text) or not _is_hard_denial(text, mentions):
        in_contrast = any(_Parts.of(text, mention).are_in_contrast for mention in mentions)
        return in_contrast or bool(pattern("liked").search(text))
    return any(pattern("liked").search(_Parts.of(text, mention).own) for mention in mentions)


def _is_hard_denial(text: str, mentions: Sequence[DegreeMention]) -> bool:
    """Return whether a phrase or an answer in the clause denies that a degree is needed."""
    without = (
        pattern("without").search(text[max(0, mention.start - _FAR) : mention.start])
        for mention in mentions
    )
    return bool(pattern("none").search(text)) or _is_answered_by_no(text) or any(without)


def _is_answered_by_no(text: str) -> bool:
    """Return whether a question about degrees is answered by anything but yes or a degree."""
    question = text.find("?")
    if question < 0 or not text[question + 1 :].strip():
        return False
    if pattern("no").match(text, question + 1):
        return True
    answer = text[question + 1 :]
    agrees = (
        pattern("yes").match(answer) or find_mentions(answer) or pattern("liked").search(answer)
    )
    return bool(find_mentions(text[:question])) and not agrees


def _is_not_asked(text: str, mention: DegreeMention) -> bool:
    """Return whether it is negated that one asks for the degree."""
    parts = _Parts.of(text, mention)
    return _negates(parts.own) or parts.following_negates


def _negates(part: str) -> bool:
    return bool(pattern("negation").search(part) and pattern("asking").search(part))


@dataclass(frozen=True, slots=True)
class _Parts:
    """The part of a clause that names a degree, what divides it from the next one, and that."""

    own: str
    divider: str
    following: str

    @classmethod
    def of(cls, text: str, mention: DegreeMention) -> _Parts:
        far = max(0, mention.start - _FAR)
        begin = max((m.end() for m in _PART.finditer(text, far, mention.start)), default=far)
        end = _PART.search(text, mention.end, mention.end + _FAR)
        if end is None:
            return cls(text[begin : mention.end + _FAR], "", "")
        following = _PART.split(text[end.end() : end.end() + _FAR], maxsplit=1)[0]
        return cls(text[begin : end.start()], end[0], following)

    @property
    def following_negates(self) -> bool:
        """Whether the next part is short and negates: it can only be about the degree."""
        short = len(self.following.split()) <= _PRONOUN
        about_experience = pattern("experience").search(self.following)
        return short and not about_experience and _negates(self.following)

    @property
    def are_in_contrast(self) -> bool:
        """Whether a part that does not negate goes on with "but" and one that does."""
        contrast = re.search(_CONTRAST, self.divider)
        return bool(contrast) and not _negates(self.own) and self.following_negates
