"""Is this connection still alive, and how long do we wait for its answer?"""

import select
from typing import Any, TypeVar

from psycopg import Connection, OperationalError

T = TypeVar("T")
# `statement_timeout` ends slow statements earlier; a server that has fallen silent cannot.
ANSWER_SECONDS = 5.0


class ServerSilentError(OperationalError):
    """PostgreSQL did not answer in time, and the connection was closed."""


class ImpatientConnection(Connection[Any]):
    """A connection that is closed when an answer does not come."""

    def wait(self, gen: Any, interval: float = 0.1, timeout: float | None = None) -> Any:
        """See `psycopg.Connection`. Every statement, BEGIN and COMMIT goes through here."""
        try:
            return super().wait(gen, interval, timeout or ANSWER_SECONDS)
        except OperationalError as error:
            if timeout is None and type(error).__name__ == "_WaitTimeout":
                self.close()
                raise ServerSilentError("no answer in time") from error
            raise


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
