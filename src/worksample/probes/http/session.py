"""The seam that checks use: exchanges, recorded within bounds, one session for each check."""

from __future__ import annotations

from collections import deque
from collections.abc import Coroutine
from dataclasses import replace
from typing import Any, Final

import orjson

from worksample.probes.exchange import Exchange, Headers, Request, Response
from worksample.probes.http.client import HttpClient

RECORDED_BODY = 64 * 1024
JSON_TYPE = ("Content-Type", "application/json")
MOST_EXCHANGES = 2000
MOST_BYTES = 8 * 1024 * 1024


class Session:
    """Sends through a client and keeps what passed in `exchanges`, oldest first.

    The record is bounded: a response body over `RECORDED_BODY` bytes is trimmed in the record
    (the caller still gets the whole), and beyond `MOST_EXCHANGES` exchanges or `MOST_BYTES` of
    bodies the oldest are forgotten; `forgotten` counts them.
    """

    def __init__(self, client: HttpClient) -> None:
        self.client = client
        self.forgotten = 0
        self._kept_by: Session | None = None
        self._place = ""
        self._record: deque[Exchange] = deque()
        self._bytes = 0

    @property
    def exchanges(self) -> list[Exchange]:
        """The recorded exchanges, oldest first."""
        return list(self._record) if self._kept_by is None else self._kept_by.exchanges

    def through(self, client: HttpClient, place: str = "") -> Session:
        """Return a session that sends through another client and keeps its record here.

        `place` says where that leads, and is added to the labels: "at the other copy".
        """
        other = Session(client)
        other._kept_by, other._place = self, place
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
        """Send `request`, record what came of it, and return it (to be awaited).

        The options and what is raised are those of `HttpClient.send`.
        """
        label = ", ".join(filter(None, (label, self._place)))
        return self.client.send(
            request, label=label, timeout=timeout, fresh=fresh, source=source, record=self.record
        )

    def record(self, exchange: Exchange) -> None:
        """Keep an exchange in the record, trimmed where it is long."""
        if self._kept_by is not None:
            self._kept_by.record(exchange)
            return
        response = exchange.response
        if response is not None and len(response.body) > RECORDED_BODY:
            exchange = _trimmed(exchange, response)
        self._record.append(exchange)
        self._bytes += _size(exchange)
        if len(self._record) > MOST_EXCHANGES or self._bytes > MOST_BYTES:
            self._forget()

    def _forget(self) -> None:
        while len(self._record) > MOST_EXCHANGES or self._bytes > MOST_BYTES:
            if len(self._record) == 1:
                break
            self._bytes -= _size(self._record.popleft())
            self.forgotten += 1


def _trimmed(exchange: Exchange, response: Response) -> Exchange:
    note = f"recorded: the first {RECORDED_BODY} of {len(response.body)} bytes of body"
    trimmed = replace(response, body=response.body[:RECORDED_BODY])
    return replace(exchange, response=trimmed, notes=(*exchange.notes, note))


def _size(exchange: Exchange) -> int:
    response = exchange.response
    return len(exchange.request.body) + (len(response.body) if response else 0)


class Missing:
    """The absence of a payload, which is not the payload `null`."""


MISSING: Final = Missing()


def json_request(
    method: str, target: str, payload: Any = MISSING, *, headers: Headers = ()
) -> Request:
    """Return a request with `payload` as its JSON body, or without a body when it is missing.

    `Content-Type: application/json` is added to a body unless `headers` name a content type.
    """
    if payload is MISSING:
        return Request(method, target, tuple(headers))
    if "content-type" not in [name.lower() for name, _ in headers]:
        headers = (*headers, JSON_TYPE)
    return Request(method, target, tuple(headers), orjson.dumps(payload))
