"""Where a PostgreSQL server is, and as whom to connect to it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import quote

import psycopg
from psycopg.conninfo import make_conninfo

Connection = psycopg.AsyncConnection[tuple[object, ...]]


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

    async def connect(self, database: str) -> Connection:
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
