"""A toy service that is no database: boxes that take messages, a line each: `box text`."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path


class PostOffice:
    """The server: `boxes` holds the messages of each box."""

    def __init__(self) -> None:
        self.boxes: dict[str, list[str]] = {}
        self.port = 0

    @asynccontextmanager
    async def serving(self) -> AsyncIterator[PostOffice]:
        server = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        self.port = server.sockets[0].getsockname()[1]
        SERVICE.running = self
        async with server:
            yield self

    async def version(self) -> str:
        return "7"

    async def create_resource(self) -> Mailbox:
        name = f"box{len(self.boxes)}"
        self.boxes[name] = []
        return Mailbox(self, name)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        name, _, text = (await reader.readline()).decode().strip().partition(" ")
        self.boxes[name].append(text)
        writer.write(b"OK\n")
        writer.close()


@dataclass(frozen=True, slots=True)
class Mailbox:
    """One box."""

    office: PostOffice
    name: str

    @property
    def placeholders(self) -> Mapping[str, str]:
        return {"mailbox.url": f"mailbox://127.0.0.1:{self.office.port}/{self.name}"}

    @property
    def environment(self) -> Mapping[str, str]:
        return {"MAILBOX_URL": self.placeholders["mailbox.url"]}

    async def allow_own_tests(self) -> None:
        pass

    async def drop(self) -> None:
        self.office.boxes[self.name].append("(dropped)")


class _MailboxService:
    name = "mailbox"
    needed_by_default = False
    drivers = ()
    title = "Mailbox"
    placeholder_names = frozenset(("mailbox.url",))
    running: PostOffice

    def start(
        self, *, url: str = "", submission: Path | None = None
    ) -> AbstractAsyncContextManager[PostOffice]:
        return PostOffice().serving()

    def describe(self) -> str:
        return "Mailbox, in this process"


SERVICE = _MailboxService()
