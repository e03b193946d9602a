"""Log the statements of a target, and explain each by executing it once more.

MariaDB's slow log, in which nothing is too fast, has the statements of each session with their
values. A SELECT is executed again on Worksample's own connection, where other settings make the
optimizer prefer an index to reading a whole table, and MariaDB counts the rows that it reads by
table. The statement as the optimizer rewrote it names the column of each condition.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator, Callable, Iterable, Iterator, Mapping
from contextlib import asynccontextmanager

import pymysql

from worksample.services.mysql.login import (
    Connection,
    Login,
    Result,
    database_errors,
    identifier,
    rows,
)
from worksample.services.plans import ExecutedStatement, IndexCandidate

#: From how many seconds on a statement is slow.
_EVERYTHING, _NOTHING = 0, 31536000
#: What MariaDB is started with: the log is there, and everything is too fast for it.
OPTIONS = ("--slow-query-log=ON", "--log-output=TABLE", f"--long-query-time={_NOTHING}")
#: For the connection that explains: an index is worth it, even in a table of a few hundred rows.
_SETTINGS = (
    f"SET max_seeks_for_key = 1, join_cache_level = 0, long_query_time = {_NOTHING}",
    "SET lock_wait_timeout = 5, innodb_lock_wait_timeout = 2",
)
_LOGGED = """
    SELECT thread_id, sql_text FROM mysql.slow_log LIMIT 1000000000 OFFSET {}
"""
_READ = """
    SELECT table_name, rows_read FROM information_schema.table_statistics
    WHERE table_schema = database()
"""
_TABLES = """
    SELECT table_name, table_rows FROM information_schema.tables
    WHERE table_schema = database() AND table_type = 'BASE TABLE'
"""
_COLUMNS = """
    SELECT table_name, column_name FROM information_schema.columns WHERE table_schema = database()
"""
_INDEXES = """
    SELECT table_name, column_name FROM information_schema.statistics
    WHERE table_schema = database() AND seq_in_index = 1
"""
_TRIAL_INDEX = "worksample_trial"
#: Of a text without a limit, an index holds the beginning.
_PREFIX = 191
_NEEDS_PREFIX = (1170, 1071)  # ER_BLOB_KEY_WITHOUT_LENGTH, ER_TOO_LONG_KEY
_REPEATABLE = re.compile(r"(?:\s|/\*.*?\*/|\()*(?:SELECT|WITH)\b", re.IGNORECASE | re.DOTALL)
_LOCKS = re.compile(r"\s+(?:FOR\s+UPDATE|LOCK\s+IN\s+SHARE\s+MODE)\b", re.IGNORECASE)
#: In the statement as the optimizer rewrote it: a table with its alias, and a column.
_TABLE = re.compile(r"`[^`]+`\.`([^`]+)`(?: `([^`]+)`)?(?!\.)")
_COLUMN = r"(?:`[^`]+`\.)?`([^`]+)`\.`([^`]+)`"
_EQUAL = (
    re.compile(rf"{_COLUMN} = "),
    re.compile(rf" = {_COLUMN}"),
    re.compile(rf"{_COLUMN} in \("),
)


class LogSwitch:
    """Lets a server log all statements while somebody needs that."""

    def __init__(self) -> None:
        self._users = 0
        self._alone = asyncio.Lock()

    @asynccontextmanager
    async def on(self, admin: Login) -> AsyncIterator[None]:
        """New sessions log all that they execute, while the block lasts."""
        await self._count(admin, 1)
        try:
            yield
        finally:
            await self._count(admin, -1)

    async def _count(self, admin: Login, more: int) -> None:
        async with self._alone:
            before, self._users = self._users, self._users + more
            if bool(before) != bool(self._users):
                await admin.run("", lambda here: _switch(here, on=not before))


def _switch(connection: Connection, *, on: bool) -> None:
    rows(connection, f"SET SESSION long_query_time = {_NOTHING}")
    threshold = _EVERYTHING if on else _NOTHING
    rows(connection, "SET GLOBAL long_query_time = %s, userstat = %s", (threshold, int(on)))
    if not on:
        rows(connection, "TRUNCATE TABLE mysql.slow_log")


class PlanLog:
    """See `PlanLog` in services/plans.py."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._alone = asyncio.Lock()

    async def position(self) -> int:
        """See `PlanLog`."""
        count = "SELECT count(*) FROM mysql.slow_log"
        return int((await self._run(lambda here: rows(here, count)))[0][0])

    async def executed(self, since: int, sessions: Iterable[int]) -> list[ExecutedStatement]:
        """See `PlanLog`."""
        wanted = frozenset(sessions)
        return await self._run(lambda here: list(_executed(here, since, wanted)))

    async def table_rows(self) -> Mapping[str, int]:
        """See `PlanLog`."""
        found = await self._run(lambda here: rows(here, _TABLES))
        return {table: int(count or 0) for table, count in found}

    async def indexed(self) -> frozenset[IndexCandidate]:
        """See `PlanLog`."""
        found = await self._run(lambda here: rows(here, _INDEXES))
        return frozenset(IndexCandidate(table, column) for table, column in found)

    @asynccontextmanager
    async def trial(self, candidate: IndexCandidate) -> AsyncIterator[bool]:
        """See `PlanLog`."""
        if not await self._run(lambda here: _create(here, candidate)):
            yield False
            return
        drop = f"DROP INDEX {_TRIAL_INDEX} ON {identifier(candidate.table)}"
        try:
            yield True
        finally:
            await self._run(lambda here: rows(here, drop))

    async def _run(self, work: Callable[[Connection], Result]) -> Result:
        def blocking() -> Result:
            with database_errors():
                return work(self._connection)

        async with self._alone:
            return await asyncio.to_thread(blocking)


