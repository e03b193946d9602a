"""A toy database: named shelves of keys and values, asked line by line.

The server greets a client with `HELLO <session>`. Each line of the client gets a line in return:
`USE shelf` and `PUT key value` an `OK`, `GET key` a `VALUE value` or `NONE`.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager, suppress
from dataclasses import dataclass, replace
from itertools import count
from pathlib import Path

from worksample.services import OpenTransaction, PlanLog, PlansUnavailable, Row, WaitingSessions

PLACEHOLDERS = ("url", "host", "port")


class ShelfErrors:
    """The code of an error is its text; there are no locks and no conflicts."""

    def describe(self, code: str) -> str:
        return code

    def is_conflict(self, code: str) -> bool:
        return False

    def is_lock_refusal(self, code: str) -> bool:
        return False


class NoLocks:
    """Nobody ever waits for a lock."""

    async def waiting(self) -> WaitingSessions:
        return {}

    async def close(self) -> None:
        pass


class ShelfServer:
    """Serves shelves on a port of the loopback interface."""

    def __init__(self) -> None:
        self.shelves: dict[str, dict[str, str]] = {}
        self.sessions: dict[int, asyncio.StreamWriter] = {}
        self.port = 0
        self._numbers = count(1)

    @asynccontextmanager
    async def serving(self) -> AsyncIterator[ShelfServer]:
        server = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        self.port = server.sockets[0].getsockname()[1]
        async with server:
            yield self
            for writer in list(self.sessions.values()):
                writer.close()

    async def version(self) -> str:
        return "1"

    async def create_resource(self) -> ShelfDatabase:
        name = f"shelf{len(self.shelves)}"
        self.shelves[name] = {}
        return ShelfDatabase(self, name, "127.0.0.1", self.port)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        session, shelf = next(self._numbers), dict[str, str]()
        self.sessions[session] = writer
        writer.write(f"HELLO {session}\n".encode())
        with suppress(ConnectionError):
            async for line in reader:
                match line.decode().split():
                    case ["USE", name] if name in self.shelves:
                        shelf, answer = self.shelves[name], "OK"
                    case ["PUT", key, value]:
                        shelf[key], answer = value, "OK"
                    case ["GET", key]:
                        answer = f"VALUE {shelf[key]}" if key in shelf else "NONE"
                    case _:
                        answer = "ERR syntax"
                writer.write(f"{answer}\n".encode())
        del self.sessions[session]
        writer.close()


@dataclass(frozen=True, slots=True)
class ShelfDatabase:
    """One shelf; `host` and `port` are where the target reaches it."""

    server: ShelfServer
    name: str
    host: str
    port: int

    @property
    def protocol(self) -> str:
        return "shelf"

    @property
    def url(self) -> str:
        return f"shelf://{self.host}:{self.port}/{self.name}"

    @property
    def errors(self) -> ShelfErrors:
        return ShelfErrors()

    @property
    def placeholders(self) -> dict[str, str]:
        values = (self.url, self.host, str(self.port))
        return {f"shelf.{key}": value for key, value in zip(PLACEHOLDERS, values, strict=True)}

    @property
    def environment(self) -> dict[str, str]:
        return {"DATABASE_URL": self.url}

    def at(self, host: str, port: int) -> ShelfDatabase:
        return replace(self, host=host, port=port)

    def lock_monitor(self) -> NoLocks:
        return NoLocks()

    async def rows_containing(self, text: str) -> list[Row]:
        shelf = self.server.shelves[self.name]
        return [
            Row(self.name, {"key": key, "value": value})
            for key, value in shelf.items()
            if text.lower() in f"{key} {value}".lower()
        ]

    async def rows_referencing(self, row: Row) -> list[Row]:
        return []

    async def delete_rows_containing(self, text: str) -> int:
        rows = await self.rows_containing(text)
        for row in rows:
            del self.server.shelves[self.name][row.values["key"]]
        return len(rows)

    async def idle_transactions(self, sessions: Sequence[int]) -> list[OpenTransaction]:
        return []

    async def terminate(self, sessions: Sequence[int]) -> None:
        for each in sessions:
            if writer := self.server.sessions.get(each):
                writer.close()

    def log_plans(self) -> AbstractAsyncContextManager[PlanLog]:
        raise PlansUnavailable("a shelf has no plans")

    async def allow_own_tests(self) -> None:
        pass

    async def reset(self) -> None:
        self.server.shelves[self.name].clear()

    async def drop(self) -> None:
        del self.server.shelves[self.name]


class _Shelf:
    name = "shelf"
    needed_by_default = False
    drivers = ()
    title = "Shelf"
    placeholder_names = frozenset(f"shelf.{key}" for key in PLACEHOLDERS)

    def start(
        self, *, url: str = "", submission: Path | None = None
    ) -> AbstractAsyncContextManager[ShelfServer]:
        return ShelfServer().serving()

    def describe(self) -> str:
        return "Shelf, in this process"


SERVICE = _Shelf()
