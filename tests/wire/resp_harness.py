"""Run a test on a wire with its own Valkey server, and talk to it in RESP."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager, suppress
from typing import Any

from tests.wire.harness import LOOPS
from worksample.services.valkey import ValkeyServers, ValkeyStore
from worksample.wire import Wire
from worksample.wire.round_trips import RoundTrip

Scene = Callable[[Wire, ValkeyStore], Awaitable[None]]
TIMEOUT_SECONDS = 60.0


def run_resp_scene(scene: Scene, loop: str = "asyncio") -> None:
    """Run a scene with a time-out; assert that it leaves no connection and no task."""

    async def main() -> None:
        async with ValkeyServers.open() as servers:
            store = await servers.create_resource()
            async with asyncio.timeout(TIMEOUT_SECONDS), Wire.open(store) as wire:
                await scene(wire, store)
            assert not wire.connections
            await store.drop()
        rest = asyncio.all_tasks() - {asyncio.current_task()}
        assert not rest, rest

    with asyncio.Runner(loop_factory=LOOPS[loop]) as runner:
        runner.run(main())


def packed(*words: str | bytes) -> bytes:
    """Return a command as an array of bulk strings."""
    parts = [each.encode() if isinstance(each, str) else each for each in words]
    return b"*%d\r\n" % len(parts) + b"".join(b"$%d\r\n%s\r\n" % (len(p), p) for p in parts)


class Client:
    """A client that reads whole messages and returns them as the server wrote them."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.reader, self.writer = reader, writer

    async def ask(self, *words: str | bytes) -> bytes:
        """Send a command and return the next message."""
        self.writer.write(packed(*words))
        return await self.message()

    async def send(self, data: bytes) -> None:
        self.writer.write(data)
        await self.writer.drain()

    async def message(self) -> bytes:
        """Read the next message."""
        line = await self.reader.readuntil(b"\r\n")
        kind, number = line[:1], line[1:-2]
        if kind in b"$=!" and number != b"-1":
            return line + await self.reader.readexactly(int(number) + 2)
        if kind in b"*~>%|":
            count = max(int(number), 0) * (2 if kind in b"%|" else 1)
            line += b"".join([await self.message() for _ in range(count)])
        return line + await self.message() if kind == b"|" else line


@asynccontextmanager
async def connected(store: Any, *, login: bool = True) -> AsyncIterator[Client]:
    """Open a connection to a store, as it is reached directly or through the wire."""
    names = store.placeholders
    host, port = names["valkey.host"], int(names["valkey.port"])
    reader, writer = await asyncio.open_connection(host, port, limit=1 << 22)
    client = Client(reader, writer)
    try:
        if login:
            assert await client.ask("AUTH", names["valkey.password"]) == b"+OK\r\n"
        yield client
    finally:
        writer.close()
        with suppress(ConnectionError):
            await writer.wait_closed()


def commands_of(trips: Sequence[RoundTrip]) -> list[str]:
    """Return the command of each round trip."""
    return [str(each) for each in trips]
