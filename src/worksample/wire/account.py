"""What a request cost the database, told from its round trips alone."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from worksample.wire.normalization import normalized_sql
from worksample.wire.round_trips import RoundTrip, Statement

WRITE_COMMANDS = (
    "INSERT",
    "UPDATE",
    "DELETE",
    "MERGE",
    "COPY",
    "TRUNCATE",
    "CREATE",
    "ALTER",
    "DROP",
)


@dataclass(frozen=True, slots=True)
class StatementTotals:
    """Statements of one shape: how often, and the sums of what came back.

    `rows` came back in `size` bytes, `affected` is the sum of the numbers in the command tags.
    """

    normalized_sql: str
    count: int
    rows: int
    affected: int
    size: int


@dataclass(frozen=True, slots=True)
class Account:
    """The sums over some round trips; times in seconds.

    `by_statement` are the executed statements by shape, most often first; `statements` how many they are
    in all (also those of which no text was kept); `writes` how many of them wrote. `transactions`
    counts those that were ended, `errors` names the SQLSTATE of each that failed. `seconds` was
    spent in PostgreSQL and on the way, `idle` with a transaction open and nothing asked.
    """

    round_trips: int
    statements: int
    rows: int
    size: int
    writes: int
    transactions: int
    connections: int
    seconds: float
    idle: float
    errors: tuple[str, ...]
    by_statement: tuple[StatementTotals, ...]

    @property
    def repeated(self) -> tuple[StatementTotals, ...]:
        """The shapes that were executed more than once: where an N+1 shows."""
        return tuple(each for each in self.by_statement if each.count > 1)


def account(trips: Iterable[RoundTrip]) -> Account:
    """Sum up round trips (that have ended), of one request or of many."""
    done = [each for each in trips if not each.running]
    executed = [each for trip in done for each in trip.statements if each.executed]
    return Account(
        round_trips=len(done),
        statements=len(executed) + sum(each.omitted for each in done),
        rows=sum(each.rows for each in done),
        size=sum(each.size for each in done),
        writes=sum(each.tag.startswith(WRITE_COMMANDS) for each in executed),
        transactions=sum(each.before in "TE" and each.after == "I" for each in done if each.before),
        connections=len({each.connection for each in done}),
        seconds=sum(each.seconds for each in done),
        idle=_idle(done),
        errors=tuple(each.error for each in done if each.error),
        by_statement=_by_statement(executed),
    )


def by_request(trips: Iterable[RoundTrip]) -> dict[str, Account]:
    """Return request -> account; what belongs to no request is left out."""
    found: dict[str, list[RoundTrip]] = {}
    for each in trips:
        if each.request:
            found.setdefault(each.request, []).append(each)
    return {name: account(each) for name, each in found.items()}


def _by_statement(executed: Sequence[Statement]) -> tuple[StatementTotals, ...]:
    counts = Counter(normalized_sql(each.sql) for each in executed)
    sums: dict[str, list[int]] = {key: [0, 0, 0] for key in counts}
    for each in executed:
        sums_of = sums[normalized_sql(each.sql)]
        for index, value in enumerate((each.rows, each.affected, each.size)):
            sums_of[index] += value
    return tuple(StatementTotals(key, count, *sums[key]) for key, count in counts.most_common())


def _idle(done: Sequence[RoundTrip]) -> float:
    """Return the seconds between round trips of a connection that has a transaction open."""
    total, last = 0.0, dict[int, RoundTrip]()
    for each in sorted(done, key=lambda trip: trip.started):
        before = last.get(each.connection)
        if before is not None and before.after in ("T", "E"):
            total += max(each.started - before.ended, 0.0)
        last[each.connection] = each
    return total
