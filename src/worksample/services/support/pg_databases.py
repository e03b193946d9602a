"""Databases for targets, each with its own owner."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from typing import LiteralString
from urllib.parse import quote

import psycopg
from psycopg import sql
from psycopg.conninfo import make_conninfo

PLACEHOLDERS = ("url", "host", "port", "user", "password", "database")


@dataclass(frozen=True, slots=True)
class Login:
    """The connection parameters of a server, apart from the database.

    `extra` holds further parameters of an external server, such as sslmode.
    """

    host: str
    port: int
    user: str
    password: str
    extra: Mapping[str, str]

    async def connect(self, database: str) -> psycopg.AsyncConnection[tuple[object, ...]]:
        """Open a connection in autocommit mode; raises `psycopg.OperationalError`."""
        conninfo = make_conninfo(
            host=self.host,
            port=self.port,
            user=self.user,
            password=self.password,
            dbname=database,
            **{"connect_timeout": "10", **self.extra},
        )
        return await psycopg.AsyncConnection.connect(conninfo, autocommit=True)

    def url(self, database: str) -> str:
        """Return the postgresql:// URL of a database for this login."""
        login = f"{quote(self.user, safe='')}:{quote(self.password, safe='')}"
        host = f"[{self.host}]" if ":" in self.host else self.host
        query = "&".join(f"{key}={quote(value, safe='')}" for key, value in self.extra.items())
        address = f"postgresql://{login}@{host}:{self.port}/{quote(database, safe='')}"
        return f"{address}?{query}" if query else address


@dataclass(frozen=True, slots=True)
class Database:
    """An empty database for one target.

    `owner` is the login for the target, `admin` the one for Worksample (the superuser, unless the
    server is external). `maintenance` is the database to connect to while this one is dropped and
    created; `strategy` is the STRATEGY of CREATE DATABASE, "" for the default; `limit` is its
    connection limit.
    """

    name: str
    owner: Login
    admin: Login
    maintenance: str = "postgres"
    strategy: LiteralString = ""
    limit: int | None = None

    @property
    def url(self) -> str:
        """See `Database` in base.py."""
        return self.owner.url(self.name)

    @property
    def admin_url(self) -> str:
        """See `Database` in base.py."""
        return self.admin.url(self.name)

    @property
    def placeholders(self) -> dict[str, str]:
        """See `Resource` in base.py."""
        owner = self.owner
        values = (self.url, owner.host, str(owner.port), owner.user, owner.password, self.name)
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

    async def connect(self) -> psycopg.AsyncConnection[tuple[object, ...]]:
        """See `Database` in base.py."""
        return await self.admin.connect(self.name)

    async def reset(self) -> None:
        """See `Database` in base.py."""
        async with await self.admin.connect(self.maintenance) as connection:
            await _drop(connection, self.name)
            await _create(connection, self)

    async def drop(self) -> None:
        """Drop the database, and its owner unless that is `admin`."""
        async with await self.admin.connect(self.maintenance) as connection:
            await _drop(connection, self.name)
            if self.owner.user != self.admin.user:
                await connection.execute(
                    sql.SQL("DROP ROLE IF EXISTS {}").format(sql.Identifier(self.owner.user))
                )


async def create(
    admin: Login,
    *,
    maintenance: str = "postgres",
    strategy: LiteralString = "",
    limit: int | None = None,
) -> Database:
    """Create a database with its own role, or owned by `admin` if that lacks CREATEROLE.

    Raises `psycopg.Error` if the database cannot be created.
    """
    name = f"app_{secrets.token_hex(6)}"
    async with await admin.connect(maintenance) as connection:
        owner = await _make_owner(connection, admin, name)
        made = Database(name, owner, admin, maintenance, strategy, limit)
        await _create(connection, made)
    return made


async def _make_owner(
    connection: psycopg.AsyncConnection[tuple[object, ...]], admin: Login, name: str
) -> Login:
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


async def _create(
    connection: psycopg.AsyncConnection[tuple[object, ...]], database: Database
) -> None:
    statement = sql.SQL("CREATE DATABASE {} OWNER {} TEMPLATE template0 {} {}")
    names = sql.Identifier(database.name), sql.Identifier(database.owner.user)
    strategy = sql.SQL(f"STRATEGY {database.strategy}" if database.strategy else "")
    limit = sql.SQL("" if database.limit is None else f"CONNECTION LIMIT {database.limit:d}")
    await connection.execute(statement.format(*names, strategy, limit))


async def _drop(connection: psycopg.AsyncConnection[tuple[object, ...]], name: str) -> None:
    await connection.execute(
        sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name))
    )
