"""Record the bytes between a driver and PostgreSQL with a relay that does not parse them."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from urllib.parse import urlsplit, urlunsplit

CLIENT, SERVER = "client", "server"
Recording = list[tuple[str, bytes]]


class Relay:
    """Forwards bytes; `recordings` holds (sender, bytes) in order, for each connection."""

    def __init__(self, host: str, port: int) -> None:
        self.recordings: list[Recording] = []
        self._upstream = host, port
        self._open: list[asyncio.Future[None]] = []

    async def connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        ended = asyncio.get_running_loop().create_future()
        self._open.append(ended)
        from_server, to_server = await asyncio.open_connection(*self._upstream)
        recording: Recording = []
        self.recordings.append(recording)
        await asyncio.gather(
            _forward(CLIENT, reader, to_server, recording),
            _forward(SERVER, from_server, writer, recording),
        )
        ended.set_result(None)

    async def ended(self) -> None:
        """Wait until all connections have ended."""
        await asyncio.gather(*self._open)


async def _forward(
    sender: str,
    reader: asyncio.StreamReader,
    writer: asyncio.StreamWriter,
    recording: Recording,
) -> None:
    try:
        while data := await reader.read(65536):
            recording.append((sender, data))
            writer.write(data)
            await writer.drain()
    except ConnectionError:
        pass
    finally:
        writer.close()


@asynccontextmanager
async def relay(url: str) -> AsyncIterator[tuple[Relay, str]]:
    """Yield a relay in front of the database at `url`, and the URL that leads through it."""
    parts = urlsplit(url)
    through = Relay(parts.hostname or "", parts.port or 0)
    server = await asyncio.start_server(through.connected, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    login = parts.netloc.rpartition("@")[0]
    async with server:
        yield through, urlunsplit(parts._replace(netloc=f"{login}@127.0.0.1:{port}"))
        await through.ended()
