"""Normalized SQL: a statement without its values, as in pg_stat_statements."""

from __future__ import annotations

import re
from functools import lru_cache

_PARTS = re.compile(
    r"""
    (?P<gap> (?: \s+ | --[^\n]* | /\*.*?\*/ )+ )
  | (?P<quoted> "(?:[^"]|"")*" )
  | (?P<value>
        [eE]'(?:[^'\\]|\\.|'')*' | '(?:[^']|'')*'
      | \$(?P<tag>[A-Za-z_]\w*)?\$ .*? \$(?(tag)(?P=tag))\$
      | \$\d+ | (?<![\w.])\d[\w.]*
    )
    """,
    re.VERBOSE | re.DOTALL,
)
_LIST = re.compile(r"\?(?:\s*,\s*\?)+")
_ROWS = re.compile(r"(\(\?\.*\))(?:\s*,\s*\(\?\.*\))+")
_SPACES = re.compile(r"\s+")
_CONTROL = re.compile(
    r"(?:begin|start transaction|commit|end|rollback|abort|savepoint|release|set transaction"
    r"|prepare transaction)\b"
)


@lru_cache(maxsize=4096)
def normalized_sql(sql: str) -> str:
    """Return `sql` without comments and values, in lower case except for quoted identifiers.

    A value becomes `?`, a list of at least two values `?...`: `b IN (1, 2)` and `b IN ($1, $2, $3)`
    both become `b in (?...)`.
    """
    found: list[str] = []
    at = 0
    for part in _PARTS.finditer(sql):
        found.append(sql[at : part.start()].lower())
        found.append(" " if part["gap"] else part["quoted"] or "?")
        at = part.end()
    found.append(sql[at:].lower())
    flat = _SPACES.sub(" ", "".join(found)).strip(" ;")
    return _ROWS.sub(r"\1...", _LIST.sub("?...", flat))


def is_control(sql: str) -> bool:
    """Whether a statement is transaction control: BEGIN, COMMIT, ROLLBACK, SAVEPOINT and so on."""
    return _CONTROL.match(normalized_sql(sql)) is not None
