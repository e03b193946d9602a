"""Stand between a target and its PostgreSQL: see, account for, hold, delay and cut what passes."""

from __future__ import annotations

import asyncio
import socket
from collections import deque
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from urllib.parse import urlsplit

from worksample.services import Database
from worksample.wire.connection import Connection
from worksample.wire.proxied import Proxied
from worksample.wire.trips import RoundTrip

MOST_KEPT = 20_000
HOST = "127.0.0.1"
BACKLOG = 512


class Wire:
    def __init__(self, database: Database, listener: socket.socket) -> None:
        self.history: deque[RoundTrip] = deque(maxlen=MOST_KEPT)
        self.connections: dict[int, Connection] = {}
        self._listener = listener
        host, port = listener.getsockname()[:2]
        self.address: tuple[str, int] = (host, port)
        self.database = Proxied(database, self.address)
        parts = urlsplit(database.url)
        self._upstream = (parts.hostname or HOST, parts.port or 5432)
        self._tasks: set[asyncio.Task[None]] = set()
        self._number = 0

    @classmethod
    @asynccontextmanager
    async def open(cls, database: Database) -> AsyncIterator[Wire]:
        loop = asyncio.get_running_loop()
        listener = socket.create_server((HOST, 0), backlog=BACKLOG)
        listener.setblocking(False)
        wire = cls(database, listener)
        loop.add_reader(listener, wire._accept)
        try:
            yield wire
        finally:
            loop.remove_reader(listener)
            listener.close()
            await wire._close()

    def opens(self, connection: Connection, trip: RoundTrip) -> bool:
        return False

    def closes(self, connection: Connection, trip: RoundTrip) -> None:
        self.history.append(trip)

    def ended(self, connection: Connection) -> None:
        self.connections.pop(connection.number, None)

    def _accept(self) -> None:
        try:
            client, _ = self._listener.accept()
        except OSError:
            return
        task = asyncio.get_running_loop().create_task(self._join(client))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _join(self, client: socket.socket) -> None:
        loop = asyncio.get_running_loop()
        self._number += 1
        number = self._number
        client.setblocking(False)
        server = socket.socket()
        server.setblocking(False)
        try:
            await loop.sock_connect(server, self._upstream)
        except OSError:
            client.close()
            server.close()
            return
        connection = Connection(number, client, server, self)
        self.connections[number] = connection
        connection.begin()

    async def _close(self) -> None:
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        for connection in list(self.connections.values()):
            connection.cut(reset=False)
