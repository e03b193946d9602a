"""Record what a driver and PostgreSQL say to each other, with a relay that knows nothing."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from urllib.parse import urlsplit, urlunsplit

CLIENT, SERVER = "client", "server"
Recording = list[tuple[str, bytes]]


class Relay:
    """Passes bytes on; `recordings` has for each connection who said what, in order."""

    def __init__(self, host: str, port: int) -> None:
        self.recordings: list[Recording] = []
        self._upstream = host, port
        self._open: list[asyncio.Future[None]] = []

    async def join(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        ended = asyncio.get_running_loop().create_future()
        self._open.append(ended)
        there, back = await asyncio.open_connection(*self._upstream)
        said: Recording = []
        self.recordings.append(said)
        await asyncio.gather(_pass(CLIENT, reader, back, said), _pass(SERVER, there, writer, said))
        ended.set_result(None)

    async def ended(self) -> None:
        """Wait until every connection has ended."""
        await asyncio.gather(*self._open)


async def _pass(
    who: str, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, said: Recording
) -> None:
    try:
        while data := await reader.read(65536):
            said.append((who, data))
            writer.write(data)
            await writer.drain()
    except ConnectionError:
        pass
    finally:
        writer.close()


@asynccontextmanager
async def relay(url: str) -> AsyncIterator[tuple[Relay, str]]:
    """A relay before the database at `url`, and the address that leads through it."""
    parts = urlsplit(url)
    through = Relay(parts.hostname or "", parts.port or 0)
    server = await asyncio.start_server(through.join, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    who = parts.netloc.rpartition("@")[0]
    async with server:
        yield through, urlunsplit(parts._replace(netloc=f"{who}@127.0.0.1:{port}"))
        await through.ended()
