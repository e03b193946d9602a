"""The side that asks: where round trips begin and end, and which statements they carry."""

from __future__ import annotations

from collections.abc import Callable

from worksample.wire.framing import Framer
from worksample.wire.legs import Leg, Legs
from worksample.wire.statements import (
    Portal,
    Prepared,
    Statements,
    parameter_count,
    read_name,
    read_text,
    read_types,
)
from worksample.wire.trips import Kind, RoundTrip, Statement


class Asking:
    """Reads what a client sends after its startup; `framer` is fed with it.

    `opens(trip)` is called when a round trip begins, with its first statement already listed;
    True stops the framer there, so that the message can be held.
    """

    def __init__(self, legs: Legs, opens: Callable[[RoundTrip], bool]) -> None:
        self.names = Statements()
        self.terminated = False
        self._legs, self._opens = legs, opens
        self._leg: Leg | None = None
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
        return self._whole(Kind.CALL, Statement(f"(call of function {oid})", None, executed=True))

    def _whole(self, kind: Kind, statement: Statement) -> bool:
        self._leg, self._copied = None, False
        leg = self._legs.begin(kind)
        leg.over = True
        leg.steps.append(statement)
        return self._note(leg, statement)

    def _parse(self, data: bytes, at: int, end: int) -> bool:
        name, at = read_name(data, at, end)
        sql = read_text(data, at, end)
        stop = data.find(0, at, end)
        types = read_types(data, stop + 1, end) if stop >= 0 else ()
        prepared = Prepared(sql, types)
        leg = self._leg or self._begin()
        statement = Statement(sql, None, types)
        prepared.listed, prepared.of = statement, leg.trip
        leg.steps.append((name, prepared, self.names.parse(name, prepared)))
        return self._note(leg, statement)

    def _bind(self, data: bytes, at: int, end: int) -> bool:
        portal, at = read_name(data, at, end)
        name, at = read_name(data, at, end)
        prepared = self.names.find(name)
        count = parameter_count(data, at, end)
        leg = self._leg or self._begin()
        leg.steps.append(None)
        if prepared.of is leg.trip and prepared.listed is not None:
            statement, prepared.listed = prepared.listed, None
            statement.parameters, new = count, None
        else:
            statement = new = Statement(prepared.sql, count, prepared.types)
        self.names.bind(portal, Portal(prepared, count, statement, leg.trip))
        return self._note(leg, new)

    def _execute(self, data: bytes, at: int, end: int) -> bool:
        portal = self.names.portal(read_name(data, at, end)[0])
        leg = self._leg or self._begin()
        statement, portal.listed, new = portal.listed, None, None
        if statement is None or portal.of is not leg.trip:
            prepared = portal.prepared
            statement = new = Statement(prepared.sql, portal.parameters, prepared.types)
        statement.executed = True
        leg.steps.append(statement)
        return self._note(leg, new)

    def _describe(self, data: bytes, at: int, end: int) -> bool:
        name, _ = read_name(data, at + 1, end)
        leg = self._leg or self._begin()
        leg.steps.append(self.names.find(name) if data[at : at + 1] == b"S" else None)
        return self._note(leg, None)

    def _close(self, data: bytes, at: int, end: int) -> bool:
        self.names.close(data, at, end)
        leg = self._leg or self._begin()
        leg.steps.append(None)
        return self._note(leg, None)

    def _sync(self, data: bytes, at: int, end: int) -> bool:
        if self._leg is None and self._copied:
            self._copied = False
            return False
        leg = self._leg or self._begin()
        leg.over, self._leg = True, None
        return self._note(leg, None)

    def _flush(self, data: bytes, at: int, end: int) -> bool:
        if (leg := self._leg) is None:
            return False
        leg.over, self._leg = True, None
        leg.trip.kind = Kind.PART
        self._legs.unsynced = True
        self._legs.end_parts()
        return False

    def _copy_ends(self, data: bytes, at: int, end: int) -> bool:
        """After a COPY in a batch comes a second Sync: the server has skipped the first.

        (CopyGetData in src/backend/commands/copyfromparse.c: "ignore Flush/Sync for the
        convenience of client libraries".)
        """
        pending = self._legs.pending
        batch = bool(pending) and pending[-1].trip.kind in (Kind.BATCH, Kind.PART)
        self._copied = self._leg is None and batch
        return False

    def _terminate(self, data: bytes, at: int, end: int) -> bool:
        self.terminated = True
        return False

    def _begin(self) -> Leg:
        self._copied = False
        self._leg = self._legs.begin(Kind.BATCH)
        return self._leg

    def _note(self, leg: Leg, statement: Statement | None) -> bool:
        if statement is not None:
            leg.trip.add(statement)
        if leg.known:
            return False
        leg.known = True
        return self._opens(leg.trip)
