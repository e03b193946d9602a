"""The same server with a transaction, on a connection of its own, for each request; and one that
says 500 when its database fails. Scenarios subclass these too."""

from __future__ import annotations

import os
import sys
from contextlib import AbstractContextManager
from typing import Any

import psycopg
from counters import TABLE, Database, Handler, serve

Connection = psycopg.Connection[Any]


class Fresh(Database):
    """Counters in PostgreSQL; each request connects, and commits at its end."""

    def __init__(self) -> None:
        with self.begin() as connection:
            connection.execute(TABLE)

    def begin(self) -> AbstractContextManager[Connection]:
        """Begin a transaction: committed at the end of the block, or rolled back."""
        return psycopg.connect(os.environ["DATABASE_URL"])

    def all(self) -> dict[str, int]:
        """See `Database`."""
        with self.begin() as connection:
            return dict(connection.execute("SELECT name, value FROM counters").fetchall())

    def _value(self, text: str, name: str) -> int | None:
        with self.begin() as connection:
            return first(connection, text, name)


def first(connection: Connection, text: str, *values: object) -> int | None:
    """Return the first value that a statement brings, None if it brings no row."""
    row = connection.execute(text.encode(), values).fetchone()
    return row[0] if row else None


class Careful(Handler):
    """Answers 500 where the database fails, and says why on standard error."""

    def answer(self) -> None:
        """See `Handler`."""
        try:
            status, content = self.reply()
        except psycopg.Error as error:
            sys.stderr.write(f"{type(error).__name__}: {error}\n")
            status, content = 500, {"error": "the database fails"}
        self.write(status, content)


def run(store: Database) -> None:
    """Serve `store` until we are stopped."""
    serve(Careful, store=store)
