"""Is this connection still alive, and how long do we wait for its answer?"""

import asyncio
import os
import select
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from psycopg import AsyncConnection, OperationalError
from psycopg_pool import AsyncConnectionPool


async def ensure_alive(conn: AsyncConnection[Any]) -> None:
    """Raise OperationalError if the server is gone; costs no round trip when it is not.

    An idle connection has nothing to say. If there is something to read, it is most likely
    the end of the connection, and only then is it worth asking the server.
    """
    poll = select.poll()
    poll.register(conn.pgconn.socket, select.POLLIN)
    if poll.poll(0):
        await AsyncConnectionPool.check_connection(conn)


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
