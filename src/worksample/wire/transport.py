"""One end of a connection: a socket that never blocks and never holds much."""

from __future__ import annotations

import asyncio
import socket
from struct import pack
from typing import Protocol

READ_SIZE = 64 * 1024
HIGH_WATER = 256 * 1024


class TransportHandler(Protocol):
    """Who has an end, and is told what happens at it."""

    def data_received(self, transport: Transport, data: bytes) -> None:
        """Take what came; `b""` for the other side's last."""

    def connection_lost(self, transport: Transport) -> None:
        """The other side is gone without a farewell."""

    def write_finished(self, transport: Transport) -> None:
        """All that was to be sent is sent, the farewell too."""

    def set_backpressure(self, transport: Transport, full: bool) -> None:
        """More is waiting to be sent than should (or, for False, that is over)."""


class Transport:
    """Reads as long as nobody pauses it, sends at once what the socket takes, keeps the rest.

    `heard` says that the other side has said its last, `farewelled` that we have.
    """

    __slots__ = (
        "_finishing",
        "_holder",
        "_loop",
        "_out",
        "_pauses",
        "_socket",
        "closed",
        "farewelled",
        "heard",
    )

    def __init__(self, sock: socket.socket, handler: TransportHandler) -> None:
        sock.setblocking(False)
        if sock.family != socket.AF_UNIX:
            sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._loop = asyncio.get_running_loop()
        self._socket, self._holder = sock, handler
        self._out = bytearray()
        self._pauses: set[str] = {"begin"}
        self._finishing = False
        self.closed = self.heard = self.farewelled = False

    def resume(self, reason: str) -> None:
        """Read again, unless there is another reason not to."""
        if reason in self._pauses:
            self._pauses.remove(reason)
            if not self._pauses and not self.closed and not self.heard:
                self._loop.add_reader(self._socket, self._readable)

    def pause(self, reason: str) -> None:
        """Do not read for this reason."""
        if not self._pauses and not self.closed and not self.heard:
            self._loop.remove_reader(self._socket)
        self._pauses.add(reason)

    def write(self, data: bytes) -> None:
        """Send; what the socket does not take now is sent when it does."""
        if self.closed or not data:
            return
        if self._out:
            self._out += data
        else:
            sent = self._send(data)
            if sent == len(data) or self.closed:
                return
            self._out += memoryview(data)[sent:]
            self._loop.add_writer(self._socket, self._writable)
        if len(self._out) > HIGH_WATER:
            self._holder.set_backpressure(self, True)

    def write_eof(self) -> None:
        """Say farewell once everything is sent; reading goes on."""
        if not self._finishing and not self.closed:
            self._finishing = True
            if not self._out:
                self._shutdown_write()

    def close(self, *, reset: bool = False) -> None:
        """Close at once; with `reset` the other side gets RST rather than FIN."""
        if self.closed:
            return
        self._loop.remove_reader(self._socket)
        self._loop.remove_writer(self._socket)
        self.closed = True
        self._out.clear()
        if reset:
            self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, pack("ii", 1, 0))
        self._socket.close()

    def _readable(self) -> None:
        try:
            data = self._socket.recv(READ_SIZE)
        except (BlockingIOError, InterruptedError):
            return
        except OSError:
            self._holder.connection_lost(self)
            return
        if not data:
            self.heard = True
            self._loop.remove_reader(self._socket)
        self._holder.data_received(self, data)

    def _send(self, data: bytes | bytearray) -> int:
        try:
            return self._socket.send(data)
        except (BlockingIOError, InterruptedError):
            return 0
        except OSError:
            self._loop.call_soon(self._broken)
            return len(data)

    def _broken(self) -> None:
        if not self.closed:
            self._holder.connection_lost(self)

    def _writable(self) -> None:
        sent = self._send(self._out)
        before = len(self._out)
        del self._out[:sent]
        if before > HIGH_WATER >= len(self._out):
            self._holder.set_backpressure(self, False)
        if not self._out and not self.closed:
            self._loop.remove_writer(self._socket)
            if self._finishing:
                self._shutdown_write()

    def _shutdown_write(self) -> None:
        try:
            self._socket.shutdown(socket.SHUT_WR)
        except OSError:
            self._loop.call_soon(self._broken)
        else:
            self.farewelled = True
            self._holder.write_finished(self)
