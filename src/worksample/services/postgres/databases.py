"""Databases for targets, each with its own owner."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field, replace
from typing import Any, LiteralString

import psycopg
from psycopg import sql

from worksample.services.database import OpenTransaction, Row
from worksample.services.plans import PlanLog, PlansUnavailable
from worksample.services.postgres import row_copies, row_graphs, rows, sessions
from worksample.services.postgres.errors import SqlStates, database_errors
from worksample.services.postgres.locks import LockMonitor
from worksample.services.postgres.login import Connection, Login

PlanLogger = Callable[["Database"], AbstractAsyncContextManager[PlanLog]]
PLACEHOLDERS = ("url", "host", "port", "user", "password", "database", "jdbc", "dsn", "ado")


@dataclass(frozen=True, slots=True)
class Database:
    """A database for one target: an empty one, or a copy of another target's.

    `owner` is the login for the target, `admin` the one for Worksample (the superuser, unless the
    server is external). `maintenance` is the database to connect to while this one is dropped and
    created; `strategy` is the STRATEGY of CREATE DATABASE, "" for the default; `limit` is its
    connection limit. `plan_logger` logs the plans of what the owner executes. A copy has the
    `original`'s owner, who owns what was copied, and is removed with it.
    """

    name: str
    owner: Login
    admin: Login
    maintenance: str = "postgres"
    strategy: LiteralString = ""
    limit: int | None = None
    plan_logger: PlanLogger | None = field(default=None, repr=False, compare=False)
    original: str = ""

    @property
    def protocol(self) -> str:
        """See `Database` in database.py."""
        return "postgres"

    @property
    def url(self) -> str:
        """See `Database` in database.py."""
        return self.owner.url(self.name)

    @property
    def admin_url(self) -> str:
        """The URL for Worksample's own connections, with administrator rights."""
        return self.admin.url(self.name)

    @property
    def placeholders(self) -> dict[str, str]:
        """See `Resource` in base.py; `jdbc` has no user and password, `ado` is .NET's form."""
        owner = self.owner
        values = (
            self.url,
            owner.host,
            str(owner.port),
            owner.user,
            owner.password,
            self.name,
            f"jdbc:postgresql://{owner.host}:{owner.port}/{self.name}",
            f"host={owner.host} port={owner.port} user={owner.user} "
            f"password={owner.password} dbname={self.name}",
            f"Host={owner.host};Port={owner.port};Username={owner.user};"
            f"Password={owner.password};Database={self.name}",
        )
        return {f"postgres.{key}": value for key, value in zip(PLACEHOLDERS, values, strict=True)}

    @property
    def environment(self) -> dict[str, str]:
        """The variables that libpq reads, and DATABASE_URL."""
        return {
            "DATABASE_URL": self.url,
            "PGHOST": self.owner.host,
            "PGPORT": str(self.owner.port),
            "PGUSER": self.owner.user,
            "PGPASSWORD": self.owner.password,
            "PGDATABASE": self.name,
        }

    @property
    def errors(self) -> SqlStates:
        """See `Database` in database.py."""
        return SqlStates()

    def at(self, host: str, port: int) -> Database:
        """See `Database` in database.py."""
        return replace(self, owner=replace(self.owner, host=host, port=port))

    async def connect(self) -> Connection:
        """Open a connection as administrator, in autocommit mode; raises `psycopg.Error`."""
        return await self.admin.connect(self.name)

    def lock_monitor(self) -> LockMonitor:
        """See `Database` in database.py."""
        return LockMonitor(self.admin, self.name)

    async def rows_containing(self, text: str) -> list[Row]:
        """See `Database` in database.py."""
        with database_errors():
            async with await self.connect() as connection:
                return await rows.containing(connection, text)

    async def rows_referencing(self, row: Row) -> list[Row]:
        """See `Database` in database.py."""
        with database_errors():
            async with await self.connect() as connection:
                return await rows.referencing(connection, row)

    async def delete_rows_containing(self, text: str) -> int:
        """See `Database` in database.py."""
        with database_errors():
            async with await self.connect() as connection:
                return await rows.delete_containing(connection, text)

    async def idle_transactions(self, pids: Sequence[int]) -> list[OpenTransaction]:
        """See `Database` in database.py."""
        with database_errors():
            async with await self.connect() as connection:
                return await sessions.idle_transactions(connection, pids)

    async def terminate(self, pids: Sequence[int]) -> None:
        """See `Database` in database.py."""
        with database_errors():
            async with await self.connect() as connection:
                await sessions.terminate(connection, pids)

    def log_plans(self) -> AbstractAsyncContextManager[PlanLog]:
        """See `Database` in database.py."""
        if self.plan_logger is None:
            raise PlansUnavailable("query plans cannot be logged on this database")
        return self.plan_logger(self)

    async def copy(self) -> Database:
        """See `CopyableDatabase` in database.py."""
        made = replace(self, name=f"app_{secrets.token_hex(6)}", original=self.name)
        with database_errors():
            async with await self.admin.connect(self.maintenance) as connection:
                await _create(connection, made)
        return made

    async def row_counts(self) -> dict[str, int]:
        """See `CopyableDatabase` in database.py."""
        with database_errors():
            async with await self.connect() as connection:
                return await row_copies.counts(connection)

    async def copy_row(self, row: Row, copies: Sequence[Mapping[str, str]]) -> bool:
        """See `CopyableDatabase` in database.py."""
        with database_errors():
            async with await self.connect() as connection:
                return await row_copies.insert(connection, row, copies)

    async def multiply(self, rows: int) -> int:
        """See `GrowableDatabase` in database.py."""
        with database_errors():
            async with await self.connect() as connection:
                return await row_graphs.multiply(connection, rows)

    async def reset(self) -> None:
        """See `Database` in database.py."""
        with database_errors():
            async with await self.admin.connect(self.maintenance) as connection:
                await _drop(connection, self.name)
                await _create(connection, self)

    async def allow_own_tests(self) -> None:
        """See `Resource` in base.py: tests often create a database of their own."""
        if self.owner.user == self.admin.user:
            return
        with database_errors():
            async with await self.admin.connect(self.maintenance) as connection:
                await connection.execute(
                    sql.SQL("ALTER ROLE {} CREATEDB").format(sql.Identifier(self.owner.user))
                )

    async def drop(self) -> None:
        """Drop the database; unless `admin` owns it, also its owner and what else that owns.

        The owner of a copy stays.
        """
        with database_errors():
            async with await self.admin.connect(self.maintenance) as connection:
                await _drop(connection, self.name)
                if not self.original and self.owner.user != self.admin.user:
                    await _drop_owner(connection, self.owner.user)


