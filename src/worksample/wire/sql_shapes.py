"""The shape of a statement in SQL: what protocols share, whatever the dialect."""

from __future__ import annotations

import re

_LIST = re.compile(r"\?(?:\s*,\s*\?)+")
_ROWS = re.compile(r"(\(\?\.*\))(?:\s*,\s*\(\?\.*\))+")
_SPACES = re.compile(r"\s+")
_CONTROL = re.compile(
    r"(?:begin|start transaction|commit|end|rollback|abort|savepoint|release|set transaction"
    r"|prepare transaction)\b"
)


def without_values(sql: str, parts: re.Pattern[str]) -> str:
    """Return `sql` without comments and values, in lower case except for quoted identifiers.

    `parts` finds what is not plain text in the dialect: the groups `gap` (space and comments),
    `quoted` (identifiers) and `value`. A value becomes `?`, a list of at least two values `?...`.
    """
    found: list[str] = []
    at = 0
    for part in parts.finditer(sql):
        found.append(sql[at : part.start()].lower())
        found.append(" " if part["gap"] else part["quoted"] or "?")
        at = part.end()
    found.append(sql[at:].lower())
    flat = _SPACES.sub(" ", "".join(found)).strip(" ;")
    return _ROWS.sub(r"\1...", _LIST.sub("?...", flat))


def begins_or_ends_transaction(shape: str) -> bool:
    """Whether a shape is transaction control: BEGIN, COMMIT, ROLLBACK, SAVEPOINT and so on."""
    return _CONTROL.match(shape) is not None
