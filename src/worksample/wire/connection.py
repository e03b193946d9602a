"""One proxied connection: the downstream client and the upstream connection to the database."""

from __future__ import annotations

import socket
import time
from typing import Protocol

from worksample.wire.protocol import Handshake, ProtocolError, WireProtocol
from worksample.wire.round_trips import RoundTrip
from worksample.wire.transport import Transport

MAX_HELD_BYTES = 256 * 1024


class Observer(Protocol):
    """Gets the events of a connection."""

    def round_trip_started(self, connection: Connection, trip: RoundTrip) -> bool:
        """A round trip has begun; return True to hold it."""

    def round_trip_ended(self, connection: Connection, trip: RoundTrip) -> None:
        """A round trip has ended."""

    def connection_closed(self, connection: Connection) -> None:
        """The connection is closed on both sides."""


class Connection:
    """A client's connection and the connection to the database that serves it.

    `number` counts connections from 1; `tracker` knows the protocol. While `replies_withheld` is
    True, no reply is forwarded and no new round trip is sent. `was_cut` is True once Worksample has
    cut the connection. `passthrough_reason` says why the connection is forwarded without being
    parsed, "" if it is parsed. `startup_done` is True once the handshake is done.
    """

    def __init__(
        self,
        number: int,
        client: socket.socket,
        server: socket.socket,
        protocol: WireProtocol,
        observer: Observer,
    ) -> None:
        self.number = number
        self.passthrough_reason = ""
        self.startup_done = self.closed = False
        self.replies_withheld = self.was_cut = False
        self.held: RoundTrip | None = None
        self.tracker = protocol.track(number, self._on_begin, self._on_end)
        self._requests, self._replies = self.tracker.requests, self.tracker.replies
        self._observer = observer
        self._client, self._server = Transport(client, self), Transport(server, self)
        self._rest, self._seen = b"", 0
        self._unparsed = b""

    @property
    def awaiting_reply(self) -> bool:
        """Whether a round trip was sent to the database and its reply is outstanding."""
        pending = self.tracker.pending
        return bool(pending) and pending[0].trip is not self.held

    def start(self) -> None:
        """Start forwarding in both directions."""
        self._client.resume("start")
        self._server.resume("start")

    def release(self) -> None:
        """Send the held round trip and continue forwarding."""
        if self.held is None or self.closed:
            return
        self.held.sent, self.held = time.monotonic(), None
        self._client.resume("held")
        self._forward()

    def cut(self, *, reset: bool) -> None:
        """Close both sides at once, by RST if `reset` is True, else by FIN."""
        self.was_cut = True
        self._close(reset)

    def data_received(self, transport: Transport, data: bytes) -> None:
        """See `TransportHandler`."""
        if not data:
            self._received_eof(transport)
        elif transport is self._server:
            self._from_server(data)
        elif self.passthrough_reason:
            self._server.write(data)
        else:
            self._from_client(data)

    def connection_lost(self, transport: Transport) -> None:
        """See `TransportHandler`: close the other side too."""
        self._close(reset=True)

    def set_backpressure(self, transport: Transport, full: bool) -> None:
        """See `TransportHandler`: stop or resume reading from the other side."""
        other = self._server if transport is self._client else self._client
        if full:
            other.pause("full")
        else:
            other.resume("full")

    def _from_client(self, data: bytes) -> None:
        self._rest = self._rest + data if self._rest else data
        if self.held is not None:
            if len(self._rest) > MAX_HELD_BYTES:
                self._client.pause("held")
        elif self.startup_done:
            self._forward()
        else:
            step = self.tracker.client_handshake(self._rest)
            self._rest = step.rest
            self._continue_handshake(step)

    def _continue_handshake(self, step: Handshake) -> None:
        """Send what the protocol wants sent, and begin to parse once the handshake is done."""
        self._client.write(step.to_client)
        self._server.write(step.to_server)
        if step.passthrough_reason:
            self._client.write(self._unparsed)
            self._pass_through(step.passthrough_reason)
        elif step.done:
            self.startup_done = True
            self._forward()
            replies, self._unparsed = self._unparsed, b""
            self._from_server(replies)

    def _forward(self) -> None:
        """Forward the complete messages of the client, up to a round trip that is held."""
        data = self._rest
        requests = self._requests
        try:
            end = requests.scan(data, self._seen)
        except ProtocolError as error:
            self._pass_through(str(error))
            return
        sendable = requests.stopped if requests.stopped >= 0 else end
        self._rest, self._seen = data[sendable:], end - sendable
        self._server.write(data[:sendable])

    def _from_server(self, data: bytes) -> None:
        """Forward and parse what the database sent."""
        if not (self.startup_done or self.passthrough_reason):
            step = self.tracker.server_handshake(self._unparsed + data)
            self._unparsed = step.rest
            self._continue_handshake(step)
            return
        if not self.replies_withheld:
            self._client.write(data)
        if not self.passthrough_reason:
            self._parse_replies(data)

    def _parse_replies(self, data: bytes) -> None:
        buffer = self._unparsed + data if self._unparsed else data
        try:
            end = self._replies.scan(buffer)
            self._unparsed = buffer[end:]
        except ProtocolError as error:
            self._pass_through(str(error))
        if self.replies_withheld and self.tracker.expects_client_data:
            # The client never gets the reply that asks for its data, so it would never send it.
            self._close(reset=True)

    def _pass_through(self, reason: str) -> None:
        """Stop parsing and forward the bytes of both sides as they come."""
        self.passthrough_reason = reason
        self.tracker.lose()
        self._server.write(self._rest)
        self._rest = self._unparsed = b""

    def _received_eof(self, transport: Transport) -> None:
        """Half-close: pass the EOF on, and close once both sides have sent theirs."""
        held = self.held is not None or self.replies_withheld
        if transport is self._client and held:
            self._close(reset=False)
            return
        other = self._server if transport is self._client else self._client
        if transport is self._client and self._rest:
            self._server.write(self._rest)
        other.write_eof()

    def write_finished(self, transport: Transport) -> None:
        """See `TransportHandler`: close once both sides have sent and received EOF."""
        if all(each.eof_received and each.eof_sent for each in (self._client, self._server)):
            self._close(reset=False)

    def _close(self, reset: bool) -> None:
        if self.closed:
            return
        self.closed = True
        self._client.close(reset=reset)
        self._server.close(reset=reset)
        self._rest = self._unparsed = b""
        self.tracker.lose()
        self._observer.connection_closed(self)

    def _on_begin(self, trip: RoundTrip) -> bool:
        if self.replies_withheld or self._observer.round_trip_started(self, trip):
            self.held, trip.sent = trip, 0.0
            return True
        return False

    def _on_end(self, trip: RoundTrip) -> None:
        self._observer.round_trip_ended(self, trip)
