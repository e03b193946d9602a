"""Ways to work through the database that outlast its troubles."""

import random
import time
from collections.abc import Callable
from functools import wraps
from typing import ParamSpec, TypeVar

from django.db import InterfaceError, OperationalError, connection, transaction
from django.db.utils import Error, IntegrityError
from psycopg.errors import DeadlockDetected, SerializationFailure
from psycopg_pool import PoolTimeout

from conduit.postgresql.connection import ServerSilentError

P = ParamSpec("P")
T = TypeVar("T")
ATTEMPTS = 5


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


def stored_whole(work: Callable[P, T]) -> Callable[P, T]:
    """Decorate what is stored whole or not at all.

    It is a transaction, tried again when PostgreSQL undid it in favour of somebody else's.
    """

    @wraps(work)
    def insist(*args: P.args, **kwargs: P.kwargs) -> T:
        for attempt in range(1, ATTEMPTS):
            try:
                with transaction.atomic():
                    return work(*args, **kwargs)
            except OperationalError as error:
                if not isinstance(error.__cause__, (DeadlockDetected, SerializationFailure)):
                    raise
            time.sleep(random.uniform(0, 0.02 * attempt))
        with transaction.atomic():
            return work(*args, **kwargs)

    return insist


def let_go() -> None:
    """Give the connection back to the pool until the database is asked again."""
    if not connection.in_atomic_block:
        connection.close()


def violated(error: IntegrityError) -> str:
    """The name of the constraint that an error is about, or ""."""
    diagnosis = getattr(error.__cause__, "diag", None)
    return getattr(diagnosis, "constraint_name", None) or ""


def _lost_on_the_way(error: Error) -> bool:
    """True if the line broke: the server went away (class 57P) or just closed it (no state)."""
    cause = error.__cause__
    if cause is None or isinstance(cause, (PoolTimeout, ServerSilentError)):
        return False
    state = getattr(cause, "sqlstate", None)
    return state is None or state.startswith("57P")
