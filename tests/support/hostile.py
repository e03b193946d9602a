"""Raw TCP servers that send arbitrary responses, to test how a client handles them.

    with HostileServer(respond_with(b"HTTP/1.1 204 No Content\\r\\n\\r\\n")) as server:
        ... send requests to server.url ...
    assert server.requests == [b"GET / HTTP/1.1\\r\\n..."]

The server calls its handler with a `Connection`, in a new thread for every connection. There are
no time-outs: a handler that has to wait, waits for the client or for the end of the server.
"""

from __future__ import annotations

import contextlib
import re
import select
import socket
import struct
import threading
from collections.abc import Callable, Iterator
from itertools import count
from types import TracebackType
from typing import Self

Handler = Callable[["Connection"], None]
LENGTH = re.compile(rb"\r\ncontent-length: *(\d+)", re.IGNORECASE)


class DisconnectedError(Exception):
    """The client closed the connection, or the server is stopping."""


class Connection:
    """One connection of a client: `number` counts from 0, `peer` is the client's IP address.

    Methods that send or receive raise `DisconnectedError` if the client is disconnected.
    """

    def __init__(self, server: HostileServer, sock: socket.socket, number: int, peer: str) -> None:
        self.number = number
        self.peer = peer
        self._server = server
        self._sock = sock
        self._buffer = b""

    def read_head(self) -> bytes:
        """Return the head of the next request, including the empty line."""
        while b"\r\n\r\n" not in self._buffer:
            self._receive()
        head, _, self._buffer = self._buffer.partition(b"\r\n\r\n")
        return head + b"\r\n\r\n"

    def read_request(self) -> bytes:
        """Return the next request with its body, and add it to the server's `requests`."""
        head = self.read_head()
        match = LENGTH.search(head)
        length = int(match[1]) if match else 0
        while len(self._buffer) < length:
            self._receive()
        body, self._buffer = self._buffer[:length], self._buffer[length:]
        self._server.requests.append(head + body)
        return head + body

    def send(self, data: bytes) -> None:
        """Send all of `data`."""
        try:
            self._sock.sendall(data)
        except OSError as error:
            raise DisconnectedError from error

    def send_endlessly(self, pieces: Iterator[bytes], every: float = 0.0) -> None:
        """Send the pieces, one every `every` seconds, until the client disconnects."""
        for piece in pieces:
            self.send(piece)
            if every and self._server.stopped.wait(every):
                raise DisconnectedError

    def wait_for_close(self) -> None:
        """Return once the client has closed the connection."""
        try:
            while self._sock.recv(65536):
                pass
        except OSError:
            pass

    def stop_reading_until_close(self) -> None:
        """Return once the client has closed the connection, without reading from it."""
        ends = select.poll()
        ends.register(self._sock, getattr(select, "POLLRDHUP", 0) | select.POLLHUP)
        ends.poll(60_000)

    def close(self) -> None:
        """Close the connection: with FIN if everything was read, else with RST."""
        self._sock.close()

    def reset(self) -> None:
        """Close the connection with RST."""
        self._sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self._sock.close()

    def end(self) -> None:
        """Shut down the sending side (FIN); receiving remains possible."""
        try:
            self._sock.shutdown(socket.SHUT_WR)
        except OSError as error:
            raise DisconnectedError from error

    def _receive(self) -> None:
        try:
            data = self._sock.recv(65536)
        except OSError as error:
            raise DisconnectedError from error
        if not data:
            raise DisconnectedError
        self._buffer += data


class HostileServer:
    """A server on a free port of `host`, which runs during the `with` block.

    `url` is its address. `requests` holds the requests that `Connection.read_request` returned,
    `connections` the number of connections. An error in a handler (other than
    `DisconnectedError`) is raised at the end of the block.
    """

    def __init__(self, handler: Handler, *, host: str = "127.0.0.1") -> None:
        self.requests: list[bytes] = []
        self.connections = 0
        self.stopped = threading.Event()
        self._handler = handler
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        self._listener = socket.create_server((host, 0), family=family, backlog=128)
        self.port: int = self._listener.getsockname()[1]
        self.url = f"http://[{host}]:{self.port}" if ":" in host else f"http://{host}:{self.port}"
        self._sockets: list[socket.socket] = []
        self._threads = [threading.Thread(target=self._accept)]
        self._errors: list[BaseException] = []

    def __enter__(self) -> Self:
        self._threads[0].start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stopped.set()
        for sock in (self._listener, *self._sockets):
            _shut(sock)
        self._threads[0].join()
        for sock in self._sockets:
            _shut(sock)
        for thread in self._threads[1:]:
            thread.join()
        self._listener.close()
        if self._errors and error is None:
            raise self._errors[0]

    def _accept(self) -> None:
        for number in count():
            try:
                sock, address = self._listener.accept()
            except OSError:
                return
            self.connections += 1
            self._sockets.append(sock)
            thread = threading.Thread(target=self._serve, args=(sock, number, address[0]))
            self._threads.append(thread)
            thread.start()

    def _serve(self, sock: socket.socket, number: int, peer: str) -> None:
        try:
            self._handler(Connection(self, sock, number, peer))
        except DisconnectedError:
            pass
        except BaseException as error:
            self._errors.append(error)
        finally:
            sock.close()


def _shut(sock: socket.socket) -> None:
    with contextlib.suppress(OSError):
        sock.shutdown(socket.SHUT_RDWR)


def respond_with(*answers: bytes) -> Handler:
    """Return a handler that sends `answers`, one per request, and then closes the connection."""

    def handler(connection: Connection) -> None:
        for answer in answers:
            connection.read_request()
            connection.send(answer)
        connection.end()
        connection.wait_for_close()

    return handler


def respond_and_close(answer: bytes) -> Handler:
    """Return a handler that answers one request and closes the connection at once."""

    def handler(connection: Connection) -> None:
        connection.read_request()
        connection.send(answer)
        connection.close()

    return handler


def respond_always(answer: bytes) -> Handler:
    """Return a handler that sends `answer` to every request and keeps the connection open."""

    def handler(connection: Connection) -> None:
        while True:
            connection.read_request()
            connection.send(answer)

    return handler


def ok_response(body: bytes = b"{}", *fields: str) -> bytes:
    """Return a complete 200 response with `body` and additional header `fields`."""
    lines = ["HTTP/1.1 200 OK", f"Content-Length: {len(body)}", *fields]
    return "\r\n".join(lines).encode("latin-1") + b"\r\n\r\n" + body
