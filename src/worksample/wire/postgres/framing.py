"""Find the messages of the PostgreSQL protocol in a stream of chunks, without buffering them.

After the startup, a message is a type byte, a four-byte length that includes itself, and a body
 (https://www.postgresql.org/docs/current/protocol-overview.html#PROTOCOL-MESSAGE-CONCEPTS).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from struct import Struct

from worksample.messages import message
from worksample.wire.protocol import ProtocolError

HEADER_SIZE = 5
MAX_BODY_READ = 8192
MIN_LENGTH = 4

Handler = Callable[[bytes, int, int], bool]

_header = Struct(">BI").unpack_from


def _unknown(data: bytes, at: int, end: int) -> bool:
    raise ProtocolError(
        message(
            "a message of unknown type {type}",
            type=repr(data[at - HEADER_SIZE : at - HEADER_SIZE + 1]),
        )
    )


class Framer:
    """Scans the messages of one direction and passes them to handlers by type.

    `handlers` maps a message type (`"Q"`) to a function of (data, start of the body, end of its
    available part, at most 8 KiB), or to None to ignore such messages. A handler that returns True
    stops the scan; `stopped` is then the position of its message, else -1. Messages of the types in
    `counted` are only counted: `count` is their number, `size` that of their body bytes.
    """

    __slots__ = ("_counted", "_handlers", "_skip", "count", "size", "stopped")

    def __init__(self, handlers: Mapping[str, Handler | None], counted: str) -> None:
        self._handlers: list[Handler | None] = [_unknown] * 256
        for kind, handler in handlers.items():
            self._handlers[ord(kind)] = handler
        self._counted = tuple(map(ord, counted))
        self._skip = self.count = self.size = 0
        self.stopped = -1

    def scan(self, data: bytes, at: int = 0) -> int:
        """Scan from `at` and return the position up to which `data` is consumed.

        The rest is the beginning of a message (at most 8 KiB); pass it again at the beginning of
        the next chunk. Raises `ProtocolError`.
        """
        self.stopped = -1
        size = len(data)
        if self._skip:
            step = min(self._skip, size - at)
            self._skip -= step
            at += step
        while size - at >= HEADER_SIZE:
            kind, length = _header(data, at)
            if length < MIN_LENGTH:
                raise ProtocolError(
                    message("a message with the invalid length {length}", length=length)
                )
            end = at + 1 + length
            if kind in self._counted:
                self.count += 1
                self.size += length - MIN_LENGTH
            elif handler := self._handlers[kind]:
                seen = end if length < MAX_BODY_READ else at + MAX_BODY_READ
                if seen > size:
                    break
                if handler(data, at + HEADER_SIZE, seen):
                    self.stopped = at
            at = end
            if at > size:
                self._skip, at = at - size, size
            if self.stopped >= 0:
                break
        return at
