"""Where a MySQL server is, as whom to connect to it, and statements of Worksample's own."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, TypeAlias, TypeVar
from urllib.parse import quote

import pymysql

from worksample.errors import DatabaseError
from worksample.messages import message

#: The stubs make it generic, the class itself is not.
Connection: TypeAlias = "pymysql.connections.Connection[pymysql.cursors.Cursor]"
Values = Sequence[object]
Result = TypeVar("Result")
TIMEOUT_SECONDS = 30


@dataclass(frozen=True, slots=True)
class Login:
    """The connection parameters of a server, apart from the database."""

    host: str
    port: int
    user: str
    password: str

    @property
    def address(self) -> str:
        """Host and port, as in a URL."""
        return f"[{self.host}]:{self.port}" if ":" in self.host else f"{self.host}:{self.port}"

    def connect(self, database: str = "", seconds: int = TIMEOUT_SECONDS) -> Connection:
        """Open a connection in autocommit mode, with UTC as its time zone, which blocks.

        A statement may take so many seconds. Raises `pymysql.Error`.
        """
        return pymysql.connect(
            host=self.host,
            port=self.port,
            user=self.user,
            password=self.password,
            database=database or None,
            charset="utf8mb4",
            autocommit=True,
            connect_timeout=TIMEOUT_SECONDS,
            read_timeout=seconds,
            write_timeout=seconds,
        )

    async def run(
        self,
        database: str,
        work: Callable[[Connection], Result],
        *,
        seconds: int = TIMEOUT_SECONDS,
    ) -> Result:
        """Return the result of `work(connection)` on a connection of its own, in a thread.

        A statement may take so many seconds. Raises `DatabaseError` in place of `pymysql.Error`.
        """

        def blocking() -> Result:
            with database_errors(), self.connect(database, seconds) as connection:
                return work(connection)

        return await asyncio.to_thread(blocking)

    def url(self, database: str) -> str:
        """Return the mysql:// URL of a database for this login."""
        login = f"{quote(self.user, safe='')}:{quote(self.password, safe='')}"
        return f"mysql://{login}@{self.address}/{quote(database, safe='')}"


def rows(connection: Connection, statement: str, values: Values = ()) -> list[tuple[Any, ...]]:
    """Execute a statement and return its rows; raises `pymysql.Error`."""
    with connection.cursor() as cursor:
        cursor.execute(statement, tuple(values) or None)
        return list(cursor.fetchall()) if cursor.description else []


def identifier(*names: str) -> str:
    """Return a name as SQL: `` `app`.`users` ``."""
    return ".".join(f"`{name.replace('`', '``')}`" for name in names)


@contextmanager
def database_errors() -> Iterator[None]:
    """Raise `DatabaseError` in place of PyMySQL's exceptions within the block."""
    try:
        yield
    except pymysql.Error as error:
        code, text = error.args if len(error.args) == 2 else (0, str(error))
        raise DatabaseError(message("{text} ({code})", text=text, code=code)) from error
