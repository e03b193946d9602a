"""One connection to the target. It carries one request at a time and is closed after any doubt."""

from __future__ import annotations

import asyncio
import select
import socket
from collections.abc import Callable
from typing import cast

from worksample.probes.exchange import Trouble
from worksample.probes.http.parser import ResponseParser

CHUNK = 64 * 1024
# The clock of the event loop has a resolution of one millisecond.
CLOCK_STEP = 0.002
RESET_SECONDS = 0.1
LOOPBACK = ("127.", "::1")


class Connection(asyncio.Protocol):
    """A connected socket that carries one request after the other.

    `lost`: it is closed, or about to be. Data that the server sends before the first request is
    kept for the parser of that request, because some servers answer (503) and close at once.
    `may_be_unread` is False if the server read the whole request and closed without an answer.
    """

    def __init__(self, sock: socket.socket, on_lost: Callable[[Connection], None]) -> None:
        self.sock = sock
        self.lost = False
        self.idle_since = 0.0
        self.may_be_unread = True
        self._new = True
        self._early_data = b""
        self._eof_received = False
        self._plain = True
        self._poll = _poller(sock)
        self._on_lost = on_lost
        self._transport: asyncio.Transport | None = None
        self._parser: ResponseParser | None = None
        self._waiter: asyncio.Future[None] | None = None
        self._unsent: memoryview | None = None
        self._long = self._paused = False
        self._due = self._timer_due = 0.0
        self._timer: asyncio.TimerHandle | None = None
        self._spare_socket: socket.socket | None = None

    async def send_request(
        self,
        payload: bytes,
        parser: ResponseParser,
        loop: asyncio.AbstractEventLoop,
        due: float,
        check_if_read: bool = False,
    ) -> None:
        """Send `payload` and return when `parser` is done, at the latest at loop time `due`.

        The connection is closed unless the parser allows its reuse. It is also closed after a
        request that could not be sent in one piece, because the server may have answered without
        reading all of it. With `check_if_read`, a close without an answer is examined, and
        `may_be_unread` is set accordingly.
        """
        if self._new and self._has_early_answer(parser):
            self.drop()
            return
        self._parser, self._waiter, self._due = parser, loop.create_future(), due
        if self._timer is None or due < self._timer_due:
            self._set_timer(loop)
        try:
            self._send(payload)
            await self._waiter
            if check_if_read and parser.trouble is Trouble.CLOSED and not parser.started:
                self.may_be_unread = not await self._request_was_read()
        finally:
            self._parser = self._waiter = None
            if not parser.keep or self._long:
                self.drop()
            if self._spare_socket is not None:
                self._spare_socket.close()
                self._spare_socket = None

    def send_part(self, data: memoryview) -> int:
        """Send as much of `data` as the socket accepts; return the number of bytes.

        If the server has closed the connection, the result is the length of `data`, and
        `send_request` reports the close.
        """
        return self._send_now(data)

    def is_stale(self) -> bool:
        """Return whether the server closed the idle connection or sent data on it.

        Polls the socket, because the event loop may not have processed the event yet.
        """
        return bool(self._poll(0))

    def drop(self) -> None:
        """Close the connection immediately."""
        self._unsent = None
        self.lost = True
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        if self._transport is not None:
            self._transport.abort()

    # Callbacks of the event loop.

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)
        self._plain = transport.get_extra_info("sslcontext") is None

    def data_received(self, data: bytes) -> None:
        if self._new and len(self._early_data) < CHUNK:
            self._early_data += data
        elif self._parser is None or self._parser.done:
            self.drop()
        elif self._parser.feed(data):
            self._wake()

    def eof_received(self) -> bool:
        if self._new:
            self._eof_received = True
        elif self._parser is not None and not self._parser.done:
            if not self._parser.started:
                self._keep_spare_socket()
            self._parser.end()
            self._wake()
        return self._new and self._plain

    def connection_lost(self, exc: Exception | None) -> None:
        self.drop()
        if self._parser is not None and not self._parser.done:
            self._read_rest(self._parser)
            self._parser.end(broken=exc is not None)
            self._wake()
        self._on_lost(self)

    def pause_writing(self) -> None:
        self._paused = True

    def resume_writing(self) -> None:
        self._paused = False
        self._write_rest()

    # Sending.

    def _has_early_answer(self, parser: ResponseParser) -> bool:
        self._new = False
        if self._early_data:
            parser.feed(self._early_data)
        if (self.lost or self._eof_received) and not parser.done:
            parser.end()
        return parser.done

    def _send(self, payload: bytes) -> None:
        """Send as much as the socket accepts immediately, and the rest later.

        Immediately, so that nothing happens between `is_stale` and the request: uvloop writes only
        after it has run its other callbacks.
        """
        sent = self._send_now(payload) if self._plain else 0
        self._long = sent < len(payload)
        if self._long:
            self._keep_spare_socket()
            self._unsent = memoryview(payload)[sent:]
            self._write_rest()

    def _send_now(self, payload: bytes | memoryview) -> int:
        try:
            return self.sock.send(payload)
        except BlockingIOError:
            return 0
        except OSError:
            # The server closed the connection. Its answer, if any, is still to be read.
            return len(payload)

    def _write_rest(self) -> None:
        while self._unsent is not None and not self._paused and not self.lost:
            assert self._transport is not None
            piece, rest = self._unsent[:CHUNK], self._unsent[CHUNK:]
            self._unsent = rest if rest else None
            self._transport.write(piece)

    # Completion, timeout and close.

    def _wake(self) -> None:
        if self._waiter is not None and not self._waiter.done():
            self._waiter.set_result(None)

    def _set_timer(self, loop: asyncio.AbstractEventLoop) -> None:
        """Schedule the timeout of the request.

        A timer costs more than parsing an answer, so it is kept from one request to the next. When
        it fires, `_expire` checks whether the current request is due.
        """
        if self._timer is not None:
            self._timer.cancel()
        self._timer_due = self._due
        self._timer = loop.call_at(self._due, self._expire, loop)

    def _expire(self, loop: asyncio.AbstractEventLoop) -> None:
        self._timer = None
        parser = self._parser
        if parser is None or parser.done:
            return
        if loop.time() + CLOCK_STEP < self._due:
            self._set_timer(loop)
        else:
            what = "the answer was not complete" if parser.started else "no answer"
            parser.fail(Trouble.TIMEOUT, what)
            self._wake()

    async def _request_was_read(self) -> bool:
        """Return whether the server read the whole request before it closed without an answer.

        TCP answers with a reset if data arrives at a closed socket, or is unread when a socket is
        closed (RFC 9293 3.10.7.1, RFC 2525 2.17). On loopback the reset comes with the FIN or
        directly after it, so a FIN without a reset means that every byte was read. On other
        networks the reset may be delayed, so the result is False.
        """
        if self._spare_socket is None:
            return False
        await asyncio.sleep(RESET_SECONDS)
        try:
            near = str(self._spare_socket.getpeername()[0]).startswith(LOOPBACK)
            return near and self._spare_socket.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR) == 0
        except OSError:
            return False

    def _keep_spare_socket(self) -> None:
        """Duplicate the socket, so that an answer can be read after the event loop closes it.

        A server that rejects a body early (413) answers and closes while the request is still being
        written. The event loop then closes the socket on the failed write and discards the answer.
        """
        if self._plain and self._spare_socket is None:
            self._spare_socket = self.sock.dup()

    def _read_rest(self, parser: ResponseParser) -> None:
        spare = self._spare_socket
        while spare is not None and not parser.done:
            try:
                data = spare.recv(CHUNK)
            except OSError:
                return
            if data:
                parser.feed(data)
            else:
                parser.end()


def _poller(sock: socket.socket) -> Callable[[int], list[tuple[int, int]]]:
    poll = select.poll()
    poll.register(sock, select.POLLIN)
    return poll.poll
