"""Access to PostgreSQL: a pool, and three ways to run work on one of its connections."""

import asyncio
import os
import random
import select
import socket
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager, contextmanager
from typing import Concatenate, ParamSpec, TypeVar

from psycopg import AsyncConnection, OperationalError
from psycopg.conninfo import conninfo_to_dict
from psycopg.errors import DeadlockDetected, SerializationFailure
from psycopg.rows import DictRow, dict_row
from psycopg_pool import AsyncConnectionPool, PoolTimeout

P = ParamSpec("P")
T = TypeVar("T")
Connection = AsyncConnection[DictRow]
Work = Callable[Concatenate[Connection, P], Awaitable[T]]

MAX_CONNECTIONS = 10
CONNECT_SECONDS = 3
WAIT_FOR_CONNECTION_SECONDS = 5.0
# The pool waits 1, 2, 4 ... seconds between attempts; giving up early keeps each wait under 3.
RECONNECT_SECONDS = 2.0
STATEMENT_SECONDS = 4
WORK_SECONDS = 5.0
ATTEMPTS = 5

_SESSION = (
    f"-c timezone=UTC -c statement_timeout={STATEMENT_SECONDS}s "
    "-c idle_in_transaction_session_timeout=15s"
)


class ServerSilentError(OperationalError):
    """PostgreSQL did not answer in time, and the connection was closed."""


class Database:
    """Runs functions whose first argument is a connection."""

    def __init__(self, url: str) -> None:
        options = f"{conninfo_to_dict(url).get('options') or ''} {_SESSION}".strip()
        self._pool: AsyncConnectionPool[Connection] = AsyncConnectionPool(
            url,
            kwargs={
                "autocommit": True,
                "row_factory": dict_row,
                "connect_timeout": CONNECT_SECONDS,
                "options": options,
            },
            min_size=1,
            max_size=MAX_CONNECTIONS,
            timeout=WAIT_FOR_CONNECTION_SECONDS,
            reconnect_timeout=RECONNECT_SECONDS,
            open=False,
        )

    async def open(self) -> None:
        await self._pool.open()

    async def close(self) -> None:
        await self._pool.close(timeout=1)

    async def read(self, work: Work[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Run work that only reads; once more if its connection breaks."""
        try:
            return await self.write(work, *args, **kwargs)
        except OperationalError as error:
            if not _connection_lost(error):
                raise
            return await self.write(work, *args, **kwargs)

    async def write(self, work: Work[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Run work in autocommit mode."""
        return await self._retry(self._connection, work, *args, **kwargs)

    async def transaction(self, work: Work[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Run work that is stored whole or not at all."""
        return await self._retry(self._transaction, work, *args, **kwargs)

    async def _retry(
        self,
        place: Callable[[], AbstractAsyncContextManager[Connection]],
        work: Work[P, T],
        *args: P.args,
        **kwargs: P.kwargs,
    ) -> T:
        """Run work, and again when PostgreSQL rolled it back in favour of another transaction."""
        for attempt in range(1, ATTEMPTS):
            try:
                async with place() as conn:
                    return await work(conn, *args, **kwargs)
            except (DeadlockDetected, SerializationFailure):
                await asyncio.sleep(random.uniform(0, 0.02 * attempt))
        async with place() as conn:
            return await work(conn, *args, **kwargs)

    @asynccontextmanager
    async def _transaction(self) -> AsyncIterator[Connection]:
        async with self._connection() as conn, conn.transaction():
            yield conn

    @asynccontextmanager
    async def _connection(self) -> AsyncIterator[Connection]:
        conn = await self._live_connection()
        try:
            with _time_limit(conn, WORK_SECONDS):
                yield conn
        finally:
            await self._pool.putconn(conn)

    async def _live_connection(self) -> Connection:
        """Drop the dead ones at once; the pool's own `check` would pause after each."""
        while True:
            conn = await self._pool.getconn()
            if _is_alive(conn):
                return conn
            await conn.close()
            await self._pool.putconn(conn)


def _is_alive(conn: Connection) -> bool:
    """False if the server hung up while the connection was idle; costs no round trip.

    A server sends nothing between two questions; if there is something to read, it is the end.
    """
    poll = select.poll()
    poll.register(conn.pgconn.socket, select.POLLIN)
    return not poll.poll(0)


@contextmanager
def _time_limit(conn: Connection, seconds: float) -> Iterator[None]:
    """Shut the socket down after `seconds`: a silent server would not hear a cancellation either."""
    timer = asyncio.get_running_loop().call_later(seconds, _shut_down, conn)
    try:
        yield
    except OperationalError as error:
        if timer.when() <= asyncio.get_running_loop().time():
            raise ServerSilentError("no answer in time") from error
        raise
    finally:
        timer.cancel()


def _shut_down(conn: Connection) -> None:
    if not conn.closed:
        with socket.socket(fileno=os.dup(conn.pgconn.socket)) as line:
            line.shutdown(socket.SHUT_RDWR)


def _connection_lost(error: OperationalError) -> bool:
    """True if the server went away (class 57P) or just closed the connection (no state)."""
    if isinstance(error, (PoolTimeout, ServerSilentError)):
        return False
    return error.sqlstate is None or error.sqlstate.startswith("57P")
