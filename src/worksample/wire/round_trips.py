"""Data of a round trip: its statements and their results."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

MAX_STATEMENTS = 200


class Kind(StrEnum):
    """The sub-protocol of a round trip, which determines what ends it."""

    SIMPLE = "simple query"
    EXTENDED = "extended query"
    FLUSHED = "flushed extended query"
    FUNCTION_CALL = "function call"


class Outcome(StrEnum):
    """How a round trip ended."""

    RUNNING = "running"
    ANSWERED = "answered"
    SKIPPED = "skipped after an error"
    LOST = "connection lost before the answer"


@dataclass(slots=True, eq=False)
class Statement:
    """One statement of a round trip.

    `sql` is its text, truncated to 4000 bytes. `parameters` is the number of values bound, None if
    unknown; `types` their type OIDs, () while unknown, 0 for an unspecified type. `rows` rows of
    `size` bytes were returned; `tag` is the command tag and `affected` the number in it
    (`UPDATE 3`). `executed` is False for a statement that was only prepared.
    """

    sql: str
    parameters: int | None = 0
    types: tuple[int, ...] = ()
    executed: bool = False
    rows: int = 0
    affected: int = 0
    size: int = 0
    tag: str = ""


@dataclass(slots=True, eq=False)
class RoundTrip:
    """A simple query, or extended-query messages up to a Sync (or a Flush: `Kind.FLUSHED`).

    `number` counts the round trips of a connection from 1; `step` those of a request from 1, 0 if
    it belongs to no request. `before` and `after` are the transaction status of ReadyForQuery: "I"
    idle, "T" in a transaction, "E" in a failed transaction, "" unknown. `started` and `ended` are
    seconds on `time.monotonic`; `sent` is when it was sent to PostgreSQL: later than `started` if
    it was held, 0 if it was not sent. `error` is the first SQLSTATE, `message` its text. `sure` is
    False if the attribution to `request` is a guess. `fault` is the name of the injected fault.
    Statements beyond 200 are not kept; `omitted` counts them.
    """

    connection: int
    number: int
    kind: Kind
    started: float
    statements: list[Statement] = field(default_factory=list)
    omitted: int = 0
    rows: int = 0
    affected: int = 0
    size: int = 0
    before: str = ""
    after: str = ""
    sent: float = 0.0
    ended: float = 0.0
    error: str = ""
    message: str = ""
    outcome: Outcome = Outcome.RUNNING
    request: str = ""
    step: int = 0
    sure: bool = True
    background: bool = False
    fault: str = ""

    @property
    def running(self) -> bool:
        """Whether the reply is not complete."""
        return self.outcome is Outcome.RUNNING

    @property
    def seconds(self) -> float:
        """The seconds from its first byte to the last byte of the reply; 0 while it is running."""
        return max(self.ended - self.started, 0.0)

    def add(self, statement: Statement) -> None:
        """Add a statement."""
        if len(self.statements) < MAX_STATEMENTS:
            self.statements.append(statement)
        else:
            self.omitted += 1

    def __str__(self) -> str:
        sql = "; ".join(" ".join(each.sql.split()) for each in self.statements[:3])
        return sql or "(no statement)"