@asynccontextmanager
async def logged_plans(admin: Login, database: str, switch: LogSwitch) -> AsyncIterator[PlanLog]:
    """Let new sessions log their statements; the statistics of all tables are taken anew."""

    def connect() -> Connection:
        with database_errors():
            connection = admin.connect(database)
            for statement in _SETTINGS:
                rows(connection, statement)
            for table, _ in rows(connection, _TABLES):
                rows(connection, f"ANALYZE TABLE {identifier(table)}")
            return connection

    async with switch.on(admin):
        connection = await asyncio.to_thread(connect)
        with connection:
            yield PlanLog(connection)


def _create(connection: Connection, candidate: IndexCandidate) -> bool:
    table, key = identifier(candidate.table), identifier(candidate.key)
    for column in (key, f"{key}({_PREFIX})"):
        try:
            rows(connection, f"CREATE INDEX {_TRIAL_INDEX} ON {table} ({column})")
        except pymysql.Error as error:
            if error.args[0] not in _NEEDS_PREFIX:
                return False
        else:
            rows(connection, f"ANALYZE TABLE {table}")
            return True
    return False


def _executed(
    connection: Connection, since: int, sessions: frozenset[int]
) -> Iterator[ExecutedStatement]:
    """Yield what `sessions` executed, SELECTs with what they read; the others read for nobody."""
    columns = [(str(table), str(column)) for table, column in rows(connection, _COLUMNS)]
    for session, logged in rows(connection, _LOGGED.format(since)):
        sql = logged.decode("utf-8", "replace") if isinstance(logged, bytes) else str(logged)
        if session not in sessions or sql.startswith("# administrator command"):
            continue
        if not _REPEATABLE.match(sql):
            yield ExecutedStatement(sql, {}, ())
            continue
        try:
            yield _explained(connection, sql, columns)
        except (pymysql.ProgrammingError, pymysql.OperationalError):
            continue


def _explained(
    connection: Connection, sql: str, columns: Iterable[tuple[str, str]]
) -> ExecutedStatement:
    repeated = _LOCKS.sub("", sql)
    rows(connection, f"EXPLAIN EXTENDED {repeated}")
    notes = [text for level, _, text in rows(connection, "SHOW WARNINGS") if level == "Note"]
    before = _rows_read(connection)
    rows(connection, f"ANALYZE FORMAT=JSON {repeated}")
    after = _rows_read(connection)
    examined = {
        table: count - before.get(table, 0)
        for table, count in after.items()
        if count > before.get(table, 0)
    }
    candidates = (each for text in notes for each in candidates_in(text, columns))
    return ExecutedStatement(sql, examined, tuple(dict.fromkeys(candidates)))


def _rows_read(connection: Connection) -> dict[str, int]:
    return {table: int(count) for table, count in rows(connection, _READ)}


def candidates_in(rewritten: str, columns: Iterable[tuple[str, str]]) -> Iterator[IndexCandidate]:
    """Yield an index for each equality in a statement as the optimizer rewrote it.

    `columns` are all columns, each with its table. An alias may stand for several tables, in
    subqueries: for all that have the column, there is a candidate.
    """
    known = frozenset(columns)
    tables: dict[str, dict[str, None]] = {}
    for table, alias in _TABLE.findall(rewritten):
        tables.setdefault(alias or table, {})[table] = None
    for pattern in _EQUAL:
        for alias, column in pattern.findall(rewritten):
            for table in tables.get(alias, {}):
                if (table, column) in known:
                    yield IndexCandidate(table, column)
