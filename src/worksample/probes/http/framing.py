"""Message framing: the end of a response body, and connection reuse (RFC 9112 6.3, 9.6)."""

from __future__ import annotations

from worksample.probes.exchange import Headers
from worksample.probes.http.bodies import ChunkedBody, FixedBody, OpenBody
from worksample.probes.http.head import Head
from worksample.probes.http.limits import Limits
from worksample.probes.http.problem import not_http, too_large

Body = FixedBody | ChunkedBody | OpenBody
FRAMING = frozenset({"content-length", "transfer-encoding", "connection", "content-encoding"})
MAX_DIGITS = 18


class Framing:
    """The framing of a response, derived from its header fields.

    `body` is the body reader, `coding` the Content-Encoding. `keep` says whether the connection may
    be reused. It may not after an HTTP/1.0 answer, `Connection: close`, a 5xx (many servers close
    after a 500 without announcing it), an upgrade, or where a faulty server may send a body that
    HTTP forbids (after HEAD, or after a 204 that announces one).
    """

    __slots__ = ("body", "coding", "keep")

    def __init__(self, method: str, head: Head, limits: Limits) -> None:
        self.coding = ""
        length, transfer, connection = self._fields(head.headers)
        status = head.status
        self.keep = head.minor > 0 and status < 500 and "close" not in connection
        if method == "HEAD" or status in (101, 204, 304) or (method == "CONNECT" and status < 300):
            announced = transfer or length not in (None, "0")
            self.keep &= method not in ("HEAD", "CONNECT") and status != 101 and not announced
            self.body: Body = FixedBody(0)
            self.coding = ""
        elif transfer:
            self.body = _chunked(transfer, length, limits)
        elif length is not None:
            self.body = FixedBody(_length(length, limits))
        else:
            self.keep = False
            self.body = OpenBody(limits.body)

    def _fields(self, headers: Headers) -> tuple[str | None, str, str]:
        length: str | None = None
        transfer = connection = ""
        for name, value in headers:
            key = name.lower()
            if key not in FRAMING:
                continue
            if key == "content-length":
                length = value if length is None else f"{length},{value}"
            elif key == "transfer-encoding":
                transfer = f"{transfer},{value}" if transfer else value or "?"
            elif key == "connection":
                connection = f"{connection},{value.lower()}"
            else:
                self.coding = f"{self.coding},{value}" if self.coding else value
        return length, transfer, connection


def _chunked(transfer: str, length: str | None, limits: Limits) -> ChunkedBody:
    if transfer.strip().lower() != "chunked":
        raise not_http("unsupported Transfer-Encoding, expected chunked", transfer)
    if length is not None:
        raise not_http("both Transfer-Encoding and Content-Length (RFC 9112 6.3)", length)
    return ChunkedBody(limits.body, limits.head)


def _length(value: str, limits: Limits) -> int:
    if not (value.isascii() and value.isdigit()):
        values = {part.strip(" \t") for part in value.split(",")}
        if len(values) > 1:
            raise not_http("conflicting Content-Length values", value)
        value = values.pop()
    if not (value.isascii() and value.isdigit()) or len(value) > MAX_DIGITS:
        raise not_http("invalid Content-Length", value or "''")
    if int(value) > limits.body:
        raise too_large("the body", limits.body)
    return int(value)
