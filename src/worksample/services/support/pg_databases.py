"""Databases for targets: each with an owner of its own, quick to make and to make anew."""

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
    """Where a server is and who asks: what every connection needs apart from the database.

    `extra` holds further connection parameters (sslmode and the like) of a server not ours.
    """

    host: str
    port: int
    user: str
    password: str
    extra: Mapping[str, str]

    async def connect(self, database: str) -> psycopg.AsyncConnection[tuple[object, ...]]:
        """Open a connection in autocommit mode; raises `psycopg.OperationalError`."""
        where = make_conninfo(
            host=self.host,
            port=self.port,
            user=self.user,
            password=self.password,
            dbname=database,
            **{"connect_timeout": "10", **self.extra},
        )
        return await psycopg.AsyncConnection.connect(where, autocommit=True)

    def url(self, database: str) -> str:
        """Return the postgresql:// address of a database for this login."""
        who = f"{quote(self.user, safe='')}:{quote(self.password, safe='')}"
        host = f"[{self.host}]" if ":" in self.host else self.host
        query = "&".join(f"{key}={quote(value, safe='')}" for key, value in self.extra.items())
        address = f"postgresql://{who}@{host}:{self.port}/{quote(database, safe='')}"
        return f"{address}?{query}" if query else address


@dataclass(frozen=True, slots=True)
class Database:
    """An empty database for one target.

    `owner` is what the target gets; `admin` is for ourselves (on our own server the superuser).
    `maintenance` is the database to be connected to while this one is dropped and made; `limit` is
    how many connections it lets in.
    """

    name: str
    owner: Login
    admin: Login
    maintenance: str = "postgres"
    strategy: LiteralString = ""
    limit: int | None = None

    @property
    def url(self) -> str:
        """The address that the target uses."""
        return self.owner.url(self.name)

    @property
    def admin_url(self) -> str:
        """The address with which we look into it ourselves."""
        return self.admin.url(self.name)

    @property
    def placeholders(self) -> dict[str, str]:
        """What `worksample.toml` may name."""
        owner = self.owner
        values = (self.url, owner.host, str(owner.port), owner.user, owner.password, self.name)
        return {f"postgres.{key}": value for key, value in zip(PLACEHOLDERS, values, strict=True)}

    @property
    def environment(self) -> dict[str, str]:
        """The variables that libpq and the twelve-factor convention know."""
        return {
            "DATABASE_URL": self.url,
            "PGHOST": self.owner.host,
            "PGPORT": str(self.owner.port),
            "PGUSER": self.owner.user,
            "PGPASSWORD": self.owner.password,
            "PGDATABASE": self.name,
        }

    async def connect(self) -> psycopg.AsyncConnection[tuple[object, ...]]:
        """Open a connection of our own, in autocommit mode."""
        return await self.admin.connect(self.name)

    async def reset(self) -> None:
        """Make it empty again; whoever is connected is disconnected."""
        async with await self.admin.connect(self.maintenance) as connection:
            await _drop(connection, self.name)
            await _create(connection, self)

    async def drop(self) -> None:
        """Drop the database, and its owner if we made it."""
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
    """Make a database with a role of its own, or owned by `admin` if that may not make roles.

    Raises `psycopg.Error` if the database cannot be made.
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
