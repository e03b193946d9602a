"""Is this connection still alive, and how long do we wait for its answer?"""

import select
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from psycopg import Connection, OperationalError

# `statement_timeout` ends slow statements earlier; a server that has fallen silent cannot.
ANSWER_SECONDS = 5.0


class ServerSilentError(OperationalError):
    """PostgreSQL did not answer in time, and the connection was closed."""


class ImpatientConnection(Connection[Any]):
    """A connection that is closed when an answer does not come."""

    answer_seconds: float | None = ANSWER_SECONDS

    def wait(self, gen: Any, interval: float = 0.1, timeout: float | None = None) -> Any:
        """See `psycopg.Connection`. Every statement, BEGIN and COMMIT goes through here."""
        try:
            return super().wait(gen, interval, timeout or self.answer_seconds)
        except OperationalError as error:
            if timeout is None and type(error).__name__ == "_WaitTimeout":
                self.close()
                raise ServerSilentError("no answer in time") from error
            raise


@contextmanager
def without_limits(cursor: Any) -> Iterator[None]:
    """Let what is done meanwhile take the time that it needs: migrations, a new database."""
    cursor.execute("SET statement_timeout = 0")
    cursor.connection.answer_seconds = None
    try:
        yield
    finally:
        cursor.connection.answer_seconds = ANSWER_SECONDS
        cursor.execute("RESET statement_timeout")


def is_alive(connection: Connection[Any]) -> bool:
    """False if the server hung up while the connection was idle; costs no round trip.

    A server has nothing to say between two questions. If there is something to read, it is
    the end, or else so rare (a changed setting) that a new connection is as good.
    """
    if connection.closed:
        return False
    poll = select.poll()
    poll.register(connection.pgconn.socket, select.POLLIN)
    return not poll.poll(0)
