"""Find missing indexes: query plans suggest candidates, and a trial index proves that one helps.

PostgreSQL prefers a sequential scan for a table of a few hundred rows, even if there is an index.
For the time of the trial, settings of the server's role (`enable_seqscan` and others) make
sequential scans and joins that read whole tables expensive, and each row more expensive than a
page. PostgreSQL then plans as for a table of a million rows and uses every suitable index. A
condition that still reads many unneeded rows has no index. An index that does not reduce the rows
read is not reported as missing.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote, urlsplit

import psycopg
from psycopg import sql

from worksample.probes.plans import (
    IndexCandidate,
    Plan,
    candidate_indexes,
    plain_key,
    plans_in,
    rows_examined,
)
from worksample.services.postgres import ManagedPostgres
from worksample.targets import Lab
from worksample.wire import Fault, RoundTrip, Wire

SendRequest = Callable[[], Awaitable[object]]
Link = psycopg.AsyncConnection[tuple[object, ...]]

SETTINGS = {
    "session_preload_libraries": "auto_explain",
    "auto_explain.log_min_duration": "0",
    "auto_explain.log_analyze": "on",
    "auto_explain.log_timing": "off",
    "auto_explain.log_nested_statements": "on",
    "auto_explain.log_format": "json",
    "enable_seqscan": "off",
    "enable_hashjoin": "off",
    "enable_mergejoin": "off",
    "cpu_tuple_cost": "1",
    "seq_page_cost": "0.01",
    "random_page_cost": "0.01",
}
#: An index helps if it divides the number of rows examined by at least this.
MIN_IMPROVEMENT = 4
#: Tables of which fewer rows are examined are not worth an index.
MIN_ROWS = 16
#: Candidate indexes tried per request.
MAX_TRIALS = 8
_QUIET_SECONDS = 2.0
_ATTEMPTS = 4
_TRIAL_INDEX = "worksample_trial"

_INDEXES = """
    SELECT relation.relname, indexed.relname, pg_get_indexdef(entry.indexrelid, 1, false)
    FROM pg_index AS entry
    JOIN pg_class AS relation ON relation.oid = entry.indrelid
    JOIN pg_class AS indexed ON indexed.oid = entry.indexrelid
    JOIN pg_namespace AS space ON space.oid = relation.relnamespace
    WHERE space.nspname NOT LIKE 'pg\\_%' AND entry.indisvalid AND entry.indpred IS NULL
"""
_TABLES = """
    SELECT space.nspname, relation.relname, relation.reltuples::bigint
    FROM pg_class AS relation JOIN pg_namespace AS space ON space.oid = relation.relnamespace
    WHERE relation.relkind IN ('r', 'p') AND space.nspname NOT LIKE 'pg\\_%'
      AND space.nspname <> 'information_schema'
