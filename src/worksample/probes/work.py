"""Database work per request, and its growth: statements, rows and bytes, measured on the wire."""

from __future__ import annotations

from collections import Counter
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

from worksample.wire import RoundTrip, Wire

T = TypeVar("T")

_QUIET_SECONDS = 2.0


@dataclass(frozen=True, slots=True)
class Work:
    """The database work of one request.

    `statements` is shape -> number of executions, without statements that only manage a connection
    (BEGIN, SET, a ping). `rows` is the number of rows returned, `size` their bytes. `written` are
    the shapes of statements that changed rows.
    """

    statements: Mapping[str, int]
    rows: int = 0
    size: int = 0
    written: tuple[str, ...] = ()

    @property
    def count(self) -> int:
        """The number of statements."""
        return sum(self.statements.values())


def work_of(trips: Iterable[RoundTrip]) -> Work:
    """Return the work of all answered round trips of one request."""
    executed = [
        each for trip in trips if not trip.running for each in trip.statements if each.executed
    ]
    counted = [each for each in executed if not each.is_housekeeping]
    return Work(
        Counter(each.shape for each in counted),
        sum(each.rows for each in counted),
        sum(each.size for each in counted),
        tuple(each.shape for each in counted if each.changed_rows),
    )


async def measure_work(wire: Wire, name: str, send: Callable[[], Awaitable[T]]) -> tuple[T, Work]:
    """Call `send` and return (its result, its work). No other request may be in progress."""
    async with wire.trace(name) as trace:
        answer = await send()
        await wire.wait_idle(_QUIET_SECONDS)
    return answer, work_of([*trace.trips, *trace.late])


def cheapest(works: Sequence[Work]) -> Work:
    """Return the smallest of several measurements. The first one may include connection setup."""
    return min(works, key=lambda each: (each.count, each.rows))


def growing_statements(small: Work, large: Work) -> list[tuple[str, int, int]]:
    """Return (shape, count in `small`, count in `large`) of statements that became more frequent.

    The largest growth comes first. Statements that differ only in literals or in the length of a
    list have the same shape.
    """
    grown = [
        (key, small.statements.get(key, 0), count)
        for key, count in large.statements.items()
        if count > small.statements.get(key, 0)
    ]
    return sorted(grown, key=lambda each: each[1] - each[2])


def repeated_writes(works: Sequence[Work]) -> list[str]:
    """Return the shapes that change rows in nearly every one of several identical reads.

    A one-time write (a row created on first use, an unrelated job) is not a cost of reading. A
    write that follows the answer may be counted with the next read.
    """
    seen = Counter(key for each in works for key in set(each.written))
    return [key for key, count in seen.items() if count >= max(len(works) - 1, 2)]
