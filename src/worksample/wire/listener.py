"""Where the target's connections come in, and ours to PostgreSQL begins in their place."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any
from urllib.parse import parse_qs, urlsplit

from worksample.errors import UserError

HOST = "127.0.0.1"
PORT = 5432
BACKLOG = 512
TLS_SSL_MODES = ("require", "verify-ca", "verify-full")

ConnectHandler = Callable[[int, socket.socket, socket.socket], None]
Address = tuple[socket.AddressFamily, tuple[Any, ...]]


class Listener:
    """A listening socket on the loopback, with a port from the kernel.

    A second socket keeps the port while the door is barred, so that nobody else gets it.
    `rejected_count` counts those who were let in only to be sent away.
    """

    def __init__(self, port_holder: socket.socket, upstream: list[Address]) -> None:
        self._port_holder, self._upstream = port_holder, upstream
        host, port = port_holder.getsockname()[:2]
        self.address: tuple[str, int] = (host, port)
        self._listener: socket.socket | None = None
        self._number = self.rejected_count = 0
        self._rejecting = False
        self._joining: set[asyncio.Task[None]] = set()
        self._on_connect: ConnectHandler = _close_both

    @classmethod
    @asynccontextmanager
    async def open(cls, url: str) -> AsyncIterator[Listener]:
        """Listen, for the PostgreSQL at `url`; raises `UserError` if we cannot speak with it."""
        upstream = await _addresses(url)
        listener = cls(_bound(0), upstream)
        try:
            yield listener
        finally:
            await listener.close()

    def serve(self, serve: ConnectHandler) -> None:
        """Let clients in: `serve` gets a number, the client's socket and PostgreSQL's."""
        self._on_connect = serve
        self.resume()

    def pause(self) -> None:
        """Refuse connections, as an address does where nobody listens; the port stays ours."""
        if self._listener is not None:
            asyncio.get_running_loop().remove_reader(self._listener)
            self._listener.close()
            self._listener = None
        for task in self._joining:
            task.cancel()

    def reject(self) -> None:
        """Take connections and close them at once, as a proxy does whose database is not there."""
        self.resume()
        self._rejecting = True

    def resume(self) -> None:
        """Let clients in again."""
        self._rejecting = False
        if self._listener is None:
            self._listener = _bound(self.address[1])
            self._listener.listen(BACKLOG)
            self._listener.setblocking(False)
            asyncio.get_running_loop().add_reader(self._listener, self._accept)

    async def close(self) -> None:
        """Let nobody in any more."""
        self.pause()
        self._port_holder.close()
        await asyncio.gather(*self._joining, return_exceptions=True)

    def _accept(self) -> None:
        if self._listener is None:
            return
        try:
            client, _ = self._listener.accept()
        except OSError:
            return
        if self._rejecting:
            self.rejected_count += 1
            client.close()
            return
        self._number += 1
        task = asyncio.get_running_loop().create_task(self._join(self._number, client))
        self._joining.add(task)
        task.add_done_callback(self._joining.discard)

    async def _join(self, number: int, client: socket.socket) -> None:
        """Connect to PostgreSQL; if that fails, the client's connection fails too."""
        client.setblocking(False)
        try:
            server = await self._connect_upstream()
        except BaseException:
            client.close()
            raise
        if server is None:
            client.close()
        else:
            self._on_connect(number, client, server)

    async def _connect_upstream(self) -> socket.socket | None:
        for family, address in self._upstream:
            server = socket.socket(family, socket.SOCK_STREAM)
            server.setblocking(False)
            try:
                await asyncio.get_running_loop().sock_connect(server, address)
            except OSError:
                server.close()
            except BaseException:
                server.close()
                raise
            else:
                return server
        return None


def _bound(port: int) -> socket.socket:
    """Return a socket that is bound and does not listen: it keeps a port for those that will."""
    bound = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
    bound.bind((HOST, port))
    return bound


def _close_both(number: int, client: socket.socket, server: socket.socket) -> None:
    client.close()
    server.close()


async def _addresses(url: str) -> list[Address]:
    parts = urlsplit(url)
    if parse_qs(parts.query).get("sslmode", [""])[-1] in TLS_SSL_MODES:
        raise UserError(
            f"the database at {parts.hostname} is to be reached over TLS, which the wire does not "
            "speak",
            hint="name a server that can be reached without (sslmode=disable), or none",
        )
    host, port = parts.hostname or HOST, parts.port or PORT
    try:
        loop = asyncio.get_running_loop()
        found = await loop.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except OSError as error:
        raise UserError(f"there is no host called {host}: {error}") from error
    return [(family, address) for family, _, _, _, address in found]
