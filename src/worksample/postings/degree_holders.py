"""Whose degree a clause is about: the candidate's, or that of somebody else."""

from __future__ import annotations

import re

from worksample.postings.clauses import Clause
from worksample.postings.degree_mentions import DegreeMention, pattern

_NAMED = re.compile(
    r"\b(?P<name>[^\W\d_a-zà-ÿ][a-zà-ÿ]+)(?:, [^,]{1,60},)? "
    r"(?P<verb>has|had|holds|studied|hat|hatte|avait|a(?= (?:un|une|fait|obtenu|étudié)\b)|"
    r"tiene|tenia|tem|tinha|fez|is|was|est|était|es|era|é)\b(?P<rest>[^,;:]{0,40})$"
)
"""A name with its verb ("Maria holds a", "Tomás, que começou isto, é"), before a degree."""

_FAR = 400
"""The number of characters before a degree that are read, which bounds the time for long lines."""

_IS = frozenset(("is", "was", "est", "était", "es", "era", "é"))


def is_of_somebody_else(original: str, clause: Clause, mention: DegreeMention) -> bool:
    """Return whether the degree is one that a colleague, a customer or a trainee has.

    `original` is the clause before folding, of the same length.
    """
    before = clause.text[max(0, mention.start - _FAR) : mention.start]
    around = clause.text[max(0, mention.start - 60) : mention.end + 30]
    if pattern("trainee").search(around) or pattern("colleague").search(before):
        return True
    if pattern("candidate").search(before):
        return False
    return bool(pattern("several").search(before)) or _is_of_person_with_name(original, mention)


def _is_of_person_with_name(original: str, mention: DegreeMention) -> bool:
    """Return whether a person with a name has the degree ("Maria holds a PhD")."""
    match = _NAMED.search(original[max(0, mention.start - _FAR) : mention.start])
    if not match or pattern("no_name").fullmatch(match["name"].lower()):
        return False
    named = original[mention.start : mention.end].lower()
    return match["verb"] not in _IS or bool(pattern("graduate").match(named))
