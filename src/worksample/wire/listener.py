"""Accept downstream connections and open an upstream connection to the database for each."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from functools import partial
from typing import Any

from worksample.errors import UserError
from worksample.messages import message

HOST = "127.0.0.1"
BACKLOG = 512

ConnectHandler = Callable[[int, socket.socket, socket.socket], None]
Address = tuple[socket.AddressFamily, tuple[Any, ...]]


class Listener:
    """A listening socket on the loopback interface, on a given port or one that the kernel chooses.

    A second, bound socket reserves the port while the listener is paused. `rejected_count` counts
    the connections that were accepted and closed at once.
    """

    def __init__(self, port_holder: socket.socket, upstream: list[Address]) -> None:
        self._port_holder, self._upstream = port_holder, upstream
        host, port = port_holder.getsockname()[:2]
        self.address: tuple[str, int] = (host, port)
        self._socket: socket.socket | None = None
        self._number = self.rejected_count = 0
        self._rejecting = False
        self._connecting: set[asyncio.Task[None]] = set()
        self._on_connect: ConnectHandler = _close_both

    @classmethod
    @asynccontextmanager
    async def open(cls, host: str, port: int, own_port: int = 0) -> AsyncIterator[Listener]:
        """Reserve a port for the database at `host` and `port`; `serve` starts to listen on it.

        That is `own_port`, or a free one if it is 0. Raises `UserError` if the host name does not
        resolve, and `OSError` if another program listens on `own_port`.
        """
        upstream = await _addresses(host, port)
        listener = cls(_bound(own_port), upstream)
        try:
            yield listener
        finally:
            await listener.close()

    def serve(self, on_connect: ConnectHandler) -> None:
        """Accept clients: `on_connect` gets (number, downstream socket, upstream socket)."""
        self._on_connect = on_connect
        self.resume()

    def pause(self) -> None:
        """Refuse connections, as a port without a listener does; the port stays reserved."""
        if self._socket is not None:
            asyncio.get_running_loop().remove_reader(self._socket)
            self._socket.close()
            self._socket = None
        for task in self._connecting:
            task.cancel()

    def reject(self) -> None:
        """Accept connections and close them at once, as a proxy does without its upstream."""
        self.resume()
        self._rejecting = True

    def resume(self) -> None:
        """Accept clients again."""
        self._rejecting = False
        if self._socket is None:
            self._socket = _bound(self.address[1])
            self._socket.listen(BACKLOG)
            self._socket.setblocking(False)
            asyncio.get_running_loop().add_reader(self._socket, self._accept)

    async def close(self) -> None:
        """Stop listening and release the port."""
        self.pause()
        self._port_holder.close()
        await asyncio.gather(*self._connecting, return_exceptions=True)

    def _accept(self) -> None:
        if self._socket is None:
            return
        try:
            client, _ = self._socket.accept()
        except OSError:
            return
        if self._rejecting:
            self.rejected_count += 1
            client.close()
            return
        self._number += 1
        task = asyncio.get_running_loop().create_task(self._connect(self._number, client))
        self._connecting.add(task)
        task.add_done_callback(partial(self._connected, client))

    def _connected(self, client: socket.socket, task: asyncio.Task[None]) -> None:
        self._connecting.discard(task)
        if task.cancelled():
            # If that was before its first step, it has not closed the connection itself.
            client.close()

    async def _connect(self, number: int, client: socket.socket) -> None:
        """Connect to the database; if that fails, close the client's connection."""
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
    """Return a socket bound to `port`, which others may bind too (SO_REUSEPORT)."""
    bound = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
    bound.bind((HOST, port))
    return bound


def _close_both(number: int, client: socket.socket, server: socket.socket) -> None:
    client.close()
    server.close()


async def _addresses(host: str, port: int) -> list[Address]:
    try:
        loop = asyncio.get_running_loop()
        found = await loop.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except OSError as error:
        raise UserError(
            message("the database host {host} does not resolve: {error}", host=host, error=error)
        ) from error
    return [(family, address) for family, _, _, _, address in found]
