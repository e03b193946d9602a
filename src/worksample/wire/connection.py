"""A client and the connection to PostgreSQL that we have in its place, one passed to the other."""

from __future__ import annotations

import socket
import time
from typing import Protocol

from worksample.wire.conversation import Conversation
from worksample.wire.ends import End
from worksample.wire.framing import NotUnderstood
from worksample.wire.startup import Opening, Wish, read_opening
from worksample.wire.trips import RoundTrip

MOST_HELD = 256 * 1024


class Observer(Protocol):
    """Who is told what passes."""

    def opens(self, connection: Connection, trip: RoundTrip) -> bool:
        """A round trip begins; True holds it."""

    def closes(self, connection: Connection, trip: RoundTrip) -> None:
        """A round trip is over."""

    def ended(self, connection: Connection) -> None:
        """The connection is gone."""


class Connection:
    """One client and its PostgreSQL process.

    `number` counts connections from 1; `parameters` are those of its startup (user, database,
    application_name). `mute` lets no answer pass and nothing new begin, `severed` says that we have
    cut it. `cancels` says that it is a cancel request, which has a connection of its own; `blind`
    says why it is passed on without being followed ("" if it is followed). `refused_tls` says that
    encryption was asked for and declined.
    """

    def __init__(
        self, number: int, client: socket.socket, server: socket.socket, observer: Observer
    ) -> None:
        self.number = number
        self.parameters: dict[str, str] = {}
        self.blind = ""
        self.refused_tls = self.talking = self.closed = False
        self.cancels = self.mute = self.severed = False
        self.held: RoundTrip | None = None
        self.talk = Conversation(number, self._opens, self._closes)
        self._observer = observer
        self._client, self._server = End(client, self), End(server, self)
        self._rest, self._seen = b"", 0
        self._back = b""

    @property
    def pid(self) -> int:
        """The process id of its PostgreSQL process, 0 while it is not known."""
        return self.talk.answering.pid

    @property
    def in_transaction(self) -> bool:
        """Whether the round trip that begins now goes on with what began before it."""
        legs = self.talk.legs
        return len(legs.pending) > 1 or legs.state in ("T", "E") or legs.unsynced

    @property
    def pipelined(self) -> bool:
        """Whether all that joins it to what began before is that this is not yet answered."""
        legs = self.talk.legs
        return len(legs.pending) > 1 and legs.state == "I" and not legs.unsynced

    @property
    def idle(self) -> bool:
        """Whether nothing is asked on it and no transaction is open."""
        legs = self.talk.legs
        return not legs.pending and legs.state not in ("T", "E") and not legs.unsynced

    @property
    def asking(self) -> bool:
        """Whether PostgreSQL has something to answer on it."""
        pending = self.talk.legs.pending
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
        self._follow()

    def cut(self, *, reset: bool) -> None:
        """End both sides at once, as a broken network does: with RST, or with FIN."""
        self.severed = True
        self._close(reset)

    def received(self, end: End, data: bytes) -> None:
        """Take what one side sent."""
        if not data:
            self._farewell(end)
        elif end is self._server:
            self._answer(data)
        elif self.blind:
            self._server.write(data)
        else:
            self._ask(data)

    def lost(self, end: End) -> None:
        """One side is gone: so is the other."""
        self._close(reset=True)

    def full(self, end: End, full: bool) -> None:
        """Do not read faster than the other side takes."""
        other = self._server if end is self._client else self._client
        if full:
            other.pause("full")
        else:
            other.resume("full")

    def _ask(self, data: bytes) -> None:
        self._rest = self._rest + data if self._rest else data
        if self.held is not None:
            if len(self._rest) > MOST_HELD:
                self._client.pause("held")
        elif self.talking:
            self._follow()
        else:
            self._greet()

    def _greet(self) -> None:
        """Read the packets that come before the talk."""
        opening = read_opening(self._rest)
        if opening.wish is Wish.ENCRYPT:
            self.refused_tls = True
            self._client.write(b"N")
            self._rest = self._rest[opening.length :]
            self._greet()
        elif opening.wish is not Wish.MORE:
            self._greeted(opening)

    def _greeted(self, opening: Opening) -> None:
        self.talking, self.parameters = True, opening.parameters
        if opening.wish is Wish.TALK:
            self._server.write(self._rest[: opening.length])
            self._rest = self._rest[opening.length :]
            self._follow()
        else:
            self.cancels = opening.wish is Wish.CANCEL
            self._go_blind(opening.why or "it is a cancel request")

    def _follow(self) -> None:
        """Pass on what may pass of what the client sent."""
        data = self._rest
        framer = self.talk.asking.framer
        try:
            at = framer.scan(data, self._seen)
        except NotUnderstood as odd:
            self._go_blind(str(odd))
            return
        upto = framer.stopped if framer.stopped >= 0 else at
        self._rest, self._seen = data[upto:], at - upto
        self._server.write(data[:upto])

    def _answer(self, data: bytes) -> None:
        """Pass on what PostgreSQL sent, and note it."""
        if not self.mute:
            self._client.write(data)
        if not self.blind:
            whole = self._back + data if self._back else data
            try:
                at = self.talk.answering.framer.scan(whole)
                self._back = whole[at:]
            except NotUnderstood as odd:
                self._go_blind(str(odd))
            if self.mute and self.talk.answering.wants_data:
                self._close(reset=True)  # nobody tells the client to send what is waited for

    def _go_blind(self, why: str) -> None:
        """Follow no further: from now on bytes are bytes."""
        self.blind = why
        self.talk.lose()
        self._server.write(self._rest)
        self._rest = self._back = b""

    def _farewell(self, end: End) -> None:
        """One side has said its last: tell the other, and end when both have."""
        held = self.held is not None or self.mute
        if end is self._client and held:
            self._close(reset=False)
            return
        other = self._server if end is self._client else self._client
        if end is self._client and self._rest:
            self._server.write(self._rest)
        other.finish()

    def said(self, end: End) -> None:
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
        self.talk.lose()
        self._observer.ended(self)

    def _opens(self, trip: RoundTrip) -> bool:
        if self.mute or self._observer.opens(self, trip):
            self.held, trip.sent = trip, 0.0
            return True
        return False

    def _closes(self, trip: RoundTrip) -> None:
        self._observer.closes(self, trip)
