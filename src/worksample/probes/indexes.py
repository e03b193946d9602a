"""Find missing indexes: query plans suggest candidates, and a trial index proves that one helps.

While plans are logged, the database plans as if every table were large (see `PlanLog`). A condition
that still reads many unneeded rows has no index. An index that does not reduce the rows read is not
reported as missing.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass

from worksample.services import ExecutedStatement, IndexCandidate, PlanLog
from worksample.targets import Lab
from worksample.wire import Fault, RoundTrip, Wire

SendRequest = Callable[[], Awaitable[object]]

#: An index helps if it divides the number of rows examined by at least this.
MIN_IMPROVEMENT = 4
#: Tables of which fewer rows are examined are not worth an index.
MIN_ROWS = 16
#: Candidate indexes tried per request.
MAX_TRIALS = 8
_QUIET_SECONDS = 2.0
_ATTEMPTS = 4


@dataclass(frozen=True, slots=True)
class MissingIndex:
    """An index that helped when it was created for a trial.

    `before` and `after` are the rows of its table that were examined without and with the index,
    out of `table_rows`. `statement` is the statement that examines most of them.
    """

    candidate: IndexCandidate
    before: int
    after: int
    table_rows: int
    statement: str


class _Sessions:
    """A gate that holds nothing and records the sessions in use."""

    def __init__(self, wire: Wire) -> None:
        self.ids: set[int] = set()
        self._wire = wire

    def decide(self, trip: RoundTrip) -> Fault | None:
        """Record the session of the connection."""
        if connection := self._wire.connections.get(trip.connection):
            self.ids.add(connection.tracker.session_id)
        return None


class PlanCollector:
    """Collects the query plans of requests, and tries out missing indexes."""

    def __init__(self, lab: Lab, log: PlanLog) -> None:
        self._lab, self._log = lab, log

    @classmethod
    @asynccontextmanager
    async def begin(cls, lab: Lab) -> AsyncIterator[PlanCollector]:
        """Log the query plans of the lab's server within the block.

        The server is restarted with the new settings, and killed at the end. Raises
        `PlansUnavailable`, `DatabaseError` and `StartFailed`.
        """
        async with lab.database.log_plans() as log:
            try:
                await lab.target.restart()
                yield cls(lab, log)
            finally:
                await lab.target.kill()

    async def plans(self, name: str, send: SendRequest) -> list[ExecutedStatement]:
        """Call `send`, and return the statements executed for it."""
        mark = await self._log.position()
        sessions = _Sessions(self._lab.wire)
        async with self._lab.wire.trace(name, sessions):
            await send()
            await self._lab.wire.wait_idle(_QUIET_SECONDS)
        return await self._log.executed(mark, sessions.ids)

    async def missing(self, name: str, send: SendRequest) -> list[MissingIndex]:
        """Return the indexes that would greatly reduce the rows that this request examines."""
        await send()
        plans = await self._complete_plans(name, send)
        candidates = await self._worth_a_trial(plans)
        return [
            found
            for candidate in candidates
            if (found := await self._try_index(candidate, name, send, plans))
        ]

    async def _worth_a_trial(self, plans: Sequence[ExecutedStatement]) -> list[IndexCandidate]:
        """Return candidates without an index on tables with many examined rows, most rows first."""
        before, tables = _examined(plans), await self._log.table_rows()
        indexed = await self._log.indexed()
        candidates = [
            each
            for each in dict.fromkeys(each for plan in plans for each in plan.candidates)
            if before[each.table] >= MIN_ROWS and each.table in tables and each not in indexed
        ]
        return sorted(candidates, key=lambda each: -before[each.table])[:MAX_TRIALS]

    async def _complete_plans(
        self, name: str, send: SendRequest, number: int = 0
    ) -> list[ExecutedStatement]:
        """Call `send` until there are `number` plans (0: twice); return the longest list of plans.

        Log entries that several sessions write at the same time can be torn. Torn entries are left
        out, so a single run could show too few plans.
        """
        found: list[list[ExecutedStatement]] = []
        for _ in range(_ATTEMPTS if number else 2):
            found.append(await self.plans(name, send))
            if number and len(found[-1]) >= number:
                break
        return max(found, key=len)

    async def _try_index(
        self,
        candidate: IndexCandidate,
        name: str,
        send: SendRequest,
        plans: Sequence[ExecutedStatement],
    ) -> MissingIndex | None:
        """Create the index, send the request again, and drop the index."""
        table = candidate.table
        table_rows = (await self._log.table_rows())[table]
        async with self._log.trial(candidate) as created:
            if not created:
                return None
            new_plans = await self._complete_plans(name, send, len(plans))
        before, after = _examined(plans)[table], _examined(new_plans)[table]
        if after * MIN_IMPROVEMENT > before or len(new_plans) < len(plans):
            return None
        return MissingIndex(candidate, before, after, table_rows, _costliest(plans, table))


def _examined(plans: Sequence[ExecutedStatement]) -> Counter[str]:
    """Return table -> rows examined by all statements."""
    found: Counter[str] = Counter()
    for each in plans:
        found.update(each.examined)
    return found


def _costliest(plans: Sequence[ExecutedStatement], table: str) -> str:
    """Return the statement that examines the most rows of `table`."""
    costs = [(each.examined.get(table, 0), each.sql) for each in plans]
    return " ".join(max(costs)[1].split()) if costs else ""
