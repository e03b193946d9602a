"""Parse what the server sends: when a reply is complete, and its results.

https://mariadb.com/kb/en/result-set-packets/, https://mariadb.com/kb/en/com_stmt_prepare/.
"""

from __future__ import annotations

from collections.abc import Callable

from worksample.wire.mysql.capabilities import CACHE_METADATA, DEPRECATE_EOF, PROGRESS
from worksample.wire.mysql.framing import LARGEST, Framer, Packet, read_number
from worksample.wire.mysql.protocol_state import PendingTrip, Prepared, ProtocolState
from worksample.wire.mysql.statements import Kind
from worksample.wire.protocol import ProtocolError
from worksample.wire.round_trips import Outcome

OK, LOCAL_FILE, EOF, ERROR = 0x00, 0xFB, 0xFE, 0xFF
MORE_RESULTS, CURSOR_EXISTS = 0x08, 0x40
PROGRESS_REPORT = 0xFFFF
EOF_SIZE = 9
MAX_MESSAGE = 400
#: Errors after which the server has rolled back the whole transaction: a deadlock, and a row that
#: changed since the snapshot (innodb_snapshot_isolation).
ROLLED_BACK = (1213, 1020)

Phase = Callable[[PendingTrip, Packet], None]


class ReplyParser:
    """Parses the packets of the server once the client is logged in; feed them to `framer`."""

    def __init__(self, state: ProtocolState) -> None:
        self.framer = Framer(self._packet)
        self._state = state
        self._phase: Phase | None = None
        self._before = ""
        self._definitions = 0

    def _packet(self, packet: Packet) -> bool:
        if not self._state.pending:
            if packet.payload[:1] == bytes([ERROR]):
                return False  # a farewell: the server shuts down, or the session was killed
            raise ProtocolError("a reply that nobody asked for")
        entry = self._state.pending[0]
        if self._phase is None:
            self._before = self._state.status
            self._phase = self._first_phase(entry)
        if packet.payload[:1] == bytes([ERROR]):
            self._error(entry, packet.payload)
        else:
            self._phase(entry, packet)
        return False

    def _first_phase(self, entry: PendingTrip) -> Phase:
        if entry.kind is Kind.PREPARE:
            return self._prepared
        if entry.kind is Kind.CHANGE_USER:
            return self._login
        if entry.kind in (Kind.FETCH, Kind.FIELD_LIST):
            return self._row
        return self._single if entry.kind is Kind.OTHER else self._head

    def _has(self, capability: int) -> bool:
        return bool(self._state.capabilities & capability)

    def _end(self) -> None:
        self._phase = None
        self._state.end(self._before, Outcome.ANSWERED)

    def _error(self, entry: PendingTrip, payload: bytes) -> None:
        code = int.from_bytes(payload[1:3], "little")
        if code == PROGRESS_REPORT and self._has(PROGRESS):
            return
        text = payload[9:] if payload[3:4] == b"#" else payload[3:]
        entry.trip.error = str(code)
        entry.trip.message = text[:MAX_MESSAGE].decode("utf-8", "replace")
        if code in ROLLED_BACK:
            self._state.in_transaction = False
        self._end()

    def _single(self, entry: PendingTrip, packet: Packet) -> None:
        if packet.payload[:1] == bytes([OK]):
            self._state.set_status(_ok(packet.payload)[1])
        self._end()

    def _login(self, entry: PendingTrip, packet: Packet) -> None:
        """Handle a packet of the dialogue that changes the user; an OK ends it."""
        if packet.payload[:1] == bytes([OK]):
            self._single(entry, packet)

    def _prepared(self, entry: PendingTrip, packet: Packet) -> None:
        payload = packet.payload
        number = int.from_bytes(payload[1:5], "little")
        columns = int.from_bytes(payload[5:7], "little")
        parameters = int.from_bytes(payload[7:9], "little")
        if entry.statement is not None:
            entry.statement.parameters = parameters
            self._state.keep(number, Prepared(entry.statement.sql, parameters))
        ends = 0 if self._has(DEPRECATE_EOF) else (parameters > 0) + (columns > 0)
        self._definitions = parameters + columns + ends
        self._phase = self._prepared_definition
        if not self._definitions:
            self._end()

    def _prepared_definition(self, entry: PendingTrip, packet: Packet) -> None:
        self._definitions -= 1
        if not self._definitions:
            self._end()

    def _head(self, entry: PendingTrip, packet: Packet) -> None:
        """Handle the first packet of a result: an OK, or the number of columns."""
        first = packet.payload[:1]
        if first == bytes([OK]):
            affected, flags = _ok(packet.payload)
            entry.trip.affected += affected
            if entry.statement is not None:
                entry.statement.affected += affected
            self._result_ended(entry, flags)
            return
        if first == bytes([LOCAL_FILE]):
            raise ProtocolError("the database asks the client for a file (LOAD DATA LOCAL)")
        columns, at = read_number(packet.payload, 0)
        follow = not self._has(CACHE_METADATA) or packet.payload[at : at + 1] != b"\0"
        self._definitions = columns if follow else 0
        self._phase = self._definition
        if not self._definitions and self._has(DEPRECATE_EOF):
            self._phase = self._row

    def _definition(self, entry: PendingTrip, packet: Packet) -> None:
        """Handle a column's definition, or the EOF after the last one."""
        if self._definitions:
            self._definitions -= 1
            if not self._definitions and self._has(DEPRECATE_EOF):
                self._phase = self._row
            return
        flags = _eof(packet.payload)
        if flags & CURSOR_EXISTS:
            self._result_ended(entry, flags)
        else:
            self._phase = self._row

    def _row(self, entry: PendingTrip, packet: Packet) -> None:
        """Handle a row, or the packet that ends the rows."""
        limit = LARGEST if self._has(DEPRECATE_EOF) else EOF_SIZE
        if packet.payload[:1] == bytes([EOF]) and packet.length < limit:
            short = not self._has(DEPRECATE_EOF)
            flags = _eof(packet.payload) if short else _ok(packet.payload)[1]
            self._result_ended(entry, flags)
            return
        counted = (entry.trip, entry.statement) if entry.statement else (entry.trip,)
        for each in counted:
            each.rows += 1
            each.size += packet.length

    def _result_ended(self, entry: PendingTrip, flags: int) -> None:
        self._state.set_status(flags)
        if entry.statement is not None:
            entry.statement.succeed()
        if flags & MORE_RESULTS:
            self._phase = self._head
        else:
            self._end()


def _ok(payload: bytes) -> tuple[int, int]:
    """Return the affected rows and the status flags of an OK packet."""
    affected, at = read_number(payload, 1)
    _, at = read_number(payload, at)
    return affected, int.from_bytes(payload[at : at + 2], "little")


def _eof(payload: bytes) -> int:
    """Return the status flags of an EOF packet, which come after its warnings."""
    return int.from_bytes(payload[3:5], "little")
