"""The wire protocol of the toy database in `services/shelf.py`; each line is a round trip."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import urlsplit

from worksample.wire.protocol import Handshake, ProtocolError
from worksample.wire.round_trips import Outcome, RoundTrip, Statement


class Command(Statement):
    """A line of a client: `PUT key value` has the shape `PUT key ?`."""

    __slots__ = ()

    @property
    def shape(self) -> str:
        return " ".join([*self.sql.split()[:2], "?"]) if self.writes else self.sql

    @property
    def writes(self) -> bool:
        return self.sql.startswith("PUT ")


@dataclass(slots=True)
class Waiting:
    trip: RoundTrip


class Lines:
    """Scans lines, up to one that `on_line` wants held."""

    def __init__(self, on_line: Callable[[str], bool]) -> None:
        self.stopped = -1
        self._on_line = on_line

    def scan(self, data: bytes, at: int = 0) -> int:
        self.stopped = -1
        while (end := data.find(b"\n", at)) >= 0 and self.stopped < 0:
            if self._on_line(data[at:end].decode()):
                self.stopped = at
            at = end + 1
        return at


class ShelfTracker:
    """The client and the server talk in turns, after a HELLO of the server."""

    declined_tls = is_cancel_request = in_transaction = pipelined = expects_client_data = False
    advice = client_name = ""

    def __init__(
        self,
        connection: int,
        on_begin: Callable[[RoundTrip], bool],
        on_end: Callable[[RoundTrip], None],
    ) -> None:
        self.requests, self.replies = Lines(self._request), Lines(self._reply)
        self.pending: deque[Waiting] = deque()
        self.session_id = self._number = 0
        self._connection, self._on_begin, self._on_end = connection, on_begin, on_end

    @property
    def idle(self) -> bool:
        return not self.pending

    def client_handshake(self, data: bytes) -> Handshake:
        return Handshake(rest=data)

    def server_handshake(self, data: bytes) -> Handshake:
        greeting, newline, rest = data.partition(b"\n")
        if not newline:
            return Handshake(rest=data)
        if not greeting.startswith(b"HELLO "):
            return Handshake(rest=data, passthrough_reason="the server did not say HELLO")
        self.session_id = int(greeting[6:])
        return Handshake(to_client=greeting + newline, rest=rest, done=True)

    def lose(self) -> None:
        while self.pending:
            self._end(Outcome.LOST)

    def _request(self, line: str) -> bool:
        self._number += 1
        now = time.monotonic()
        trip = RoundTrip(self._connection, self._number, "line", now, sent=now)
        trip.add(Command(line, executed=True))
        self.pending.append(Waiting(trip))
        return self._on_begin(trip)

    def _reply(self, line: str) -> bool:
        if not self.pending:
            raise ProtocolError("a reply that nobody asked for")
        trip = self.pending[0].trip
        if line.startswith("ERR "):
            trip.error = line.removeprefix("ERR ")
        trip.rows = int(line.startswith("VALUE "))
        self._end(Outcome.ANSWERED)
        return False

    def _end(self, outcome: Outcome) -> None:
        trip = self.pending.popleft().trip
        trip.before = trip.after = "I"
        trip.ended, trip.outcome = time.monotonic(), outcome
        self._on_end(trip)


class _Shelf:
    name = "shelf"

    def server_address(self, url: str) -> tuple[str, int]:
        parts = urlsplit(url)
        return parts.hostname or "127.0.0.1", parts.port or 0

    def track(
        self,
        connection: int,
        on_begin: Callable[[RoundTrip], bool],
        on_end: Callable[[RoundTrip], None],
    ) -> ShelfTracker:
        return ShelfTracker(connection, on_begin, on_end)


PROTOCOL = _Shelf()
