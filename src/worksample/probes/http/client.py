"""Our HTTP/1.1 client: it sends exactly what a probe asks and survives whatever comes back."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Coroutine, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from worksample.probes.exchange import Exchange, Request, Trouble
from worksample.probes.http.connection import Connection
from worksample.probes.http.dial import Dialer
from worksample.probes.http.limits import Limits
from worksample.probes.http.parser import NO_START, ResponseParser
from worksample.probes.http.partial_request import PartialRequest
from worksample.probes.http.pool import Pool
from worksample.probes.http.problem import ResponseError
from worksample.probes.http.serialize import serialize_request

Record = Callable[[Exchange], None]
# RFC 9110 9.2.2: sending these twice means no more than sending them once.
IDEMPOTENT = frozenset({"GET", "HEAD", "OPTIONS", "TRACE", "PUT", "DELETE"})
DEFAULT = Limits()
LEFT_OVER = " (the connection had carried an answer before: this may be left over from it)"
RETRIED = "sent again on a new connection: the server had closed the idle one"


class HttpClient:
    """Talks to one server, `base_url` (`http://127.0.0.1:8000`), for one run, in one event loop.

    Redirects are not followed, no cookie is kept, nothing but `Host` and `Content-Length` is
    added. `local_addresses` are source addresses (127.0.0.2, ...) that `send` may choose from.
    `on_exchange` is called with every exchange; `clock` gives the run's time in seconds. Raise
    `ValueError` when `base_url` is not scheme, host and port.
    """

    def __init__(
        self,
        base_url: str,
        *,
        limits: Limits = DEFAULT,
        local_addresses: Sequence[str] = (),
        on_exchange: Callable[[Exchange], None] | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.base_url = base_url.rstrip("/")
        self.limits = limits
        self.local_addresses = tuple(local_addresses)
        self.on_exchange = on_exchange
        self.clock = clock
        self._dialer = Dialer(base_url)
        self._pool = Pool(self._dialer, limits)

    def send(
        self,
        request: Request,
        *,
        label: str = "",
        timeout: float | None = None,
        fresh: bool = False,
        source: str = "",
        record: Record | None = None,
    ) -> Coroutine[Any, Any, Exchange]:
        """Send `request` and return (when awaited) what came of it.

        Trouble with the server is no exception but an exchange without a response. `timeout`
        (seconds, default from the limits) bounds the whole of it. `fresh` sends on a new
        connection, exactly once, and closes it afterwards; otherwise a request that met a
        connection which the server had just closed is sent once more, with a note. `source` is
        one of `local_addresses`. `record` is called with the exchange before it is returned.

        Raise `ValueError` at once for a request that cannot be put onto the connection, and when
        awaited `InternalError` when this machine runs out of sockets.
        """
        if source and source not in self.local_addresses:
            raise ValueError(f"{source!r} is not one of the client's local_addresses")
        payload = serialize_request(request, self._dialer.host_header)
        seconds = self.limits.timeout if timeout is None else timeout
        return self._send(request, payload, label, seconds, fresh, source, record)

    async def begin(
        self,
        request: Request,
        size: int = 0,
        *,
        label: str = "",
        record: Record | None = None,
    ) -> PartialRequest:
        """Open a connection and send the first `size` bytes of `request` on it (negative: all
        but the last ones), the rest when the caller says so.

        Raise as `send` does.
        """
        payload = serialize_request(request, self._dialer.host_header)
        begun = PartialRequest(self, request, payload, label, record)
        try:
            begun.connection = await self._pool.open("", self.limits.timeout)
        except ResponseError as problem:
            begun.parser.fail(problem.trouble, problem.detail)
        except TimeoutError:
            begun.parser.fail(Trouble.TIMEOUT, "no connection")
        await begun.send(size if size >= 0 else len(payload) + size)
        return begun

    @contextmanager
    def without_keep_alive(self) -> Iterator[None]:
        """Close each connection after its answer, as long as this lasts.

        A server that serves one connection at a time would wait at each for our next request.
        """
        before, self._pool.keep_alive = self._pool.keep_alive, False
        try:
            yield
        finally:
            self._pool.keep_alive = before

    async def aclose(self) -> None:
        """Close every connection; requests that are under way end as closed."""
        await self._pool.close()

    async def _send(
        self,
        request: Request,
        payload: bytes,
        label: str,
        seconds: float,
        fresh: bool,
        source: str,
        record: Record | None,
    ) -> Exchange:
        loop = asyncio.get_running_loop()
        started, now = self.clock(), loop.time()
        parser = ResponseParser(request.method, self.limits, bool(request.body))
        connection = None if fresh else self._pool.take(source, now)
        notes: tuple[str, ...] = ()
        if connection is not None:
            check_if_read = request.method not in IDEMPOTENT
            await connection.send_request(payload, parser, loop, now + seconds, check_if_read)
            if parser.keep and not connection.lost:
                self._pool.give_back(connection, source, loop.time())
            elif _may_retry(connection, parser, request.method):
                notes = (RETRIED,)
                connection = None
                parser = ResponseParser(request.method, self.limits, bool(request.body))
        if connection is None:
            await self._send_on_new_connection(payload, parser, now + seconds, fresh, source)
        if parser.trouble is not None:
            _explain(parser, seconds, reused=connection is not None)
        return self.finish_exchange(request, parser, label, started, record, notes)

    def finish_exchange(
        self,
        request: Request,
        parser: ResponseParser,
        label: str,
        started: float,
        record: Record | None,
        notes: tuple[str, ...] = (),
    ) -> Exchange:
        """Return the exchange that is over, once all who want to hear of it have."""
        notes += parser.notes
        response, trouble, detail = parser.response, parser.trouble, parser.detail
        took = self.clock() - started
        done = Exchange(request, response, trouble, detail, label, started, took, notes)
        if record is not None:
            record(done)
        if self.on_exchange is not None:
            self.on_exchange(done)
        return done

    async def _send_on_new_connection(
        self, payload: bytes, parser: ResponseParser, due: float, fresh: bool, source: str
    ) -> None:
        loop = asyncio.get_running_loop()
        try:
            connection = await self._pool.open(source, due - loop.time())
        except ResponseError as problem:
            return parser.fail(problem.trouble, problem.detail)
        except TimeoutError:
            return parser.fail(Trouble.TIMEOUT, "no connection")
        await connection.send_request(payload, parser, loop, due)
        if fresh:
            connection.drop()
        elif parser.keep and not connection.lost:
            self._pool.give_back(connection, source, loop.time())
        return None


def _explain(parser: ResponseParser, seconds: float, *, reused: bool) -> None:
    if parser.trouble is Trouble.TIMEOUT:
        parser.detail += f" within {seconds:g} s"
    elif reused and parser.detail.startswith(NO_START):
        parser.detail += LEFT_OVER


def _may_retry(connection: Connection, parser: ResponseParser, method: str) -> bool:
    """Say whether a request that met a closing connection may be sent again (RFC 9112 9.3.1).

    It may when the server cannot have acted on it, or when acting twice does no harm.
    """
    if parser.trouble is not Trouble.CLOSED or parser.started:
        return False
    return method in IDEMPOTENT or connection.may_be_unread
