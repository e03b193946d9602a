"""Protocol messages as bytes, and a tracker that collects its round trips."""

from __future__ import annotations

import itertools
import struct

from worksample.wire.postgres.tracker import ProtocolTracker
from worksample.wire.round_trips import RoundTrip


def message(kind: str, body: bytes = b"") -> bytes:
    return kind.encode() + struct.pack(">I", len(body) + 4) + body


def query(sql: str) -> bytes:
    return message("Q", sql.encode() + b"\0")


def parse(sql: str, name: str = "", types: tuple[int, ...] = ()) -> bytes:
    body = struct.pack(f">H{len(types)}I", len(types), *types)
    return message("P", f"{name}\0{sql}\0".encode() + body)


def bind(name: str = "", portal: str = "", values: tuple[bytes, ...] = ()) -> bytes:
    body = b"".join(struct.pack(">I", len(each)) + each for each in values)
    counts = struct.pack(">HH", 0, len(values))
    return message("B", f"{portal}\0{name}\0".encode() + counts + body + struct.pack(">H", 0))


def describe(name: str = "") -> bytes:
    return message("D", b"S" + name.encode() + b"\0")


def execute(portal: str = "") -> bytes:
    return message("E", portal.encode() + b"\0" + bytes(4))


def complete(tag: str) -> bytes:
    return message("C", tag.encode() + b"\0")


def row(value: bytes = b"1") -> bytes:
    return message("D", struct.pack(">HI", 1, len(value)) + value)


def error(code: str, text: str = "no") -> bytes:
    return message("E", f"SERROR\0C{code}\0M{text}\0\0".encode())


def ready(state: str = "I") -> bytes:
    return message("Z", state.encode())


SYNC, FLUSH = message("S"), message("H")
PARSED, BOUND, NO_DATA = message("1"), message("2"), message("n")


class ProtocolHarness:
    """Sends messages to a tracker from both sides; its clock counts 1, 2, 3 ..."""

    def __init__(self) -> None:
        self.opened: list[RoundTrip] = []
        self.closed: list[RoundTrip] = []
        ticks = itertools.count(1.0)
        self.tracker = ProtocolTracker(1, self._on_begin, self.closed.append, lambda: next(ticks))

    def _on_begin(self, trip: RoundTrip) -> bool:
        self.opened.append(trip)
        return False

    def client(self, *messages: bytes) -> None:
        data = b"".join(messages)
        assert self.tracker.frontend.framer.scan(data) == len(data)

    def server(self, *messages: bytes) -> None:
        data = b"".join(messages)
        assert self.tracker.backend.framer.scan(data) == len(data)

    def sql(self) -> list[str]:
        return [str(each) for each in self.closed]
