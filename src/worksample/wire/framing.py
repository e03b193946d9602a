"""Find PostgreSQL's messages in a stream that comes in pieces, without holding on to them.

After the startup every message is a byte of kind, a length of four bytes that counts itself, and a
body (https://www.postgresql.org/docs/current/protocol-overview.html#PROTOCOL-MESSAGE-CONCEPTS).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from struct import Struct

HEADER_SIZE = 5
MAX_BODY_READ = 8192
MIN_LENGTH = 4

Handler = Callable[[bytes, int, int], bool]

_header = Struct(">BI").unpack_from


class ProtocolError(Exception):
    """These bytes are not the protocol that we know; pass them on and look no further."""


def _unknown(data: bytes, at: int, end: int) -> bool:
    raise ProtocolError(
        f"a message of the unknown kind {data[at - HEADER_SIZE : at - HEADER_SIZE + 1]!r}"
    )


class Framer:
    """Walks over the messages of one direction and hands the interesting ones to a handler.

    `handlers` maps a kind (`"Q"`) to a function of (data, begin of body, end of what is there of
    the body: at most 8 KiB), or to None for a message that does not matter. A handler that
    returns True stops the walk; `stopped` is then where its message begins. Messages of the kinds
    in `counted` are only counted: `count` of them, and `size` in bytes without their headers.
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
        """Walk on from `at` and return the position up to which `data` is read.

        What lies behind it is the beginning of a message (at most 8 KiB): it has to be there again
        at the beginning of the next piece. Raises `ProtocolError`.
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
                raise ProtocolError(f"a message with the impossible length {length}")
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
