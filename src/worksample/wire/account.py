"""The database work of a request, summed up from its round trips."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from worksample.wire.round_trips import RoundTrip, Statement


@dataclass(frozen=True, slots=True)
class StatementTotals:
    """Totals over all executions of one statement, whatever its values.

    `count` is the number of executions, `rows` the number of rows returned, `size` their size in
    bytes, `affected` the number of rows changed or selected.
    """

    shape: str
    count: int
    rows: int
    affected: int
    size: int


@dataclass(frozen=True, slots=True)
class Account:
    """Totals over a number of round trips; times are in seconds.

    `by_statement` holds the executed statements by shape, most frequent first.
    `statements` counts all executed statements, including those whose text was not kept, and
    `writes` those that write. `transactions` counts the transactions that ended. `errors` holds
    the error code of each failed round trip. `seconds` is the time from request to reply, `idle`
    the time in which a transaction was open and no round trip was running.
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
        """The statements that were executed more than once, such as those of an N+1 query."""
        return tuple(each for each in self.by_statement if each.count > 1)


def account(trips: Iterable[RoundTrip]) -> Account:
    """Return the totals over the round trips that have ended, of one request or several."""
    done = [each for each in trips if not each.running]
    executed = [each for trip in done for each in trip.statements if each.executed]
    return Account(
        round_trips=len(done),
        statements=len(executed) + sum(each.omitted for each in done),
        rows=sum(each.rows for each in done),
        size=sum(each.size for each in done),
        writes=sum(each.writes for each in executed),
        transactions=sum(each.before in "TE" and each.after == "I" for each in done if each.before),
        connections=len({each.connection for each in done}),
        seconds=sum(each.seconds for each in done),
        idle=_idle(done),
        errors=tuple(each.error for each in done if each.error),
        by_statement=_by_statement(executed),
    )


def by_request(trips: Iterable[RoundTrip]) -> dict[str, Account]:
    """Return request name -> account; round trips that belong to no request are left out."""
    found: dict[str, list[RoundTrip]] = {}
    for each in trips:
        if each.request:
            found.setdefault(each.request, []).append(each)
    return {name: account(each) for name, each in found.items()}


def _by_statement(executed: Sequence[Statement]) -> tuple[StatementTotals, ...]:
    counts = Counter(each.shape for each in executed)
    sums: dict[str, list[int]] = {key: [0, 0, 0] for key in counts}
    for each in executed:
        totals = sums[each.shape]
        for index, value in enumerate((each.rows, each.affected, each.size)):
            totals[index] += value
    return tuple(StatementTotals(key, count, *sums[key]) for key, count in counts.most_common())


def _idle(done: Sequence[RoundTrip]) -> float:
    """Return the seconds between the round trips of connections with an open transaction."""
    total, last = 0.0, dict[int, RoundTrip]()
    for each in sorted(done, key=lambda trip: trip.started):
        before = last.get(each.connection)
        if before is not None and before.after in ("T", "E"):
            total += max(each.started - before.ended, 0.0)
        last[each.connection] = each
    return total