async def create(
    admin: Login,
    *,
    maintenance: str = "postgres",
    strategy: LiteralString = "",
    limit: int | None = None,
    plan_logger: PlanLogger | None = None,
) -> Database:
    """Create a database with its own role, or owned by `admin` if that lacks CREATEROLE.

    Raises `psycopg.Error` if the database cannot be created.
    """
    name = f"app_{secrets.token_hex(6)}"
    async with await admin.connect(maintenance) as connection:
        owner = await _make_owner(connection, admin, name)
        made = Database(name, owner, admin, maintenance, strategy, limit, plan_logger)
        await _create(connection, made)
    return made


async def _make_owner(connection: Connection, admin: Login, name: str) -> Login:
    password = secrets.token_urlsafe(18)
    role = sql.Identifier(name)
    try:
        await connection.execute(
            sql.SQL("CREATE ROLE {} LOGIN PASSWORD {}").format(role, sql.Literal(password))
        )
        await connection.execute(sql.SQL("GRANT {} TO CURRENT_USER").format(role))
    except psycopg.errors.InsufficientPrivilege:
        return admin
    return Login(admin.host, admin.port, name, password, admin.extra)


async def _create(connection: Connection, database: Database) -> None:
    statement = sql.SQL("CREATE DATABASE {} OWNER {} TEMPLATE {} {} {}")
    made = database.name, database.owner.user, database.original or "template0"
    names = map(sql.Identifier, made)
    strategy = sql.SQL(f"STRATEGY {database.strategy}" if database.strategy else "")
    limit = sql.SQL("" if database.limit is None else f"CONNECTION LIMIT {database.limit:d}")
    await connection.execute(statement.format(*names, strategy, limit))


async def _drop_owner(connection: Connection, role: str) -> None:
    owned = "SELECT datname FROM pg_catalog.pg_database WHERE datdba = to_regrole(quote_ident(%s))"
    names: list[Any] = await (await connection.execute(owned, [role])).fetchall()
    for (name,) in names:
        await _drop(connection, name)
    await connection.execute(sql.SQL("DROP ROLE IF EXISTS {}").format(sql.Identifier(role)))


async def _drop(connection: Connection, name: str) -> None:
    await connection.execute(
        sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name))
    )
