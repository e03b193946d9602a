"""Parse the messages of the backend: which round trip they belong to, and their results."""

from __future__ import annotations

from worksample.wire.postgres.framing import Framer, Handler
from worksample.wire.postgres.protocol_state import PendingTrip, ProtocolState
from worksample.wire.postgres.round_trips import Kind
from worksample.wire.postgres.statements import PreparedStatement, SessionStatements, read_types
from worksample.wire.round_trips import Outcome, Statement

MAX_TAG = 64
MAX_MESSAGE = 400
IGNORED_KINDS = "AHNRSVcv"


class BackendParser:
    """Parses the messages that PostgreSQL sends; feed them to `framer`.

    `pid` is the process id of the backend. `failure` is the text of an error that belongs to no
    round trip, such as a rejected login or a shutdown. `expects_copy_data` is True while a COPY
    waits for the client's data.
    """

    def __init__(self, state: ProtocolState, names: SessionStatements) -> None:
        self.pid, self.failure = 0, ""
        self.expects_copy_data = False
        self._state, self._names = state, names
        replies: dict[str, Handler | None] = dict.fromkeys("123Tn", self._reply)
        ignored: dict[str, Handler | None] = dict.fromkeys(IGNORED_KINDS)
        self.framer = Framer(
            {
                **ignored,
                **replies,
                "t": self._types,
                "C": self._complete,
                "I": self._complete,
                "s": self._complete,
                "E": self._error,
                "G": self._copy,
                "W": self._copy,
                "Z": self._ready,
                "K": self._key,
                "D": None,
                "d": None,
            },
            counted="Dd",
        )

    def _copy(self, data: bytes, at: int, end: int) -> bool:
        self.expects_copy_data = True
        return False

    def _reply(self, data: bytes, at: int, end: int) -> bool:
        if self._state.pending:
            entry = self._state.pending[0]
            if entry.trip.kind is not Kind.SIMPLE and entry.awaiting:
                entry.awaiting.popleft()
                self._end_if_flushed(entry)
        return False

    def _end_if_flushed(self, entry: PendingTrip) -> None:
        if not entry.awaiting and entry.trip.kind is Kind.FLUSHED:
            self._state.end_flushed()

    def _types(self, data: bytes, at: int, end: int) -> bool:
        """Handle ParameterDescription, which precedes the message that completes a Describe."""
        entry = self._state.pending[0] if self._state.pending else None
        if (
            entry is not None
            and entry.awaiting
            and isinstance(described := entry.awaiting[0], PreparedStatement)
        ):
            described.types = read_types(data, at, end)
            if entry.trip.statements and entry.trip.statements[-1].sql == described.sql:
                entry.trip.statements[-1].types = described.types
        return False

    def _complete(self, data: bytes, at: int, end: int) -> bool:
        """Handle CommandComplete, EmptyQueryResponse and PortalSuspended, which end an Execute."""
        self.expects_copy_data = False
        if not self._state.pending:
            return False
        entry = self._state.pending[0]
        statement = entry.awaiting[0] if entry.awaiting else None
        statement = statement if isinstance(statement, Statement) else None
        tag = data[at : min(end, at + MAX_TAG)].rstrip(b"\0").decode("utf-8", "replace")
        self._count(entry, statement, tag)
        if entry.trip.kind is not Kind.SIMPLE and entry.awaiting:
            entry.awaiting.popleft()
            self._end_if_flushed(entry)
        return False

    def _count(self, entry: PendingTrip, statement: Statement | None, tag: str) -> None:
        """Add the rows and bytes since the last call to the round trip and its statement."""
        rows, size = self.framer.count, self.framer.size
        self.framer.count = self.framer.size = 0
        last = tag.rpartition(" ")[2]
        affected = int(last) if last.isdecimal() else 0
        for each in (entry.trip, statement):
            if each is not None:
                each.rows += rows
                each.size += size
                each.affected += affected
        if statement is not None and tag:
            statement.tag = f"{statement.tag}; {tag}"[:MAX_MESSAGE] if statement.tag else tag

    def _error(self, data: bytes, at: int, end: int) -> bool:
        code, message = error_of(data, at, end)
        self.expects_copy_data = False
        if not self._state.pending:
            self.failure = message
            return False
        entry = self._state.pending[0]
        if not entry.trip.error:
            entry.trip.error, entry.trip.message = code, message
        self._count(entry, None, "")
        if entry.trip.kind in (Kind.EXTENDED, Kind.FLUSHED):
            self._undo(entry)
            self._state.skipping = True
            self._state.end_flushed()
        return False

    def _undo(self, entry: PendingTrip) -> None:
        """Restore the names of the statements whose Parse failed or was skipped."""
        while entry.awaiting:
            if isinstance(step := entry.awaiting.pop(), tuple):
                name, prepared, before = step
                if self._names.prepared.get(name) is prepared:
                    self._names.parse(name, before)

    def _ready(self, data: bytes, at: int, end: int) -> bool:
        state = data[at : at + 1].decode("latin-1")
        self._state.skipping = self._state.awaiting_sync = False
        while self._state.pending and self._state.pending[0].complete:
            entry = self._state.pending[0]
            self._count(entry, None, "")
            if entry.trip.kind is not Kind.FLUSHED:
                self._state.end(state, Outcome.ANSWERED)
                break
            self._state.end("", Outcome.ANSWERED)
        self._state.transaction_status = state
        if state == "I" and not self._state.pending:
            self._names.portals.clear()
        return False

    def _key(self, data: bytes, at: int, end: int) -> bool:
        self.pid = int.from_bytes(data[at : at + 4])
        return False


def error_of(data: bytes, at: int, end: int) -> tuple[str, str]:
    """Return the SQLSTATE and the message text in the body of an ErrorResponse."""
    fields = {field[:1]: field[1:] for field in data[at:end].split(b"\0")}
    message = fields.get(b"M", b"")[:MAX_MESSAGE].decode("utf-8", "replace")
    return fields.get(b"C", b"").decode("latin-1"), message
