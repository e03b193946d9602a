"""Data of a round trip: its statements and their results."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

MAX_STATEMENTS = 200


class Outcome(StrEnum):
    """How a round trip ended."""

    RUNNING = "running"
    ANSWERED = "answered"
    SKIPPED = "skipped after an error"
    LOST = "connection lost before the answer"


@dataclass(slots=True, eq=False)
class Statement:
    """One statement of a round trip. A protocol makes a subclass that understands its language.

    `sql` is its text, truncated to 4000 bytes. `parameters` is the number of values bound, None if
    unknown; `types` the protocol's numbers of their types, () while unknown, 0 for an unspecified
    type. `rows` rows of `size` bytes were returned and `affected` rows changed or selected; `tag`
    is what the database calls the command. `executed` is False for a statement that was only
    prepared.
    """

    sql: str
    parameters: int | None = 0
    types: tuple[int, ...] = ()
    executed: bool = False
    rows: int = 0
    affected: int = 0
    size: int = 0
    tag: str = ""

    @property
    def shape(self) -> str:
        """The statement without its values: the same for all executions of one statement."""
        return " ".join(self.sql.split())

    @property
    def is_control(self) -> bool:
        """Whether it only begins, ends or divides a transaction."""
        return False

    @property
    def is_housekeeping(self) -> bool:
        """Whether drivers send it on their own: transaction control, a setting, a ping."""
        return self.is_control

    @property
    def writes(self) -> bool:
        """Whether it is a command that changes data or the schema."""
        return False

    @property
    def changed_rows(self) -> bool:
        """Whether it changed at least one row."""
        return self.writes and self.affected > 0


@dataclass(slots=True, eq=False)
class RoundTrip:
    """What a client sends before it waits for a reply; `kind` is the protocol's name for its kind.

    `number` counts the round trips of a connection from 1; `step` those of a request from 1, 0 if
    it belongs to no request. `before` and `after` are the transaction status: "I"
    idle, "T" in a transaction, "E" in a failed transaction, "" unknown. `started` and `ended` are
    seconds on `time.monotonic`; `sent` is when it was sent to the database: later than `started` if
    it was held, 0 if it was not sent. `error` is the database's code of the first
    error, `message` its text. `sure` is
    False if the attribution to `request` is a guess. `fault` is the name of the injected fault.
    Statements beyond 200 are not kept; `omitted` counts them.
    """

    connection: int
    number: int
    kind: str
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
