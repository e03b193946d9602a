"""An HTTP/1.1 client that sends requests byte for byte and tolerates any response."""

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
from worksample.probes.http.problem import ResponseError, not_within
from worksample.probes.http.serialize import serialize_request

Record = Callable[[Exchange], None]
# RFC 9110 9.2.2: sending these twice has the same effect as sending them once.
IDEMPOTENT = frozenset({"GET", "HEAD", "OPTIONS", "TRACE", "PUT", "DELETE"})
DEFAULT = Limits()
LEFT_OVER = " (the connection was used before: this may be left over from the previous answer)"
RETRIED = "sent again on a new connection: the server had closed the idle one"


class HttpClient:
    """A client for one server, `base_url` (`http://127.0.0.1:8000`), in one event loop.

    It does not follow redirects, keeps no cookies, and adds only `Host`, `Content-Length` and, if
    there is an `agent`, `User-Agent`.
    `local_addresses` are source addresses (127.0.0.2, ...) that `send` may use. `on_exchange` is
    called with every exchange. `clock` returns the run's time in seconds. Raises `ValueError` if
    `base_url` is not scheme, host and port.
    """

    def __init__(
        self,
        base_url: str,
        *,
        limits: Limits = DEFAULT,
        local_addresses: Sequence[str] = (),
        on_exchange: Callable[[Exchange], None] | None = None,
        clock: Callable[[], float] = time.monotonic,
        agent: str = "",
    ) -> None:
        self.base_url = base_url.rstrip("/")
        self.agent = agent
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
        """Send `request` and return (when awaited) the exchange.

        If the server fails to respond, the exchange has `trouble` instead of a response. `timeout`
        (seconds, default from the limits) bounds the whole exchange. With `fresh` the request is
        sent exactly once, on a new connection that is closed afterwards. Otherwise it is sent a
        second time, with a note, if the server had just closed the idle connection. `source` is
        one of `local_addresses`. `record` is called with the exchange before it is returned.

        Raises `ValueError` immediately for a request that cannot be encoded, and `InternalError`
        when awaited if this machine runs out of sockets.
        """
        if source and source not in self.local_addresses:
            raise ValueError(f"{source!r} is not one of the client's local_addresses")
        payload = serialize_request(request, self._dialer.host_header, self.agent)
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
        """Open a connection and send the first `size` bytes of `request`, or all but -`size`.

        The caller sends the rest. Raises the same exceptions as `send`.
        """
        payload = serialize_request(request, self._dialer.host_header, self.agent)
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
        """Within the block, close each connection after its answer.

        A server that serves one connection at a time would otherwise wait for the next request on
        an idle connection.
        """
        before, self._pool.keep_alive = self._pool.keep_alive, False
        try:
            yield
        finally:
            self._pool.keep_alive = before

    async def aclose(self) -> None:
        """Close every connection. Requests in progress end with `Trouble.CLOSED`."""
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
        """Build the exchange from the parser's outcome and report it to the callbacks."""
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
        parser.detail = not_within(seconds, parser.detail)
    elif reused and parser.detail.startswith(NO_START):
        parser.detail += LEFT_OVER


def _may_retry(connection: Connection, parser: ResponseParser, method: str) -> bool:
    """Return whether a request on a closed connection may be retried (RFC 9112 9.3.1).

    It may if the server cannot have acted on it, or if the method is idempotent.
    """
    if parser.trouble is not Trouble.CLOSED or parser.started:
        return False
    return method in IDEMPOTENT or connection.may_be_unread
