"""The side that asks: where round trips begin and end, and which statements they carry."""

from __future__ import annotations

from collections.abc import Callable

from worksample.wire.framing import Framer
from worksample.wire.protocol_state import PendingTrip, ProtocolState
from worksample.wire.round_trips import Kind, RoundTrip, Statement
from worksample.wire.statements import (
    Portal,
    PreparedStatement,
    SessionStatements,
    parameter_count,
    read_name,
    read_text,
    read_types,
)


class FrontendParser:
    """Reads what a client sends after its startup; `framer` is fed with it.

    `on_begin(trip)` is called when a round trip begins, with its first statement already listed;
    True stops the framer there, so that the message can be held.
    """

    def __init__(self, state: ProtocolState, on_begin: Callable[[RoundTrip], bool]) -> None:
        self.names = SessionStatements()
        self.terminated = False
        self._state, self._on_begin = state, on_begin
        self._current: PendingTrip | None = None
        self._copied = False
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
                "c": self._copy_ends,
                "f": self._copy_ends,
                "X": self._terminate,
                "d": None,
                "p": None,
            },
            counted="",
        )

    def _query(self, data: bytes, at: int, end: int) -> bool:
        return self._whole(Kind.SIMPLE, Statement(read_text(data, at, end), executed=True))

    def _call(self, data: bytes, at: int, end: int) -> bool:
        oid = int.from_bytes(data[at : at + 4])
        return self._whole(
            Kind.FUNCTION_CALL, Statement(f"(call of function {oid})", None, executed=True)
        )

    def _whole(self, kind: Kind, statement: Statement) -> bool:
        self._current, self._copied = None, False
        entry = self._state.begin(kind)
        entry.complete = True
        entry.awaiting.append(statement)
        return self._note(entry, statement)

    def _parse(self, data: bytes, at: int, end: int) -> bool:
        name, at = read_name(data, at, end)
        sql = read_text(data, at, end)
        stop = data.find(0, at, end)
        types = read_types(data, stop + 1, end) if stop >= 0 else ()
        prepared = PreparedStatement(sql, types)
        entry = self._current or self._begin()
        statement = Statement(sql, None, types)
        prepared.listed, prepared.of = statement, entry.trip
        entry.awaiting.append((name, prepared, self.names.parse(name, prepared)))
        return self._note(entry, statement)

    def _bind(self, data: bytes, at: int, end: int) -> bool:
        portal, at = read_name(data, at, end)
        name, at = read_name(data, at, end)
        prepared = self.names.find(name)
        count = parameter_count(data, at, end)
        entry = self._current or self._begin()
        entry.awaiting.append(None)
        if prepared.of is entry.trip and prepared.listed is not None:
            statement, prepared.listed = prepared.listed, None
            statement.parameters, new = count, None
        else:
            statement = new = Statement(prepared.sql, count, prepared.types)
        self.names.bind(portal, Portal(prepared, count, statement, entry.trip))
        return self._note(entry, new)

    def _execute(self, data: bytes, at: int, end: int) -> bool:
        portal = self.names.portal(read_name(data, at, end)[0])
        entry = self._current or self._begin()
        statement, portal.listed, new = portal.listed, None, None
        if statement is None or portal.of is not entry.trip:
            prepared = portal.prepared
            statement = new = Statement(prepared.sql, portal.parameters, prepared.types)
        statement.executed = True
        entry.awaiting.append(statement)
        return self._note(entry, new)

    def _describe(self, data: bytes, at: int, end: int) -> bool:
        name, _ = read_name(data, at + 1, end)
        entry = self._current or self._begin()
        entry.awaiting.append(self.names.find(name) if data[at : at + 1] == b"S" else None)
        return self._note(entry, None)

    def _close(self, data: bytes, at: int, end: int) -> bool:
        self.names.close(data, at, end)
        entry = self._current or self._begin()
        entry.awaiting.append(None)
        return self._note(entry, None)

    def _sync(self, data: bytes, at: int, end: int) -> bool:
        if self._current is None and self._copied:
            self._copied = False
            return False
        entry = self._current or self._begin()
        entry.complete, self._current = True, None
        return self._note(entry, None)

    def _flush(self, data: bytes, at: int, end: int) -> bool:
        if (entry := self._current) is None:
            return False
        entry.complete, self._current = True, None
        entry.trip.kind = Kind.FLUSHED
        self._state.awaiting_sync = True
        self._state.end_flushed()
        return False

    def _copy_ends(self, data: bytes, at: int, end: int) -> bool:
        """After a COPY in a batch comes a second Sync: the server has skipped the first.

        (CopyGetData in src/backend/commands/copyfromparse.c: "ignore Flush/Sync for the
        convenience of client libraries".)
        """
        pending = self._state.pending
        batch = bool(pending) and pending[-1].trip.kind in (Kind.EXTENDED, Kind.FLUSHED)
        self._copied = self._current is None and batch
        return False

    def _terminate(self, data: bytes, at: int, end: int) -> bool:
        self.terminated = True
        return False

    def _begin(self) -> PendingTrip:
        self._copied = False
        self._current = self._state.begin(Kind.EXTENDED)
        return self._current

    def _note(self, entry: PendingTrip, statement: Statement | None) -> bool:
        if statement is not None:
            entry.trip.add(statement)
        if entry.announced:
            return False
        entry.announced = True
        return self._on_begin(entry.trip)
