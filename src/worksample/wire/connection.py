"""A client and the connection to PostgreSQL that we have in its place, one passed to the other."""

from __future__ import annotations

import socket
import time
from typing import Protocol

from worksample.wire.framing import ProtocolError
from worksample.wire.round_trips import RoundTrip
from worksample.wire.startup import StartupKind, StartupPacket, read_startup_packet
from worksample.wire.tracker import ProtocolTracker
from worksample.wire.transport import Transport

MAX_HELD_BYTES = 256 * 1024


class Observer(Protocol):
    """Who is told what passes."""

    def round_trip_started(self, connection: Connection, trip: RoundTrip) -> bool:
        """A round trip begins; True holds it."""

    def round_trip_ended(self, connection: Connection, trip: RoundTrip) -> None:
        """A round trip is over."""

    def connection_closed(self, connection: Connection) -> None:
        """The connection is gone."""


class Connection:
    """One client and its PostgreSQL process.

    `number` counts connections from 1; `parameters` are those of its startup (user, database,
    application_name). `replies_withheld` lets no answer pass and nothing new begin, `was_cut` says that we have
    cut it. `is_cancel_request` says that it is a cancel request, which has a connection of its own; `passthrough_reason`
    says why it is passed on without being followed ("" if it is followed). `declined_tls` says that
    encryption was asked for and declined.
    """

    def __init__(
        self, number: int, client: socket.socket, server: socket.socket, observer: Observer
    ) -> None:
        self.number = number
        self.parameters: dict[str, str] = {}
        self.passthrough_reason = ""
        self.declined_tls = self.startup_done = self.closed = False
        self.is_cancel_request = self.replies_withheld = self.was_cut = False
        self.held: RoundTrip | None = None
        self.tracker = ProtocolTracker(number, self._on_begin, self._on_end)
        self._observer = observer
        self._client, self._server = Transport(client, self), Transport(server, self)
        self._rest, self._seen = b"", 0
        self._back = b""

    @property
    def pid(self) -> int:
        """The process id of its PostgreSQL process, 0 while it is not known."""
        return self.tracker.backend.pid

    @property
    def in_transaction(self) -> bool:
        """Whether the round trip that begins now goes on with what began before it."""
        state = self.tracker.state
        return (
            len(state.pending) > 1 or state.transaction_status in ("T", "E") or state.awaiting_sync
        )

    @property
    def pipelined(self) -> bool:
        """Whether all that joins it to what began before is that this is not yet answered."""
        state = self.tracker.state
        return (
            len(state.pending) > 1 and state.transaction_status == "I" and not state.awaiting_sync
        )

    @property
    def idle(self) -> bool:
        """Whether nothing is asked on it and no transaction is open."""
        state = self.tracker.state
        return (
            not state.pending
            and state.transaction_status not in ("T", "E")
            and not state.awaiting_sync
        )

    @property
    def awaiting_reply(self) -> bool:
        """Whether PostgreSQL has something to answer on it."""
        pending = self.tracker.state.pending
        return bool(pending) and pending[0].trip is not self.held

    def begin(self) -> None:
        """Start to pass on."""
        self._client.resume("begin")
        self._server.resume("begin")

    def release(self) -> None:
        """Send what is held, and go on."""
        if self.held is None or self.closed:
            return
        self.held.sent, self.held = time.monotonic(), None
        self._client.resume("held")
        self._forward()

    def cut(self, *, reset: bool) -> None:
        """End both sides at once, as a broken network does: with RST, or with FIN."""
        self.was_cut = True
        self._close(reset)

    def data_received(self, transport: Transport, data: bytes) -> None:
        """Take what one side sent."""
        if not data:
            self._received_eof(transport)
        elif transport is self._server:
            self._from_server(data)
        elif self.passthrough_reason:
            self._server.write(data)
        else:
            self._from_client(data)

    def connection_lost(self, transport: Transport) -> None:
        """One side is gone: so is the other."""
        self._close(reset=True)

    def set_backpressure(self, transport: Transport, full: bool) -> None:
        """Do not read faster than the other side takes."""
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
            self._read_startup()

    def _read_startup(self) -> None:
        """Read the packets that come before the talk."""
        opening = read_startup_packet(self._rest)
        if opening.kind is StartupKind.ENCRYPTION:
            self.declined_tls = True
            self._client.write(b"N")
            self._rest = self._rest[opening.length :]
            self._read_startup()
        elif opening.kind is not StartupKind.INCOMPLETE:
            self._startup_read(opening)

    def _startup_read(self, opening: StartupPacket) -> None:
        self.startup_done, self.parameters = True, opening.parameters
        if opening.kind is StartupKind.STARTUP:
            self._server.write(self._rest[: opening.length])
            self._rest = self._rest[opening.length :]
            self._forward()
        else:
            self.is_cancel_request = opening.kind is StartupKind.CANCEL
            self._pass_through(opening.reason or "it is a cancel request")

    def _forward(self) -> None:
        """Pass on what may pass of what the client sent."""
        data = self._rest
        framer = self.tracker.frontend.framer
        try:
            at = framer.scan(data, self._seen)
        except ProtocolError as odd:
            self._pass_through(str(odd))
            return
        upto = framer.stopped if framer.stopped >= 0 else at
        self._rest, self._seen = data[upto:], at - upto
        self._server.write(data[:upto])

    def _from_server(self, data: bytes) -> None:
        """Pass on what PostgreSQL sent, and note it."""
        if not self.replies_withheld:
            self._client.write(data)
        if not self.passthrough_reason:
            whole = self._back + data if self._back else data
            try:
                at = self.tracker.backend.framer.scan(whole)
                self._back = whole[at:]
            except ProtocolError as odd:
                self._pass_through(str(odd))
            if self.replies_withheld and self.tracker.backend.wants_data:
                self._close(reset=True)  # nobody tells the client to send what is waited for

    def _pass_through(self, reason: str) -> None:
        """Follow no further: from now on bytes are bytes."""
        self.passthrough_reason = reason
        self.tracker.lose()
        self._server.write(self._rest)
        self._rest = self._back = b""

    def _received_eof(self, transport: Transport) -> None:
        """One side has said its last: tell the other, and end when both have."""
        held = self.held is not None or self.replies_withheld
        if transport is self._client and held:
            self._close(reset=False)
            return
        other = self._server if transport is self._client else self._client
        if transport is self._client and self._rest:
            self._server.write(self._rest)
        other.write_eof()

    def write_finished(self, transport: Transport) -> None:
        """End when both sides have said their last."""
        if all(each.heard and each.farewelled for each in (self._client, self._server)):
            self._close(reset=False)

    def _close(self, reset: bool) -> None:
        if self.closed:
            return
        self.closed = True
        self._client.close(reset=reset)
        self._server.close(reset=reset)
        self._rest = self._back = b""
        self.tracker.lose()
        self._observer.connection_closed(self)

    def _on_begin(self, trip: RoundTrip) -> bool:
        if self.replies_withheld or self._observer.round_trip_started(self, trip):
            self.held, trip.sent = trip, 0.0
            return True
        return False

    def _on_end(self, trip: RoundTrip) -> None:
        self._observer.round_trip_ended(self, trip)
