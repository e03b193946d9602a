"""Parse what the server sends, in RESP2 and RESP3: where a reply ends, and what kind it is.

https://github.com/redis/redis-specifications/blob/master/protocol/RESP3.md. Values pass without
being kept, whatever their size.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from worksample.wire.protocol import ProtocolError
from worksample.wire.resp.requests import END, MAX_LINE, line_number

SCALARS, STRINGS, AGGREGATES, PAIRS = b"+-:_#,(", b"$!=", b"*%~>|", b"%|"
ERRORS = b"-!"
MAX_DEPTH = 512
#: Of a first element or a simple string, so much is kept, to tell what the message is.
MAX_KEPT = 64


@dataclass(slots=True)
class Message:
    """A complete message of the server, without its values.

    `kind` is its first byte. `text` is the beginning of a simple string or error, or of the first
    element of an aggregate; `number` the last integer among its elements. `values` counts its
    elements, 1 for a scalar and 0 for a null; `size` its bytes.
    """

    kind: bytes = b""
    text: bytes = b""
    number: int = 0
    values: int = 0
    size: int = 0


class ReplyScanner:
    """Scans the messages of a server and passes each one to `handle` when it is complete."""

    __slots__ = ("_handle", "_message", "_open", "_skip", "stopped")

    def __init__(self, handle: Callable[[Message], None]) -> None:
        self.stopped = -1
        self._handle = handle
        self._message = Message()
        self._skip = 0
        #: The elements that are missing in each open aggregate, negative in an attribute.
        self._open: list[int] = []

    def scan(self, data: bytes, at: int = 0) -> int:
        """See `Scanner`."""
        while at < len(data):
            end = self._next(data, at)
            if end < 0:
                break
            at = end
        return at

    def _next(self, data: bytes, at: int) -> int:
        """Return the position after what comes next, -1 if it is not complete."""
        if self._skip:
            end = min(at + self._skip, len(data))
            self._skip -= end - at
            self._message.size += end - at
            if not self._skip:
                self._element_ended()
            return end
        kind = data[at : at + 1]
        if kind in SCALARS:
            return self._scalar(kind, data, at)
        if kind not in STRINGS and kind not in AGGREGATES:
            raise ProtocolError("a reply begins with a byte that no type of RESP has")
        number, start = line_number(data, at)
        if start < 0:
            return -1
        if kind in STRINGS:
            return self._string(kind, number, data, at, start)
        return self._aggregate(kind, number, start - at, start)

    def _scalar(self, kind: bytes, data: bytes, at: int) -> int:
        end = data.find(END, at)
        if end < 0:
            if len(data) - at > MAX_LINE:
                raise ProtocolError("a line of more than 64 KiB in a reply")
            return -1
        self._started(kind, data[at + 1 : min(end, at + 1 + MAX_KEPT)])
        if kind == b":" and len(self._open) == 1:
            self._message.number, _ = line_number(data, at)
        if kind == b"_" and not self._open:
            self._message.values = 0
        self._message.size += end + len(END) - at
        self._element_ended()
        return end + len(END)

    def _string(self, kind: bytes, size: int, data: bytes, at: int, start: int) -> int:
        first = not self._open or (len(self._open) == 1 and not self._message.values)
        wanted = first and 0 <= size <= MAX_KEPT
        if wanted and start + size > len(data):
            return -1
        self._started(kind, data[start : start + size] if wanted else b"")
        self._message.size += start - at
        if size >= 0:
            self._skip = size + len(END)
            return start
        if not self._open:
            self._message.values = 0
        self._element_ended()
        return start

    def _aggregate(self, kind: bytes, count: int, size: int, end: int) -> int:
        if kind != b"|":
            self._started(kind, b"")
        self._message.size += size
        if not self._open:
            self._message.values = 0
        missing = count * 2 if kind in PAIRS else count
        if missing > 0:
            if len(self._open) >= MAX_DEPTH:
                raise ProtocolError("a reply is nested too deeply")
            self._open.append(-missing if kind == b"|" else missing)
        elif kind != b"|":
            self._element_ended()
        return end

    def _started(self, kind: bytes, text: bytes) -> None:
        """Note a value that begins, if it is the message itself or one of its elements."""
        message = self._message
        if not self._open:
            message.kind, message.text, message.values = kind, text, 1
        elif len(self._open) == 1 and self._open[0] > 0:
            if not message.values:
                message.text = text
            message.values += 1

    def _element_ended(self) -> None:
        """Close the aggregates whose last element has ended; after an attribute, a value comes."""
        while self._open:
            missing = self._open[-1]
            self._open[-1] = missing - 1 if missing > 0 else missing + 1
            if self._open[-1]:
                return
            self._open.pop()
            if missing < 0:
                return
        done, self._message = self._message, Message()
        self._handle(done)
