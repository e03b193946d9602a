"""One connection to the target: one request at a time, and no second life after doubt."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Callable
from typing import cast

from worksample.probes.exchange import Trouble
from worksample.probes.http.parser import ResponseParser

PIECE = 64 * 1024
# From this size on a request may still be going out when the answer arrives.
LARGE = 16 * 1024
LOOPBACK = ("127.", "::1")


class Connection(asyncio.Protocol):
    """A connected socket that carries one request after the other.

    `lost` says whether it is closed. `read_it` says, of a connection that was closed without an
    answer, that the server had read the whole request before: see `_was_read`.
    """

    def __init__(
        self,
        sock: socket.socket,
        on_made: Callable[[Connection], None],
        on_lost: Callable[[Connection], None],
    ) -> None:
        self.sock = sock
        self.lost = False
        self.read_it = False
        self.idle_since = 0.0
        self._on_made = on_made
        self._on_lost = on_lost
        self._transport: asyncio.Transport | None = None
        self._parser: ResponseParser | None = None
        self._waiter: asyncio.Future[None] | None = None
        self._unsent: memoryview | None = None
        self._paused = False
        self._spare: socket.socket | None = None

    async def ask(
        self, payload: bytes, parser: ResponseParser, loop: asyncio.AbstractEventLoop, due: float
    ) -> None:
        """Send `payload` and return once `parser` is done, at the latest at loop time `due`.

        The connection is dropped unless the parser says that it may be kept.
        """
        self._parser, self._waiter = parser, loop.create_future()
        timer = loop.call_at(due, self._expire)
        try:
            self._send(payload)
            await self._waiter
        finally:
            timer.cancel()
            self._parser = self._waiter = None
            if not parser.keep or self._unsent is not None:
                self.drop()
            self._forget_spare()

    def is_stale(self) -> bool:
        """Look whether the server closed the connection, or sent something, while it was idle."""
        try:
            self.sock.recv(1, socket.MSG_PEEK)
        except BlockingIOError:
            return False
        except OSError:
            return True
        return True

    def drop(self) -> None:
        """Close the connection at once, whatever it is doing."""
        self._unsent = None
        if self._transport is not None:
            self._transport.abort()

    # What the event loop calls.

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)
        self._on_made(self)

    def data_received(self, data: bytes) -> None:
        if self._parser is None or self._parser.done:
            self.drop()
        elif self._parser.feed(data):
            self._wake()

    def eof_received(self) -> None:
        if self._parser is not None and not self._parser.done:
            self.read_it = self._was_read()
            self._parser.end()
            self._wake()

    def connection_lost(self, exc: Exception | None) -> None:
        self.lost = True
        if self._parser is not None and not self._parser.done:
            self._read_rest(self._parser)
            self._parser.end(broken=exc is not None)
            self._wake()
        self._forget_spare()
        self._on_lost(self)

    def pause_writing(self) -> None:
        self._paused = True

    def resume_writing(self) -> None:
        self._paused = False
        self._pump()

    # Sending.

    def _send(self, payload: bytes) -> None:
        assert self._transport is not None
        if self.lost:
            self.connection_lost(None)
        elif len(payload) <= LARGE:
            self._transport.write(payload)
        else:
            self._keep_spare()
            self._unsent = memoryview(payload)
            self._pump()

    def _pump(self) -> None:
        while self._unsent is not None and not self._paused and not self.lost:
            assert self._transport is not None
            piece, rest = self._unsent[:PIECE], self._unsent[PIECE:]
            self._unsent = rest if rest else None
            self._transport.write(piece)

    # Ends.

    def _wake(self) -> None:
        if self._waiter is not None and not self._waiter.done():
            self._waiter.set_result(None)

    def _expire(self) -> None:
        parser = self._parser
        if parser is not None and not parser.done:
            what = "the answer was not complete" if parser.started else "no answer"
            parser.fail(Trouble.TIMEOUT, what)
            self._wake()

    def _was_read(self) -> bool:
        """Say whether the server read the request before it closed.

        Data that arrive at a closed socket, or lie unread in one that closes, are answered with
        a reset (RFC 9293 3.10.7.1, RFC 2525 2.17). On loopback that reset is here before the end
        is seen, so an end without one means that every byte of the request was read. From
        further away the reset may still be coming, and nothing is known.
        """
        try:
            near = self.sock.getpeername()[0].startswith(LOOPBACK)
            return near and self.sock.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR) == 0
        except OSError:
            return False

    def _keep_spare(self) -> None:
        """Keep a second handle on the socket, to read an early answer after a failed write.

        A server that refuses a body early (413) answers and closes while we still write; the
        event loop then closes the connection on the failed write, its answer unread.
        """
        if self._transport is not None and self._transport.get_extra_info("sslcontext") is None:
            self._spare = self.sock.dup()

    def _read_rest(self, parser: ResponseParser) -> None:
        spare = self._spare
        while spare is not None and not parser.done:
            try:
                data = spare.recv(PIECE)
            except OSError:
                return
            if not data:
                return
            parser.feed(data)

    def _forget_spare(self) -> None:
        if self._spare is not None:
            self._spare.close()
            self._spare = None
