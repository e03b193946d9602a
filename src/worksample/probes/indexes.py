"""Find the index that is missing: proposed by a plan, and proven by making it.

Tables of a few hundred rows are scanned whatever indexes there are, so scans, and the joins that
read whole tables, are made dear (`enable_seqscan` ...) for the server's role meanwhile, and every
row that is looked at costs more than any page: plans are then as they would be with a million rows,
and any index that can be used is used. What is still looked at in vain has none; and an index that
does not help is not missed.
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

from worksample.probes.plans import Lookup, Plan, lookups, plain_key, plans_in, work
from worksample.services.postgres import OwnPostgres
from worksample.targets import Lab
from worksample.wire import Fault, RoundTrip, Wire

Ask = Callable[[], Awaitable[object]]
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
HELPS = 4
LEAST_ROWS = 16
MOST_TRIED = 8
_QUIET_SECONDS = 2.0
_ATTEMPTS = 4
_TRIAL = "worksample_trial"

_LEADING = """
    SELECT relation.relname, indexed.relname, pg_get_indexdef(entry.indexrelid, 1, false)
    FROM pg_index AS entry
    JOIN pg_class AS relation ON relation.oid = entry.indrelid
    JOIN pg_class AS indexed ON indexed.oid = entry.indexrelid
    JOIN pg_namespace AS space ON space.oid = relation.relnamespace
    WHERE space.nspname NOT LIKE 'pg\\_%' AND entry.indisvalid AND entry.indpred IS NULL
"""
_WHOLE = """
    SELECT space.nspname, relation.relname, relation.reltuples::bigint
    FROM pg_class AS relation JOIN pg_namespace AS space ON space.oid = relation.relnamespace
    WHERE relation.relkind IN ('r', 'p') AND space.nspname NOT LIKE 'pg\\_%'
      AND space.nspname <> 'information_schema'
"""


class CannotExplain(Exception):
    """Plans cannot be seen here; the message says why."""


@dataclass(frozen=True, slots=True)
class Missing:
    """An index that was made for a trial and helped.

    `before` and `after` are the rows of its table that were looked at without and with it; the
    table has `whole`. `statement` is the one that looks them up.
    """

    lookup: Lookup
    before: int
    after: int
    whole: int
    statement: str


@dataclass(frozen=True, slots=True)
class _Shelves:
    """What tables there are (their schema and rows), and the first key of each index."""

    schemas: Mapping[str, str]
    whole: Mapping[str, int]
    leading: Mapping[str, str]
    keys: frozenset[tuple[str, str]]


class _Backends:
    """A gate that lets everything pass and notes which backends are asked, also those that end."""

    def __init__(self, wire: Wire) -> None:
        self.pids: set[int] = set()
        self._wire = wire

    def decide(self, trip: RoundTrip) -> Fault | None:
        """Note the backend of the trip's connection."""
        if connection := self._wire.connections.get(trip.connection):
            self.pids.add(connection.pid)
        return None


