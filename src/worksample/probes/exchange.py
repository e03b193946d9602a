"""What passes between a probe and a target: requests, responses and what went wrong between."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

import orjson

Headers = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Request:
    """One HTTP request, exactly as it goes onto the connection.

    `target` is the request target in origin form (path and query), sent byte for byte as latin-1,
    so that a probe can send what no well-behaved client would. Header names and values likewise.
    `Host` and `Content-Length` are added by the client unless they are already there.
    """

    method: str
    target: str
    headers: Headers = ()
    body: bytes = b""


@dataclass(frozen=True, slots=True)
class Response:
    """One HTTP response; `body` is decoded from its transfer coding and bounded in size."""

    status: int
    headers: Headers
    body: bytes

    def header(self, name: str, default: str = "") -> str:
        """Return the first header called `name` (case-insensitive), or `default`."""
        wanted = name.lower()
        return next((value for key, value in self.headers if key.lower() == wanted), default)

    def json(self) -> Any:
        """Return the body as JSON; raise `ValueError` (orjson.JSONDecodeError) if it is not."""
        return orjson.loads(self.body)


class Trouble(StrEnum):
    """Why there is no response."""

    REFUSED = "connection refused"
    UNREACHABLE = "no connection to the server"
    CLOSED = "connection closed before the answer was complete"
    TIMEOUT = "no complete answer in time"
    TOO_LARGE = "answer larger than the limit"
    NOT_HTTP = "answer is not valid HTTP/1.1"


@dataclass(frozen=True, slots=True)
class Exchange:
    """A request and what came of it: a response, or trouble (exactly one of the two).

    `label` says in the customer's words what was done ("Ada publishes an article"); `started` is
    in seconds on the run's monotonic clock, `seconds` how long it took; `detail` explains trouble
    (the bytes that were no HTTP, the limit that was passed).
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
        """The response's status code, or 0 when there was no response."""
        return self.response.status if self.response else 0
