"""SQLSTATE codes, and psycopg's exceptions as `DatabaseError`.

https://www.postgresql.org/docs/current/errcodes-appendix.html
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager

import psycopg

from worksample.errors import DatabaseError
from worksample.messages import message

#: SQLSTATE classes: integrity constraint violation, and transaction rollback.
CONFLICTS = ("23", "40")
LOCK_NOT_AVAILABLE = "55P03"
_CAPITAL = re.compile("[A-Z]")


class SqlStates:
    """See `ErrorCodes`; a code is a SQLSTATE."""

    def describe(self, code: str) -> str:
        """Return PostgreSQL's name for the error: `deadlock detected (40P01)`."""
        try:
            name = psycopg.errors.lookup(code).__name__
        except KeyError:
            return message("error {code}", code=code)
        return f"{_CAPITAL.sub(lambda found: ' ' + found[0].lower(), name).strip()} ({code})"

    def is_conflict(self, code: str) -> bool:
        """See `ErrorCodes`."""
        return code.startswith(CONFLICTS)

    def is_lock_refusal(self, code: str) -> bool:
        """See `ErrorCodes`."""
        return code == LOCK_NOT_AVAILABLE


@contextmanager
def database_errors() -> Iterator[None]:
    """Raise `DatabaseError` in place of psycopg's exceptions within the block."""
    try:
        yield
    except psycopg.Error as error:
        raise DatabaseError(str(error)) from error
