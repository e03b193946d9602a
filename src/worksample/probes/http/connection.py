"""One connection to the target: one request at a time, and no second life after doubt."""

from __future__ import annotations

import asyncio
import select
import socket
from collections.abc import Callable
from typing import cast

from worksample.probes.exchange import Trouble
from worksample.probes.http.parser import ResponseParser

CHUNK = 64 * 1024
# The event loop's clock goes in steps of a millisecond.
CLOCK_STEP = 0.002
RESET_SECONDS = 0.1
LOOPBACK = ("127.", "::1")


class Connection(asyncio.Protocol):
    """A connected socket that carries one request after the other.

    `lost` says whether it is closed, or about to be. What a server says before the first request
    is kept for its parser, so that one that answers and closes without being asked is heard.
    `may_be_unread` is False when a close without an answer came after the whole request was read.
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
        """Send `payload` and return once `parser` is done, at the latest at loop time `due`.

        The connection is dropped unless the parser says that it may be kept, and after a request
        that did not go out at once: the server may have answered without reading it all. With
        `check_if_read`, a close without an answer is looked into, and `may_be_unread` says what was found.
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
        """Send what the socket takes of the beginning of a request; return how much that was.

        All of it, as far as anybody can know, where the server has hung up: `send_request` will tell.
        """
        return self._send_now(data)

    def is_stale(self) -> bool:
        """Look whether the server closed the connection, or sent something, while it was idle.

        The event loop may not have told yet: what can be read now, no request has asked for.
        """
        return bool(self._poll(0))

    def drop(self) -> None:
        """Close the connection at once, whatever it is doing."""
        self._unsent = None
        self.lost = True
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        if self._transport is not None:
            self._transport.abort()

    # What the event loop calls.

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
        """Send at once what the socket takes, and the rest as it takes more.

        At once, so that nothing can come between `is_stale` and the request: uvloop would write
        only after everything else that it has to do.
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
            # What the server said before it closed is still to be read; its end comes after.
            return len(payload)

    def _write_rest(self) -> None:
        while self._unsent is not None and not self._paused and not self.lost:
            assert self._transport is not None
            piece, rest = self._unsent[:CHUNK], self._unsent[CHUNK:]
            self._unsent = rest if rest else None
            self._transport.write(piece)

    # Ends.

    def _wake(self) -> None:
        if self._waiter is not None and not self._waiter.done():
            self._waiter.set_result(None)

    def _set_timer(self, loop: asyncio.AbstractEventLoop) -> None:
        """Wake up when the request is due.

        A timer costs more than the parsing of an answer, so it is left to run from one request to
        the next, and looks only when it rings whether that was in time.
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
        """Say whether the server read all of a request before it closed without an answer.

        Data that arrive at a closed socket, or lie unread in one that closes, are answered with
        a reset (RFC 9293 3.10.7.1, RFC 2525 2.17). On loopback that reset comes with the end or
        right behind it, so an end without one means that every byte of the request was read. From
        further away it may take any time: nothing is known, and the answer is False.
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
        """Keep a second handle on the socket, for what the event loop closes too early.

        A server that refuses a body early (413) answers and closes while we still write; the
        event loop then closes the connection on the failed write, its answer unread.
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
