"""What is known of a round trip: its statements and what came back."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

MAX_STATEMENTS = 200


class Kind(StrEnum):
    """How a round trip was asked, which also says what ends it."""

    SIMPLE = "simple query"
    EXTENDED = "batch"
    FLUSHED = "part of a batch"
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

    `sql` is at most 4000 characters of its text; `parameters` how many values it was given, None
    where that cannot be told; `types` their type oids, () while unknown, 0 for an unspecified one.
    `rows` came back in `size` bytes, `affected` is the number in the command tag (`UPDATE 3`).
    A statement that was only prepared is not `executed`.
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
    """A simple query, or the extended messages up to a Sync (or to a Flush: a part of a batch).

    `number` counts the round trips of a connection from 1, `step` those of a request from 1 (0:
    of no request). `before` and `after` are the transaction states of ReadyForQuery: "I" idle, "T"
    in a transaction, "E" in a failed one, "" unknown. `started` and `ended` are seconds on
    `time.monotonic`; `sent` is when it went on to PostgreSQL, later than `started` if it was held.
    `error` is the first SQLSTATE. `sure` is False where its request is a guess. Of more than 200
    statements only the number of the others is kept, in `omitted`.
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
        """Whether it has no answer yet."""
        return self.outcome is Outcome.RUNNING

    @property
    def seconds(self) -> float:
        """From its first byte to the last of its answer; 0 while it runs."""
        return max(self.ended - self.started, 0.0)

    def add(self, statement: Statement) -> None:
        """Note a statement of it."""
        if len(self.statements) < MAX_STATEMENTS:
            self.statements.append(statement)
        else:
            self.omitted += 1

    def __str__(self) -> str:
        said = "; ".join(" ".join(each.sql.split()) for each in self.statements[:3])
        return said or "(no statement)"
