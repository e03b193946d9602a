"""Requests, responses and transport failures between a probe and a target."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

import orjson

Headers = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Request:
    """One HTTP request, exactly as it is sent.

    `target` is the request target in origin form (path and query). It is sent byte for byte as
    latin-1, like the header names and values, so that a probe can send invalid requests. The client
    adds `Host` and `Content-Length` unless they are present.
    """

    method: str
    target: str
    headers: Headers = ()
    body: bytes = b""


@dataclass(frozen=True, slots=True)
class Response:
    """One HTTP response. `body` is decoded from its transfer coding and limited in size.

    `omitted` is the number of bytes that followed `body` and were not kept.
    """

    status: int
    headers: Headers
    body: bytes
    omitted: int = 0

    def header(self, name: str, default: str = "") -> str:
        """Return the first header called `name` (case-insensitive), or `default`."""
        wanted = name.lower()
        return next((value for key, value in self.headers if key.lower() == wanted), default)

    def json(self) -> Any:
        """Return the parsed JSON body. Raises `ValueError` (orjson.JSONDecodeError)."""
        return orjson.loads(self.body)


class Trouble(StrEnum):
    """Why there is no response."""

    REFUSED = "connection refused"
    UNREACHABLE = "no connection to the server"
    CLOSED = "connection closed before the answer was complete"
    TIMEOUT = "no complete answer in time"
    TOO_LARGE = "answer larger than the limit"
    NOT_HTTP = "answer is not valid HTTP/1.1"
    NOT_SENT = "not sent: no such request was answered in time"


@dataclass(frozen=True, slots=True)
class Exchange:
    """A request with its response, or with the trouble that prevented one (exactly one of the two).

    `label` describes the action in domain terms ("Ada publishes an article"). `started` is a time
    on the run's monotonic clock, `seconds` the duration. `detail` explains the trouble (the bytes
    that are not HTTP, the limit that was exceeded).
    """

    request: Request
    response: Response | None
    trouble: Trouble | None = None
    detail: str = ""
    label: str = ""
    started: float = 0.0
    seconds: float = 0.0
    notes: tuple[str, ...] = field(default=())

    @property
    def status(self) -> int:
        """The status code, 0 if there is no response."""
        return self.response.status if self.response else 0
