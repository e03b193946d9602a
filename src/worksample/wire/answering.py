"""The side that answers: which round trip an answer belongs to, and what it says."""

from __future__ import annotations

from worksample.wire.framing import Framer, Handler
from worksample.wire.legs import Leg, Legs
from worksample.wire.statements import Prepared, Statements, read_types
from worksample.wire.trips import Kind, Outcome, Statement

LONGEST_TAG = 64
LONGEST_MESSAGE = 400
PASSED_ON = "AHNRSVcv"


class Answering:
    """Reads what PostgreSQL sends; `framer` is fed with it.

    `pid` is that of the server's process, `failure` an error that belongs to no round trip (a
    refused login, a shutdown); `wants_data` that a COPY waits for what the client has to send.
    """

    def __init__(self, legs: Legs, names: Statements) -> None:
        self.pid, self.failure = 0, ""
        self.wants_data = False
        self._legs, self._names = legs, names
        steps: dict[str, Handler | None] = dict.fromkeys("123Tn", self._step)
        passed: dict[str, Handler | None] = dict.fromkeys(PASSED_ON)
        self.framer = Framer(
            {
                **passed,
                **steps,
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
        self.wants_data = True
        return False

    def _step(self, data: bytes, at: int, end: int) -> bool:
        if self._legs.pending:
            leg = self._legs.pending[0]
            if leg.trip.kind is not Kind.SIMPLE and leg.steps:
                leg.steps.popleft()
                self._stepped(leg)
        return False

    def _stepped(self, leg: Leg) -> None:
        if not leg.steps and leg.trip.kind is Kind.PART:
            self._legs.end_parts()

    def _types(self, data: bytes, at: int, end: int) -> bool:
        """A ParameterDescription: it comes before the answer that ends a Describe."""
        leg = self._legs.pending[0] if self._legs.pending else None
        if leg is not None and leg.steps and isinstance(described := leg.steps[0], Prepared):
            described.types = read_types(data, at, end)
            if leg.trip.statements and leg.trip.statements[-1].sql == described.sql:
                leg.trip.statements[-1].types = described.types
        return False

    def _complete(self, data: bytes, at: int, end: int) -> bool:
        """CommandComplete, EmptyQueryResponse and PortalSuspended end an Execute."""
        self.wants_data = False
        if not self._legs.pending:
            return False
        leg = self._legs.pending[0]
        statement = leg.steps[0] if leg.steps else None
        statement = statement if isinstance(statement, Statement) else None
        tag = data[at : min(end, at + LONGEST_TAG)].rstrip(b"\0").decode("utf-8", "replace")
        self._count(leg, statement, tag)
        if leg.trip.kind is not Kind.SIMPLE and leg.steps:
            leg.steps.popleft()
            self._stepped(leg)
        return False

    def _count(self, leg: Leg, statement: Statement | None, tag: str) -> None:
        """Add what came since the last count to the round trip and its statement."""
        rows, size = self.framer.count, self.framer.size
        self.framer.count = self.framer.size = 0
        last = tag.rpartition(" ")[2]
        affected = int(last) if last.isdecimal() else 0
        for each in (leg.trip, statement):
            if each is not None:
                each.rows += rows
                each.size += size
                each.affected += affected
        if statement is not None and tag:
            statement.tag = f"{statement.tag}; {tag}"[:LONGEST_MESSAGE] if statement.tag else tag

    def _error(self, data: bytes, at: int, end: int) -> bool:
        code, message = error_of(data, at, end)
        self.wants_data = False
        if not self._legs.pending:
            self.failure = message
            return False
        leg = self._legs.pending[0]
        if not leg.trip.error:
            leg.trip.error, leg.trip.message = code, message
        self._count(leg, None, "")
        if leg.trip.kind in (Kind.BATCH, Kind.PART):
            self._undo(leg)
            self._legs.failed = True
            self._legs.end_parts()
        return False

    def _undo(self, leg: Leg) -> None:
        """Forget the statements whose Parse failed or was skipped."""
        while leg.steps:
            if isinstance(step := leg.steps.pop(), tuple):
                name, prepared, before = step
                if self._names.prepared.get(name) is prepared:
                    self._names.parse(name, before)

    def _ready(self, data: bytes, at: int, end: int) -> bool:
        state = data[at : at + 1].decode("latin-1")
        self._legs.failed = self._legs.unsynced = False
        while self._legs.pending and self._legs.pending[0].over:
            leg = self._legs.pending[0]
            self._count(leg, None, "")
            if leg.trip.kind is not Kind.PART:
                self._legs.end(state, Outcome.ANSWERED)
                break
            self._legs.end("", Outcome.ANSWERED)
        self._legs.state = state
        if state == "I" and not self._legs.pending:
            self._names.portals.clear()
        return False

    def _key(self, data: bytes, at: int, end: int) -> bool:
        self.pid = int.from_bytes(data[at : at + 4])
        return False


def error_of(data: bytes, at: int, end: int) -> tuple[str, str]:
    """Return SQLSTATE and text of an ErrorResponse's body."""
    fields = {field[:1]: field[1:] for field in data[at:end].split(b"\0")}
    message = fields.get(b"M", b"")[:LONGEST_MESSAGE].decode("utf-8", "replace")
    return fields.get(b"C", b"").decode("latin-1"), message
