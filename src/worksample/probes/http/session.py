"""Sessions: the interface that checks use to send requests and record the exchanges."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Coroutine
from typing import Any, Final

import orjson

from worksample.probes.exchange import Exchange, Headers, Request, Trouble
from worksample.probes.http.client import HttpClient, Record
from worksample.probes.http.trimming import MAX_RECORDED_BODY, trimmed

JSON_TYPE = ("Content-Type", "application/json")
MAX_EXCHANGES = 2000
MAX_RECORDED_BYTES = 8 * 1024 * 1024

IsPointless = Callable[[Request], bool]


class Session:
    """Sends requests through a client and records the exchanges.

    The record is limited. Response bodies over `MAX_RECORDED_BODY` bytes are trimmed in the record;
    the caller gets the whole body. Beyond `MAX_EXCHANGES` exchanges or `MAX_RECORDED_BYTES` of
    bodies, the oldest exchanges are dropped and counted in `forgotten`. `recalled` counts those in
    the record that another session sent. `observer` is called with every exchange that this one
    sends, whole.

    A request of which `is_pointless` says that it will get no answer is not sent, and kept in
    `not_sent`; its exchange says so.
    """

    def __init__(
        self,
        client: HttpClient,
        observer: Record | None = None,
        is_pointless: IsPointless = lambda request: False,
    ) -> None:
        self.client = client
        self.is_pointless = is_pointless
        self._observer = observer
        self.forgotten = 0
        self.not_sent: list[Exchange] = []
        self.recalled = 0
        self._parent: Session | None = None
        self._suffix = ""
        self._record: deque[Exchange] = deque()
        self._bytes = 0

    @property
    def exchanges(self) -> list[Exchange]:
        """The recorded exchanges, oldest first."""
        return list(self._record) if self._parent is None else self._parent.exchanges

    def through(self, client: HttpClient, suffix: str = "") -> Session:
        """Return a session that sends through another client and shares this session's record.

        `suffix` is appended to the labels ("at the other copy").
        """
        other = Session(client, is_pointless=self.is_pointless)
        other._parent, other._suffix = self, suffix
        return other

    def exchange(
        self,
        request: Request,
        *,
        label: str = "",
        timeout: float | None = None,
        fresh: bool = False,
        source: str = "",
    ) -> Coroutine[Any, Any, Exchange]:
        """Send `request`, record the exchange, and return it (when awaited).

        Options and exceptions are those of `HttpClient.send`.
        """
        label = ", ".join(filter(None, (label, self._suffix)))
        if self.is_pointless(request):
            return self._leave_out(request, label)
        return self.client.send(
            request, label=label, timeout=timeout, fresh=fresh, source=source, record=self.record
        )

    def recall(self, exchange: Exchange) -> None:
        """Add an exchange of another session, which the replay of those that follow needs."""
        session = self if self._parent is None else self._parent
        session.recalled += 1
        session._keep(exchange)

    def record(self, exchange: Exchange) -> None:
        """Add an exchange to the record; trim a long response body."""
        if self._parent is not None:
            self._parent.record(exchange)
            return
        if self._observer is not None:
            self._observer(exchange)
        self._keep(exchange)

    def _keep(self, exchange: Exchange) -> None:
        exchange = trimmed(exchange, MAX_RECORDED_BODY)
        self._record.append(exchange)
        self._bytes += _size(exchange)
        if len(self._record) > MAX_EXCHANGES or self._bytes > MAX_RECORDED_BYTES:
            self._forget()

    async def _leave_out(self, request: Request, label: str) -> Exchange:
        started = self.client.clock()
        exchange = Exchange(request, None, Trouble.NOT_SENT, label=label, started=started)
        self._note_not_sent(exchange)
        return exchange

    def _note_not_sent(self, exchange: Exchange) -> None:
        if self._parent is not None:
            self._parent._note_not_sent(exchange)
            return
        self.not_sent.append(exchange)
        self.record(exchange)

    def _forget(self) -> None:
        while len(self._record) > MAX_EXCHANGES or self._bytes > MAX_RECORDED_BYTES:
            if len(self._record) == 1:
                break
            self._bytes -= _size(self._record.popleft())
            self.forgotten += 1


def _size(exchange: Exchange) -> int:
    response = exchange.response
    return len(exchange.request.body) + (len(response.body) if response else 0)


class Missing:
    """The type of `MISSING`: no payload, as opposed to the payload `null`."""


MISSING: Final = Missing()


def json_request(
    method: str, target: str, payload: Any = MISSING, *, headers: Headers = ()
) -> Request:
    """Return a request with `payload` as its JSON body, or without a body if it is `MISSING`.

    Adds `Content-Type: application/json` to a body unless `headers` contain a content type.
    """
    if payload is MISSING:
        return Request(method, target, tuple(headers))
    if "content-type" not in [name.lower() for name, _ in headers]:
        headers = (*headers, JSON_TYPE)
    return Request(method, target, tuple(headers), orjson.dumps(payload))
