"""Open connections to the server of a client."""

from __future__ import annotations

import asyncio
import errno
import socket
import ssl
from collections.abc import Callable
from typing import Any, NoReturn
from urllib.parse import urlsplit

from worksample.errors import InternalError
from worksample.messages import message
from worksample.probes.exchange import Trouble
from worksample.probes.http.connection import Connection
from worksample.probes.http.problem import ResponseError

# This machine ran out of a resource: not a fault of the server.
LOCAL_ERRORS = frozenset(
    {errno.EMFILE, errno.ENFILE, errno.ENOBUFS, errno.ENOMEM, errno.EADDRNOTAVAIL}
)

OnLost = Callable[[Connection], None]
Address = tuple[socket.AddressFamily, tuple[Any, ...]]


class Dialer:
    """Opens connections to the host and port of `base_url` (`http://` or `https://`, no path).

    `host_header` is the value for `Host`. Raises `ValueError` for any other URL.
    """

    def __init__(self, base_url: str) -> None:
        parts = urlsplit(base_url)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise ValueError(f"{base_url!r} is not a base URL; write http://host:port")
        if parts.path not in ("", "/") or parts.query or parts.fragment or "@" in parts.netloc:
            raise ValueError(f"{base_url!r} has more than scheme, host and port")
        self.host_header = parts.netloc
        self._host = parts.hostname
        self._port = parts.port or (443 if parts.scheme == "https" else 80)
        self._tls = ssl.create_default_context() if parts.scheme == "https" else None
        self._addresses: list[Address] = []

    async def dial(self, source: str, on_lost: OnLost) -> Connection:
        """Open a connection, from the local address `source` unless it is empty.

        `on_lost` is called when the connection is closed. Raises `ResponseError` if the server
        cannot be reached, and `InternalError` if this machine runs out of sockets or local ports.
        """
        try:
            sock = await self._connect(source)
            return await self._wrap(sock, on_lost)
        except OSError as error:
            _explain(error, f"{self._host}:{self._port}")

    async def _connect(self, source: str) -> socket.socket:
        loop = asyncio.get_running_loop()
        if not self._addresses:
            found = await loop.getaddrinfo(self._host, self._port, type=socket.SOCK_STREAM)
            self._addresses = [(info[0], info[4]) for info in found]
        failure: OSError | None = None
        for address in list(self._addresses):
            try:
                sock = await _connected(*address, source)
            except OSError as error:
                if failure is None or isinstance(error, ConnectionRefusedError):
                    failure = error
                continue
            self._addresses.remove(address)
            self._addresses.insert(0, address)
            return sock
        raise failure or OSError(errno.EHOSTUNREACH, "no address")

    async def _wrap(self, sock: socket.socket, on_lost: OnLost) -> Connection:
        # From here on the event loop owns the socket, even if this call is cancelled.
        name = self._host if self._tls else None
        _, connection = await asyncio.get_running_loop().create_connection(
            lambda: Connection(sock, on_lost),
            sock=sock,
            ssl=self._tls,
            server_hostname=name,
        )
        return connection


async def _connected(
    family: socket.AddressFamily, address: tuple[Any, ...], source: str
) -> socket.socket:
    sock = socket.socket(family, socket.SOCK_STREAM)
    try:
        sock.setblocking(False)
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        if source:
            _bind(sock, source)
        await asyncio.get_running_loop().sock_connect(sock, address)
    except BaseException:
        sock.close()
        raise
    return sock


def _bind(sock: socket.socket, source: str) -> None:
    try:
        sock.bind((source, 0))
    except OSError as error:
        raise InternalError(
            message(
                "cannot send from the local address {source}: {reason}",
                source=source,
                reason=error.strerror,
            ),
            hint="remove it from the client's local_addresses",
        ) from error


def _explain(error: OSError, where: str) -> NoReturn:
    reason = error.strerror or str(error)
    if error.errno in LOCAL_ERRORS:
        raise InternalError(
            message(
                "cannot open more connections to {where}: {reason}", where=where, reason=reason
            ),
            hint="raise the limit of open files (ulimit -n), or run fewer checks at the same time",
        ) from error
    if isinstance(error, ConnectionRefusedError):
        raise ResponseError(
            Trouble.REFUSED, message("nothing listens on {where}", where=where)
        ) from error
    if isinstance(error, ConnectionError):
        raise ResponseError(
            Trouble.CLOSED,
            message("{where} closed the new connection: {reason}", where=where, reason=reason),
        ) from error
    raise ResponseError(
        Trouble.UNREACHABLE,
        message("{where} cannot be reached: {reason}", where=where, reason=reason),
    ) from error
