"""Is this connection still alive, and how long do we wait for its answer?"""

import asyncio
import os
import select
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from psycopg import AsyncConnection, OperationalError


def is_alive(conn: AsyncConnection[Any]) -> bool:
    """False if the server hung up while the connection was idle; costs no round trip.

    A server has nothing to say between two questions. If there is something to read, it is
    the end, or else so rare (a changed setting) that a new connection is as good.
    """
    poll = select.poll()
    poll.register(conn.pgconn.socket, select.POLLIN)
    return not poll.poll(0)


class ServerSilentError(OperationalError):
    """PostgreSQL did not answer in time, and the connection was closed."""


@contextmanager
def hang_up_after(conn: AsyncConnection[Any], seconds: float) -> Iterator[None]:
    """Close the line after `seconds`, so that an answer which never comes is an error.

    `statement_timeout` ends slow statements; this is for a server that has fallen silent,
    where asking it to cancel would wait in vain too. Raises ServerSilentError then.
    """
    patience = asyncio.get_running_loop().call_later(seconds, _hang_up, conn)
    try:
        yield
    except OperationalError as error:
        if patience.when() <= asyncio.get_running_loop().time():
            raise ServerSilentError("no answer in time") from error
        raise
    finally:
        patience.cancel()


def _hang_up(conn: AsyncConnection[Any]) -> None:
    if conn.closed:
        return
    with socket.socket(fileno=os.dup(conn.pgconn.socket)) as line:
        line.shutdown(socket.SHUT_RDWR)
