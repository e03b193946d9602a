"""Ways to work through the database that outlast its troubles."""

import random
import re
import time
from collections.abc import Callable
from functools import wraps
from typing import ParamSpec, TypeVar

from django.db import InterfaceError, OperationalError, connection, transaction
from django.db.utils import Error, IntegrityError
from pymysql.constants import CR, ER

P = ParamSpec("P")
T = TypeVar("T")
ATTEMPTS = 5
# MariaDB's own, which PyMySQL does not name.
CONNECTION_KILLED = 1927
# The transaction was undone in favour of another one, and nothing of it happened. A lock that was
# waited for too long (1205) is none of these: who holds it may go on doing so.
CONFLICTS = {ER.LOCK_DEADLOCK, ER.CHECKREAD}
BROKEN = {CR.CR_SERVER_GONE_ERROR, CR.CR_SERVER_LOST, ER.SERVER_SHUTDOWN, CONNECTION_KILLED}


def reads(work: Callable[P, T]) -> Callable[P, T]:
    """Decorate what only reads: it is repeated once when the connection breaks on the way."""

    @wraps(work)
    def read(*args: P.args, **kwargs: P.kwargs) -> T:
        try:
            return work(*args, **kwargs)
        except (OperationalError, InterfaceError) as error:
            if connection.in_atomic_block or not _lost_on_the_way(error):
                raise
            connection.close()
            return work(*args, **kwargs)

    return read


def run_again(work: Callable[P, T]) -> Callable[P, T]:
    """Decorate one statement or one transaction.

    It is run again when MySQL undid it in favour of somebody else's.
    """

    @wraps(work)
    def insist(*args: P.args, **kwargs: P.kwargs) -> T:
        for attempt in range(1, ATTEMPTS):
            try:
                return work(*args, **kwargs)
            except OperationalError as error:
                if error.args[0] not in CONFLICTS:
                    raise
            time.sleep(random.uniform(0, 0.02 * attempt))
        return work(*args, **kwargs)

    return insist


def stored_whole(work: Callable[P, T]) -> Callable[P, T]:
    """Decorate what is stored whole or not at all: a transaction, run again after a conflict."""
    return run_again(transaction.atomic(work))


def violated(error: IntegrityError) -> str:
    """The name of the unique constraint that an error is about, or ""."""
    named = re.search(r"for key '(?:[^']+\.)?([^'.]+)'$", str(error.args[-1]))
    return named[1] if named else ""


def _lost_on_the_way(error: Error) -> bool:
    """True if the line broke, and false if there was no answer in time."""
    if isinstance(error, InterfaceError):  # The connection was closed before.
        return True
    silent = error.__cause__ and isinstance(error.__cause__.__context__, TimeoutError)
    return error.args[0] in BROKEN and not silent
