"""Parse the messages of the frontend: where round trips begin and end, and their statements."""

from __future__ import annotations

from collections.abc import Callable

from worksample.wire.postgres.framing import Framer
from worksample.wire.postgres.protocol_state import PendingTrip, ProtocolState
from worksample.wire.postgres.round_trips import Kind, SqlStatement
from worksample.wire.postgres.statements import (
    Portal,
    PreparedStatement,
    SessionStatements,
    parameter_count,
    read_name,
    read_text,
    read_types,
)
from worksample.wire.round_trips import RoundTrip, Statement


class FrontendParser:
    """Parses the messages that a client sends after the startup; feed them to `framer`.

    `on_begin(trip)` is called when a round trip begins, with its first statement in
    `trip.statements`; if it returns True, the framer stops before the message, so that the message
    can be held.
    """

    def __init__(self, state: ProtocolState, on_begin: Callable[[RoundTrip], bool]) -> None:
        self.names = SessionStatements()
        self.terminated = False
        self._state, self._on_begin = state, on_begin
        self._current: PendingTrip | None = None
        self._copy_ended = False
        self.framer = Framer(
            {
                "Q": self._query,
                "P": self._parse,
                "B": self._bind,
                "D": self._describe,
                "E": self._execute,
                "C": self._close,
                "S": self._sync,
                "H": self._flush,
                "F": self._call,
                "c": self._copy_end,
                "f": self._copy_end,
                "X": self._terminate,
                "d": None,
                "p": None,
            },
            counted="",
        )

    def _query(self, data: bytes, at: int, end: int) -> bool:
        return self._single_message(
            Kind.SIMPLE, SqlStatement(read_text(data, at, end), executed=True)
        )

    def _call(self, data: bytes, at: int, end: int) -> bool:
        oid = int.from_bytes(data[at : at + 4])
        return self._single_message(
            Kind.FUNCTION_CALL, SqlStatement(f"(call of function {oid})", None, executed=True)
        )

    def _single_message(self, kind: Kind, statement: Statement) -> bool:
        self._current, self._copy_ended = None, False
        entry = self._state.begin(kind)
        entry.complete = True
        entry.awaiting.append(statement)
        return self._record(entry, statement)

    def _parse(self, data: bytes, at: int, end: int) -> bool:
        name, at = read_name(data, at, end)
        sql = read_text(data, at, end)
        stop = data.find(0, at, end)
        types = read_types(data, stop + 1, end) if stop >= 0 else ()
        prepared = PreparedStatement(sql, types)
        entry = self._current or self._begin()
        statement = SqlStatement(sql, None, types)
        prepared.statement, prepared.trip = statement, entry.trip
        entry.awaiting.append((name, prepared, self.names.parse(name, prepared)))
        return self._record(entry, statement)

    def _bind(self, data: bytes, at: int, end: int) -> bool:
        portal, at = read_name(data, at, end)
        name, at = read_name(data, at, end)
        prepared = self.names.find(name)
        count = parameter_count(data, at, end)
        entry = self._current or self._begin()
        entry.awaiting.append(None)
        if prepared.trip is entry.trip and prepared.statement is not None:
            statement, prepared.statement = prepared.statement, None
            statement.parameters, new = count, None
        else:
            statement = new = SqlStatement(prepared.sql, count, prepared.types)
        self.names.bind(portal, Portal(prepared, count, statement, entry.trip))
        return self._record(entry, new)

    def _execute(self, data: bytes, at: int, end: int) -> bool:
        portal = self.names.portal(read_name(data, at, end)[0])
        entry = self._current or self._begin()
        statement, portal.statement, new = portal.statement, None, None
        if statement is None or portal.trip is not entry.trip:
            prepared = portal.prepared
            statement = new = SqlStatement(prepared.sql, portal.parameters, prepared.types)
        statement.executed = True
        entry.awaiting.append(statement)
        return self._record(entry, new)

    def _describe(self, data: bytes, at: int, end: int) -> bool:
        name, _ = read_name(data, at + 1, end)
        entry = self._current or self._begin()
        entry.awaiting.append(self.names.find(name) if data[at : at + 1] == b"S" else None)
        return self._record(entry, None)

    def _close(self, data: bytes, at: int, end: int) -> bool:
        self.names.close(data, at, end)
        entry = self._current or self._begin()
        entry.awaiting.append(None)
        return self._record(entry, None)

    def _sync(self, data: bytes, at: int, end: int) -> bool:
        if self._current is None and self._copy_ended:
            self._copy_ended = False
            return False
        entry = self._current or self._begin()
        entry.complete, self._current = True, None
        return self._record(entry, None)

    def _flush(self, data: bytes, at: int, end: int) -> bool:
        if (entry := self._current) is None:
            return False
        entry.complete, self._current = True, None
        entry.trip.kind = Kind.FLUSHED
        self._state.awaiting_sync = True
        self._state.end_flushed()
        return False

    def _copy_end(self, data: bytes, at: int, end: int) -> bool:
        """Expect a second Sync after a COPY in an extended query: the backend skips the first.

        CopyGetData in src/backend/commands/copyfromparse.c: "ignore Flush/Sync for the convenience
        of client libraries".
        """
        pending = self._state.pending
        extended = bool(pending) and pending[-1].trip.kind in (Kind.EXTENDED, Kind.FLUSHED)
        self._copy_ended = self._current is None and extended
        return False

    def _terminate(self, data: bytes, at: int, end: int) -> bool:
        self.terminated = True
        return False

    def _begin(self) -> PendingTrip:
        self._copy_ended = False
        self._current = self._state.begin(Kind.EXTENDED)
        return self._current

    def _record(self, entry: PendingTrip, statement: Statement | None) -> bool:
        if statement is not None:
            entry.trip.add(statement)
        if entry.announced:
            return False
        entry.announced = True
        return self._on_begin(entry.trip)
