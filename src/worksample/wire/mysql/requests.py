"""Parse the commands of a client: where round trips begin, and their statements."""

from __future__ import annotations

from collections.abc import Callable

from worksample.messages import message
from worksample.wire.mysql.framing import Framer, Packet
from worksample.wire.mysql.protocol_state import PendingTrip, Prepared, ProtocolState
from worksample.wire.mysql.statements import MAX_SQL, Kind, SqlStatement
from worksample.wire.protocol import ProtocolError
from worksample.wire.round_trips import RoundTrip

QUIT, QUERY, FIELD_LIST, CHANGE_USER = 0x01, 0x03, 0x04, 0x11
PREPARE, EXECUTE, LONG_DATA, CLOSE, FETCH = 0x16, 0x17, 0x18, 0x19, 0x1C
BULK_EXECUTE = 0xFA
RESET_CONNECTION = 0x1F
#: USE, REFRESH, SHUTDOWN, STATISTICS, KILL, DEBUG, PING, and what resets or sets something: their
#: answer is one packet.
SINGLE = (0x02, 0x07, 0x08, 0x09, 0x0C, 0x0D, 0x0E, 0x1A, 0x1B, RESET_CONNECTION)
UNANSWERED = (QUIT, LONG_DATA, CLOSE)
LAST_PREPARED = 0xFFFFFFFF
UNKNOWN_SQL = "(statement with unknown text)"


class RequestParser:
    """Parses what a client sends once it is logged in; feed it to `framer`.

    `on_begin(trip)` is called when a round trip begins, with its statement in `trip.statements`; if
    it returns True, the framer stops before the packet, so that it can be held.
    """

    def __init__(self, state: ProtocolState, on_begin: Callable[[RoundTrip], bool]) -> None:
        self._state, self._on_begin = state, on_begin
        self.framer = Framer(self._command)

    def _command(self, packet: Packet) -> bool:
        """Begin a round trip; packets with another number than 0 continue an exchange."""
        if packet.number or not packet.length:
            return False
        command, body = packet.payload[0], packet.payload[1:]
        if command in UNANSWERED:
            if command == CLOSE:
                self._state.prepared.pop(_number(body), None)
            return False
        entry = self._begin(command, body)
        return self._on_begin(entry.trip)

    def _begin(self, command: int, body: bytes) -> PendingTrip:
        if command == QUERY:
            return self._state.begin(Kind.QUERY, SqlStatement(_text(body), executed=True))
        if command == PREPARE:
            return self._state.begin(Kind.PREPARE, SqlStatement(_text(body), None))
        if command in (EXECUTE, BULK_EXECUTE):
            prepared = self._prepared(_number(body))
            statement = SqlStatement(prepared.sql, prepared.parameters, executed=True)
            return self._state.begin(Kind.EXECUTE, statement)
        if command == FETCH:
            return self._state.begin(Kind.FETCH, SqlStatement("FETCH", executed=True))
        if command == CHANGE_USER:
            self._state.prepared.clear()
            return self._state.begin(Kind.CHANGE_USER, None)
        if command == FIELD_LIST:
            return self._state.begin(Kind.FIELD_LIST, None)
        if command not in SINGLE:
            raise ProtocolError(message("a command of unknown type {type}", type=hex(command)))
        if command == RESET_CONNECTION:
            self._state.prepared.clear()
        return self._state.begin(Kind.OTHER, None)

    def _prepared(self, number: int) -> Prepared:
        """Return a prepared statement; some clients execute one before they know its number."""
        if number == LAST_PREPARED:
            return self._state.last_prepared
        return self._state.prepared.get(number) or Prepared(UNKNOWN_SQL)


def _number(body: bytes) -> int:
    return int.from_bytes(body[:4], "little")


def _text(body: bytes) -> str:
    return body[:MAX_SQL].decode("utf-8", "replace")
