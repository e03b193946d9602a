"""A non-blocking socket with a bounded write buffer."""

from __future__ import annotations

import asyncio
import socket
from struct import pack
from typing import Protocol

READ_SIZE = 64 * 1024
HIGH_WATER = 256 * 1024


class TransportHandler(Protocol):
    """Gets the events of a transport."""

    def data_received(self, transport: Transport, data: bytes) -> None:
        """Data has arrived; `b""` means that the peer has sent EOF."""

    def connection_lost(self, transport: Transport) -> None:
        """The connection broke: the peer reset it, or a read or write failed."""

    def write_finished(self, transport: Transport) -> None:
        """The write buffer is flushed and EOF is sent."""

    def set_backpressure(self, transport: Transport, full: bool) -> None:
        """The write buffer has risen above its high-water mark (or, if `full` is False, fallen)."""


class Transport:
    """Reads unless it is paused; writes at once what the socket accepts and buffers the rest.

    It starts paused, for the reason "start". `eof_received` is True once the peer has half-closed
    the connection, `eof_sent` once this side has.
    """

    __slots__ = (
        "_eof_requested",
        "_handler",
        "_loop",
        "_pauses",
        "_socket",
        "_write_buffer",
        "closed",
        "eof_received",
        "eof_sent",
    )

    def __init__(self, sock: socket.socket, handler: TransportHandler) -> None:
        sock.setblocking(False)
        if sock.family != socket.AF_UNIX:
            sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._loop = asyncio.get_running_loop()
        self._socket, self._handler = sock, handler
        self._write_buffer = bytearray()
        self._pauses: set[str] = {"start"}
        self._eof_requested = False
        self.closed = self.eof_received = self.eof_sent = False

    def resume(self, reason: str) -> None:
        """Remove a reason for pausing; reading resumes once no reason is left."""
        if reason in self._pauses:
            self._pauses.remove(reason)
            if not self._pauses and not self.closed and not self.eof_received:
                self._loop.add_reader(self._socket, self._readable)

    def pause(self, reason: str) -> None:
        """Stop reading until `resume` is called with the same reason."""
        if not self._pauses and not self.closed and not self.eof_received:
            self._loop.remove_reader(self._socket)
        self._pauses.add(reason)

    def write(self, data: bytes) -> None:
        """Send `data`; what the socket does not accept now is buffered."""
        if self.closed or not data:
            return
        if self._write_buffer:
            self._write_buffer += data
        else:
            sent = self._send(data)
            if sent == len(data) or self.closed:
                return
            self._write_buffer += memoryview(data)[sent:]
            self._loop.add_writer(self._socket, self._writable)
        if len(self._write_buffer) > HIGH_WATER:
            self._handler.set_backpressure(self, True)

    def write_eof(self) -> None:
        """Half-close the connection once the buffer is flushed; reading continues."""
        if not self._eof_requested and not self.closed:
            self._eof_requested = True
            if not self._write_buffer:
                self._shutdown_write()

    def close(self, *, reset: bool = False) -> None:
        """Close at once and drop the buffer; with `reset` the peer gets RST instead of FIN."""
        if self.closed:
            return
        self._loop.remove_reader(self._socket)
        self._loop.remove_writer(self._socket)
        self.closed = True
        self._write_buffer.clear()
        if reset:
            self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, pack("ii", 1, 0))
        self._socket.close()

    def _readable(self) -> None:
        try:
            data = self._socket.recv(READ_SIZE)
        except (BlockingIOError, InterruptedError):
            return
        except OSError:
            self._handler.connection_lost(self)
            return
        if not data:
            self.eof_received = True
            self._loop.remove_reader(self._socket)
        self._handler.data_received(self, data)

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
            self._handler.connection_lost(self)

    def _writable(self) -> None:
        sent = self._send(self._write_buffer)
        before = len(self._write_buffer)
        del self._write_buffer[:sent]
        if before > HIGH_WATER >= len(self._write_buffer):
            self._handler.set_backpressure(self, False)
        if not self._write_buffer and not self.closed:
            self._loop.remove_writer(self._socket)
            if self._eof_requested:
                self._shutdown_write()

    def _shutdown_write(self) -> None:
        try:
            self._socket.shutdown(socket.SHUT_WR)
        except OSError:
            self._loop.call_soon(self._broken)
        else:
            self.eof_sent = True
            self._handler.write_finished(self)
