"""What a request costs the database, and how that grows: told from the wire, without a clock."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

from worksample.wire import RoundTrip, Statement, Wire, normalized_sql
from worksample.wire.normalization import is_control

T = TypeVar("T")

_HOUSEKEEPING = re.compile(
    r"$|select \?$|(?:set|reset|show|discard|deallocate|listen|unlisten|select set_config)\b"
)
_WRITING = ("INSERT", "UPDATE", "DELETE", "MERGE", "TRUNCATE")
_QUIET_SECONDS = 2.0


@dataclass(frozen=True, slots=True)
class Work:
    """What one request asked of the database.

    `statements` are shapes and how often each was executed; what only keeps a connection in order
    (BEGIN, SET, a ping) is left out. `rows` came back in `size` bytes. `written` are the shapes
    that changed rows.
    """

    statements: Mapping[str, int]
    rows: int = 0
    size: int = 0
    written: tuple[str, ...] = ()

    @property
    def count(self) -> int:
        """How many statements they are in all."""
        return sum(self.statements.values())


def work_of(trips: Iterable[RoundTrip]) -> Work:
    """Sum up the round trips of one request; those that are not answered are left out."""
    executed = [
        each for trip in trips if not trip.running for each in trip.statements if each.executed
    ]
    telling = [each for each in executed if not _is_housekeeping(each.sql)]
    return Work(
        Counter(normalized_sql(each.sql) for each in telling),
        sum(each.rows for each in telling),
        sum(each.size for each in telling),
        tuple(normalized_sql(each.sql) for each in telling if _writes(each)),
    )


async def measure_work(wire: Wire, name: str, send: Callable[[], Awaitable[T]]) -> tuple[T, Work]:
    """Ask, with nothing else going on; return what it brought and the work it was."""
    async with wire.trace(name) as trace:
        answer = await send()
        await wire.wait_idle(_QUIET_SECONDS)
    return answer, work_of([*trace.trips, *trace.late])


def cheapest(works: Sequence[Work]) -> Work:
    """Return the cheapest of several times the same: a first time may open a connection."""
    return min(works, key=lambda each: (each.count, each.rows))


def growing_statements(small: Work, large: Work) -> list[tuple[str, int, int]]:
    """Return (shape, how often in small, in large) of what is asked more often, most grown first.

    Statements that differ in text alone, as those whose lists have another length, are one shape.
    """
    grown = [
        (key, small.statements.get(key, 0), count)
        for key, count in large.statements.items()
        if count > small.statements.get(key, 0)
    ]
    return sorted(grown, key=lambda each: each[1] - each[2])


def repeated_writes(works: Sequence[Work]) -> list[str]:
    """Return the shapes that change rows nearly every time the same read is asked.

    What is written once only (a row that is made when it is first needed, a job that happens to
    run) is no cost of reading. What is written behind the answer may be seen a read later.
    """
    seen = Counter(key for each in works for key in set(each.written))
    return [key for key, count in seen.items() if count >= max(len(works) - 1, 2)]


def _is_housekeeping(sql: str) -> bool:
    return is_control(sql) or _HOUSEKEEPING.match(normalized_sql(sql)) is not None


def _writes(statement: Statement) -> bool:
    """Whether it changed rows. What a WITH changes behind a SELECT is not told on the wire."""
    return statement.tag.startswith(_WRITING) and statement.affected > 0
