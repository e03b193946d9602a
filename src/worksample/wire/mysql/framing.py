"""Find the packets of the MySQL protocol in a stream of chunks, without buffering them.

A packet is a length of three bytes, a sequence number and a payload; a payload of 16 MiB or more
takes several packets (https://mariadb.com/kb/en/0-packet/).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

HEADER_SIZE = 4
MAX_PAYLOAD_READ = 8192
LARGEST = 0xFFFFFF


class Packet(NamedTuple):
    """The first packet of a payload: its sequence number, its length, and its first 8 KiB."""

    number: int
    length: int
    payload: bytes


class Framer:
    """Scans the packets of one direction and passes the first one of each payload to `handle`.

    If `handle(packet)` returns True, the scan stops; `stopped` is then the position of the packet,
    else -1.
    """

    __slots__ = ("_continues", "_handle", "_skip", "stopped")

    def __init__(self, handle: Callable[[Packet], bool]) -> None:
        self._handle = handle
        self._skip = 0
        self._continues = False
        self.stopped = -1

    def scan(self, data: bytes, at: int = 0) -> int:
        """See `Scanner`."""
        self.stopped = -1
        size = len(data)
        if self._skip:
            step = min(self._skip, size - at)
            self._skip -= step
            at += step
        while size - at >= HEADER_SIZE and self.stopped < 0:
            length = int.from_bytes(data[at : at + 3], "little")
            start = at + HEADER_SIZE
            if not self._continues:
                seen = start + min(length, MAX_PAYLOAD_READ)
                if seen > size:
                    break
                if self._handle(Packet(data[at + 3], length, data[start:seen])):
                    self.stopped = at
            self._continues = length == LARGEST
            at = start + length
            if at > size:
                self._skip, at = at - size, size
        return at


def whole_packets(data: bytes) -> tuple[list[bytes], bytes]:
    """Return the complete packets at the beginning of `data`, with their headers, and the rest."""
    found, at = [], 0
    while len(data) - at >= HEADER_SIZE:
        end = at + HEADER_SIZE + int.from_bytes(data[at : at + 3], "little")
        if end > len(data):
            break
        found.append(data[at:end])
        at = end
    return found, data[at:]


def read_number(payload: bytes, at: int) -> tuple[int, int]:
    """Return the length-encoded number at `at`, and the position after it."""
    first = payload[at] if at < len(payload) else 0
    size = {0xFC: 2, 0xFD: 3, 0xFE: 8}.get(first, 0)
    if not size:
        return first, at + 1
    return int.from_bytes(payload[at + 1 : at + 1 + size], "little"), at + 1 + size