"""


class PlansUnavailable(Exception):
    """Query plans cannot be logged; the message says why."""


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


@dataclass(frozen=True, slots=True)
class _Catalog:
    """Tables and indexes of the database.

    `schemas`: table -> schema; `table_rows`: table -> number of rows; `first_keys`: index -> first
    key; `keys`: (table, first key) of all indexes.
    """

    schemas: Mapping[str, str]
    table_rows: Mapping[str, int]
    first_keys: Mapping[str, str]
    keys: frozenset[tuple[str, str]]


class _Backends:
    """A gate that holds nothing and records the process ids of the backends in use."""

    def __init__(self, wire: Wire) -> None:
        self.pids: set[int] = set()
        self._wire = wire

    def decide(self, trip: RoundTrip) -> Fault | None:
        """Record the backend of the connection."""
        if connection := self._wire.connections.get(trip.connection):
            self.pids.add(connection.pid)
        return None


class PlanCollector:
    """Collects the query plans of requests, and tries out missing indexes."""

    def __init__(self, lab: Lab, server: ManagedPostgres, link: Link) -> None:
        self._lab, self._server, self._link = lab, server, link

    @classmethod
    @asynccontextmanager
    async def begin(cls, lab: Lab) -> AsyncIterator[PlanCollector]:
        """Log the query plans of the lab's server within the block.

        The server is restarted with the new settings, and killed at the end. Raises
        `PlansUnavailable` and `StartFailed`.
        """
        server = lab.server
        if not isinstance(server, ManagedPostgres):
            raise PlansUnavailable(
                "query plans can be logged only on the PostgreSQL that Worksample starts"
            )
        if not server.can_log_plans:
            raise PlansUnavailable(
                "query plans cannot be logged: this PostgreSQL installation has no auto_explain"
            )
        async with await lab.database.connect() as link:
            await _set(link, lab, SETTINGS)
            try:
                await link.execute("ANALYZE")
                await lab.target.restart()
                yield cls(lab, server, link)
            finally:
                await _reset(link, lab)
                await lab.target.kill()

    async def plans(self, name: str, send: SendRequest) -> list[Plan]:
        """Call `send`, and return the plans of the statements executed for it."""
        mark = await self._server.flush_log()
        backends = _Backends(self._lab.wire)
        async with self._lab.wire.trace(name, backends):
            await send()
            await self._lab.wire.wait_idle(_QUIET_SECONDS)
        await self._server.flush_log()
        return plans_in(self._server.log.text(mark), backends.pids)

    async def missing(self, name: str, send: SendRequest) -> list[MissingIndex]:
        """Return the indexes that would greatly reduce the rows that this request examines."""
        await send()
        catalog = await self._read_catalog()
        plans = await self._complete_plans(name, send)
        before = rows_examined(plans, catalog.table_rows, catalog.first_keys)
        return [
            found
            for candidate in _worth_a_trial(plans, before, catalog)
            if (found := await self._try_index(candidate, name, send, plans, before, catalog))
        ]

    async def _complete_plans(self, name: str, send: SendRequest, number: int = 0) -> list[Plan]:
        """Call `send` until there are `number` plans (0: twice); return the longest list of plans.

        Log entries that several backends write at the same time can be torn. Torn entries are left
        out, so a single run could show too few plans.
        """
        found: list[list[Plan]] = []
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
        plans: Sequence[Plan],
        before: Counter[str],
        catalog: _Catalog,
    ) -> MissingIndex | None:
        """Create the index, send the request again, and drop the index."""
        schema, table = catalog.schemas[candidate.table], candidate.table
        qualified = sql.Identifier(schema, table)
        create = sql.SQL("CREATE INDEX {} ON {} (({}))").format(
            sql.Identifier(_TRIAL_INDEX),
            qualified,
            sql.SQL(candidate.key),
        )
        try:
            await self._link.execute(create)
        except psycopg.Error:
            return None
        try:
            await self._link.execute(sql.SQL("ANALYZE {}").format(qualified))
            indexed = await self._read_catalog()
            new_plans = await self._complete_plans(name, send, len(plans))
            after = rows_examined(new_plans, indexed.table_rows, indexed.first_keys)
        finally:
            await self._link.execute(
                sql.SQL("DROP INDEX {}").format(sql.Identifier(schema, _TRIAL_INDEX))
            )
        if after[table] * MIN_IMPROVEMENT > before[table] or len(new_plans) < len(plans):
            return None
        table_rows = catalog.table_rows[table]
        return MissingIndex(
            candidate, before[table], after[table], table_rows, _costliest(plans, table, catalog)
        )

    async def _read_catalog(self) -> _Catalog:
        tables: list[Any] = await (await self._link.execute(_TABLES)).fetchall()
        indexes: list[Any] = await (await self._link.execute(_INDEXES)).fetchall()
        return _Catalog(
            {table: schema for schema, table, _ in tables},
            {table: max(rows, 0) for _, table, rows in tables},
            {index: plain_key(key) for _, index, key in indexes},
            frozenset((table, plain_key(key)) for table, _, key in indexes),
        )


def _worth_a_trial(
    plans: Sequence[Plan], before: Counter[str], catalog: _Catalog
) -> list[IndexCandidate]:
    """Return candidates without an index on tables with many examined rows, most rows first."""
    candidates = [
        each
        for each in candidate_indexes(plans)
        if before[each.table] >= MIN_ROWS
        and each.table in catalog.schemas
        and (each.table, each.key) not in catalog.keys
    ]
    return sorted(candidates, key=lambda each: -before[each.table])[:MAX_TRIALS]


def _costliest(plans: Sequence[Plan], table: str, catalog: _Catalog) -> str:
    """Return the statement that examines the most rows of `table`."""
    costs = [
        (rows_examined([each], catalog.table_rows, catalog.first_keys)[table], each.sql)
        for each in plans
    ]
    return " ".join(max(costs)[1].split()) if costs else ""


async def _set(link: Link, lab: Lab, settings: Mapping[str, str]) -> None:
    """Apply `settings` to new sessions of the server's role in its database."""
    for name, value in settings.items():
        setting = sql.SQL(" SET {} = {}").format(_setting(name), sql.Literal(value))
        await link.execute(_role_in(lab) + setting)


async def _reset(link: Link, lab: Lab) -> None:
    for name in SETTINGS:
        await link.execute(_role_in(lab) + sql.SQL(" RESET {}").format(_setting(name)))


def _setting(name: str) -> sql.Composed:
    return sql.SQL(".").join(map(sql.Identifier, name.split(".")))


def _role_in(lab: Lab) -> sql.Composed:
    role = unquote(urlsplit(lab.database.url).username or "")
    return sql.SQL("ALTER ROLE {} IN DATABASE {}").format(
        sql.Identifier(role), sql.Identifier(lab.database.name)
    )
