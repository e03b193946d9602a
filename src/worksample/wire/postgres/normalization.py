"""Normalized SQL: a statement without its values, as in pg_stat_statements."""

from __future__ import annotations

import re
from functools import lru_cache

from worksample.wire.sql_shapes import begins_or_ends_transaction, without_values

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


@lru_cache(maxsize=4096)
def normalized_sql(sql: str) -> str:
    """Return `sql` without comments and values, in lower case except for quoted identifiers.

    A value becomes `?`, a list of at least two values `?...`: `b IN (1, 2)` and `b IN ($1, $2, $3)`
    both become `b in (?...)`.
    """
    return without_values(sql, _PARTS)


def is_control(sql: str) -> bool:
    """Whether a statement is transaction control: BEGIN, COMMIT, ROLLBACK, SAVEPOINT and so on."""
    return begins_or_ends_transaction(normalized_sql(sql))