class Explaining:
    """Asks of a server, and what its database had to do for it."""

    def __init__(self, lab: Lab, server: OwnPostgres, link: Link) -> None:
        self._lab, self._server, self._link = lab, server, link

    @classmethod
    @asynccontextmanager
    async def begin(cls, lab: Lab) -> AsyncIterator[Explaining]:
        """Have the plans of the lab's server logged; it is started anew for it, and at the end.

        Raises `CannotExplain` and `StartFailed`.
        """
        server = lab.server
        if not isinstance(server, OwnPostgres):
            raise CannotExplain("needs our own PostgreSQL to see plans, which --postgres is not")
        if not server.explains:
            raise CannotExplain("needs PostgreSQL's auto_explain, which this installation lacks")
        async with await lab.database.connect() as link:
            await _set(link, lab, SETTINGS)
            try:
                await link.execute("ANALYZE")
                await lab.target.restart()
                yield cls(lab, server, link)
            finally:
                await _reset(link, lab)
                await lab.target.kill()

    async def plans(self, name: str, ask: Ask) -> list[Plan]:
        """Ask, and return the plans of what was executed for it."""
        mark = await self._server.settle_log()
        backends = _Backends(self._lab.wire)
        async with self._lab.wire.watch(name, backends):
            await ask()
            await self._lab.wire.quiet(_QUIET_SECONDS)
        await self._server.settle_log()
        return plans_in(self._server.log.text(mark), backends.pids)

    async def missing(self, name: str, ask: Ask) -> list[Missing]:
        """Return the indexes that would spare this request most of the rows it looks at in vain."""
        await ask()
        shelves = await self._shelves()
        plans = await self._whole_plans(name, ask)
        before = work(plans, shelves.whole, shelves.leading)
        return [
            found
            for lookup in _worth_trying(plans, before, shelves)
            if (found := await self._try(lookup, name, ask, plans, before, shelves))
        ]

    async def _whole_plans(self, name: str, ask: Ask, number: int = 0) -> list[Plan]:
        """Ask until there are `number` plans (0: twice), and return the most that there were.

        What several backends log at once can be torn, and what is torn is left out: less work
        would be seen than there was.
        """
        found: list[list[Plan]] = []
        for _ in range(_ATTEMPTS if number else 2):
            found.append(await self.plans(name, ask))
            if number and len(found[-1]) >= number:
                break
        return max(found, key=len)

    async def _try(
        self,
        lookup: Lookup,
        name: str,
        ask: Ask,
        plans: Sequence[Plan],
        before: Counter[str],
        shelves: _Shelves,
    ) -> Missing | None:
        """Make the index, ask again, and take it away."""
        schema, table = shelves.schemas[lookup.table], lookup.table
        place = sql.Identifier(schema, table)
        making = sql.SQL("CREATE INDEX {} ON {} (({}))").format(
            sql.Identifier(_TRIAL),
            place,
            sql.SQL(lookup.key),
        )
        try:
            await self._link.execute(making)
        except psycopg.Error:
            return None
        try:
            await self._link.execute(sql.SQL("ANALYZE {}").format(place))
            with_it = await self._shelves()
            again = await self._whole_plans(name, ask, len(plans))
            now = work(again, with_it.whole, with_it.leading)
        finally:
            await self._link.execute(
                sql.SQL("DROP INDEX {}").format(sql.Identifier(schema, _TRIAL))
            )
        if now[table] * HELPS > before[table] or len(again) < len(plans):
            return None
        whole = shelves.whole[table]
        return Missing(lookup, before[table], now[table], whole, _costliest(plans, table, shelves))

    async def _shelves(self) -> _Shelves:
        tables: list[Any] = await (await self._link.execute(_WHOLE)).fetchall()
        indexes: list[Any] = await (await self._link.execute(_LEADING)).fetchall()
        return _Shelves(
            {table: schema for schema, table, _ in tables},
            {table: max(rows, 0) for _, table, rows in tables},
            {index: plain_key(key) for _, index, key in indexes},
            frozenset((table, plain_key(key)) for table, _, key in indexes),
        )


def _worth_trying(plans: Sequence[Plan], before: Counter[str], shelves: _Shelves) -> list[Lookup]:
    """Return look-ups without an index, on tables of which much is looked at; most first."""
    wanted = [
        each
        for each in lookups(plans)
        if before[each.table] >= LEAST_ROWS
        and each.table in shelves.schemas
        and (each.table, each.key) not in shelves.keys
    ]
    return sorted(wanted, key=lambda each: -before[each.table])[:MOST_TRIED]


def _costliest(plans: Sequence[Plan], table: str, shelves: _Shelves) -> str:
    """Return the statement that looks at most rows of `table`."""
    costs = [(work([each], shelves.whole, shelves.leading)[table], each.sql) for each in plans]
    return " ".join(max(costs)[1].split()) if costs else ""


async def _set(link: Link, lab: Lab, settings: Mapping[str, str]) -> None:
    """Give the server's role these settings, in its database and for new sessions."""
    for name, value in settings.items():
        told = sql.SQL(" SET {} = {}").format(_setting(name), sql.Literal(value))
        await link.execute(_role_in(lab) + told)


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
