"""Body readers: delimited by length, by chunks or by the end of the connection (RFC 9112 6, 7).

`feed(data)` returns None while the body is incomplete, then the bytes after its end. `body` holds
the bytes so far, never more than the limit.
"""

from __future__ import annotations

import re
from enum import Enum, auto

from worksample.probes.exchange import Trouble
from worksample.probes.http.problem import ResponseError, not_http, too_large

CHUNK_LINE = re.compile(rb"([0-9A-Fa-f]{1,16})(?:[ \t]*;[^\r\n\0]*)?")
TRAILER_LINE = re.compile(rb"[!#$%&'*+\-.^_`|~0-9A-Za-z]+:[^\r\n\0]*")
MAX_LINE = 4096


class FixedBody:
    """A body of `length` bytes."""

    __slots__ = ("body", "length")

    def __init__(self, length: int) -> None:
        self.length = length
        self.body: bytes | bytearray = b""

    def feed(self, data: bytes) -> bytes | None:
        if not self.body and len(data) >= self.length:
            self.body = data[: self.length]
            return data[self.length :]
        missing = self.length - len(self.body)
        if not self.body:
            self.body = bytearray()
        self.body += data[:missing]
        return data[missing:] if len(data) >= missing else None


class OpenBody:
    """A body that ends when the server closes the connection, up to `limit` bytes."""

    __slots__ = ("body", "limit")

    def __init__(self, limit: int) -> None:
        self.limit = limit
        self.body = bytearray()

    def feed(self, data: bytes) -> bytes | None:
        if len(self.body) + len(data) > self.limit:
            raise too_large("the body", self.limit)
        self.body += data
        return None


class Phase(Enum):
    """The element of a chunked body that is expected next."""

    SIZE = auto()
    DATA = auto()
    DATA_END = auto()
    TRAILER = auto()
    DONE = auto()


class ChunkedBody:
    """A chunked body, up to `limit` bytes. Trailer fields are validated and discarded."""

    __slots__ = ("_left", "_phase", "_rest", "_trailers", "body", "limit")

    def __init__(self, limit: int, trailer_limit: int) -> None:
        self.limit = limit
        self.body = bytearray()
        self._phase = Phase.SIZE
        self._left = 0
        self._trailers = trailer_limit
        self._rest = b""

    def feed(self, data: bytes) -> bytes | None:
        """Parse `data`; raise `ResponseError` for an invalid line or a body over the limit."""
        data = self._rest + data if self._rest else data
        at = 0
        while self._phase is not Phase.DONE:
            after = self._content(data, at) if self._phase is Phase.DATA else self._line(data, at)
            if after == at:
                self._rest = data[at:]
                return None
            at = after
        return data[at:]

    def _content(self, data: bytes, at: int) -> int:
        piece = data[at : at + self._left]
        self.body += piece
        self._left -= len(piece)
        if not self._left:
            self._phase = Phase.DATA_END
        return at + len(piece)

    def _line(self, data: bytes, at: int) -> int:
        end = data.find(b"\r\n", at)
        if end < 0 and len(data) - at <= MAX_LINE:
            return at
        line = data[at : end if end >= 0 else len(data)]
        if end < 0 or len(line) > MAX_LINE:
            raise not_http("a line of the chunked body is too long", line)
        self._take_line(line)
        return end + 2

    def _take_line(self, line: bytes) -> None:
        if self._phase is Phase.SIZE:
            self._start_chunk(line)
        elif self._phase is Phase.TRAILER:
            self._take_trailer(line)
        elif line:
            raise not_http("a chunk is longer than its size", line)
        else:
            self._phase = Phase.SIZE

    def _start_chunk(self, line: bytes) -> None:
        match = CHUNK_LINE.fullmatch(line)
        if match is None:
            raise not_http("invalid chunk size", line)
        self._left = int(match[1], 16)
        if len(self.body) + self._left > self.limit:
            raise too_large("the body", self.limit)
        self._phase = Phase.DATA if self._left else Phase.TRAILER

    def _take_trailer(self, line: bytes) -> None:
        self._trailers -= len(line)
        if not line:
            self._phase = Phase.DONE
        elif not TRAILER_LINE.fullmatch(line):
            raise not_http("invalid trailer line", line)
        elif self._trailers < 0:
            raise ResponseError(Trouble.TOO_LARGE, "the trailer section is too large")
