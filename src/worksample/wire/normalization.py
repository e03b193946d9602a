"""The shape of a statement: what is left when its values are taken out."""

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
    """Return a statement without comments and values, in lower case outside of double quotes.

    `SELECT a FROM t WHERE b IN (1, 2)` and `... IN ($1)` are one: a list of values is `?...`.
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
    """Whether a statement only begins, ends or divides a transaction."""
    return _CONTROL.match(normalized_sql(sql)) is not None
