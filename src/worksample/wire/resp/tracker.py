"""Track the protocol of one connection in both directions, without I/O.

Rules: https://valkey.io/topics/protocol/, https://valkey.io/topics/pubsub/ and
https://valkey.io/topics/transactions/.
"""

from __future__ import annotations

import re
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass

from worksample.wire.protocol import Handshake, ProtocolError
from worksample.wire.resp.commands import SUBSCRIPTIONS, Command
from worksample.wire.resp.replies import ERRORS, Message, ReplyScanner
from worksample.wire.resp.requests import CommandScanner
from worksample.wire.resp.subscriptions import Subscriptions
from worksample.wire.round_trips import Outcome, RoundTrip

KIND = "command"
MAX_QUEUED = 10_000
TLS_HANDSHAKE = 0x16
#: A fatal alert (https://www.rfc-editor.org/rfc/rfc8446#section-6): handshake_failure.
TLS_REFUSAL = b"\x15\x03\x01\x00\x02\x02\x28"
WANTS_TLS = (
    "{client} asks for an encrypted connection to Valkey (rediss://), and was refused: "
    "Worksample's Valkey runs on this machine without TLS; use the address in REDIS_URL as it is "
    "(redis://)"
)
_CODE = re.compile(rb"[A-Z][A-Z0-9_]*")


@dataclass(slots=True, eq=False)
class PendingCommand:
    """A command whose reply is not complete.

    `confirmations` counts the messages that are still to come for a subscription, 0 before the
    first one.
    """

    trip: RoundTrip
    command: Command
    arguments: int
    confirmations: int = 0


class ProtocolTracker:
    """A `Tracker`: feed `requests` and `replies` with the bytes of each side, in their order."""

    is_cancel_request = expects_client_data = False
    client_name = ""
    session_id = 0

    def __init__(
        self,
        connection: int,
        on_begin: Callable[[RoundTrip], bool],
        on_end: Callable[[RoundTrip], None],
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.requests = CommandScanner(self._begin)
        self.replies = ReplyScanner(self._message)
        self.pending: deque[PendingCommand] = deque()
        self.declined_tls = False
        self.advice = ""
        self._connection, self._on_begin, self._on_end = connection, on_begin, on_end
        self._clock = clock
        self._number = 0
        self._transaction = self._resp3 = False
        self._queued: list[Command] = []
        self._subscriptions = Subscriptions()

    @property
    def in_transaction(self) -> bool:
        """See `Tracker`."""
        return len(self.pending) > 1 or self._transaction

    @property
    def pipelined(self) -> bool:
        """See `Tracker`."""
        return len(self.pending) > 1 and not self._transaction

    @property
    def idle(self) -> bool:
        """See `Tracker`. A command that waits for an element (BLPOP) is pending meanwhile."""
        return not (self.pending or self._transaction)

    def client_handshake(self, data: bytes) -> Handshake:
        """Refuse TLS; there is no other handshake."""
        if self.declined_tls or data[0] == TLS_HANDSHAKE:
            refusal = b"" if self.declined_tls else TLS_REFUSAL
            self.declined_tls, self.advice = True, WANTS_TLS
            return Handshake(to_client=refusal)
        return Handshake(rest=data, done=True)

    def server_handshake(self, data: bytes) -> Handshake:
        """Pass on what the server says unasked: that it accepts no more connections."""
        return Handshake(rest=data, done=True)

    def lose(self) -> None:
        """See `Tracker`."""
        while self.pending:
            self._end(Outcome.LOST, self._status)

    @property
    def _status(self) -> str:
        """The transaction status, as `RoundTrip` names it."""
        return "T" if self._transaction else "I"

    def _begin(self, command: Command, arguments: int) -> bool:
        self._number += 1
        now = self._clock()
        trip = RoundTrip(self._connection, self._number, KIND, now, sent=now)
        trip.add(command)
        self.pending.append(PendingCommand(trip, command, arguments))
        return self._on_begin(trip)

    def _message(self, message: Message) -> None:
        """Handle a message of the server: the reply to the oldest command, or one unasked for."""
        pending = self.pending[0] if self.pending else None
        subscribing = pending is not None and pending.command.sql in SUBSCRIPTIONS
        listens = message.kind == b">" or (message.kind == b"*" and not self._resp3)
        if listens and self._subscriptions.confirms(message.text, subscribing=subscribing):
            self._confirmed(pending if subscribing else None, message)
        elif message.kind == b">" or (listens and self._subscriptions.delivers(message.text)):
            return
        elif pending is None:
            if message.kind not in ERRORS:
                raise ProtocolError("a reply that nobody asked for")
        else:
            self._replied(pending, message)

    def _confirmed(self, pending: PendingCommand | None, message: Message) -> None:
        """Count a confirmation; the last one that its command brings ends that."""
        kind = message.text
        if pending is not None and pending.command.sql.encode() == kind.upper():
            expected = pending.confirmations or self._subscriptions.expected(
                kind, pending.arguments
            )
            pending.confirmations = expected - 1
            self._add_size(pending, message)
            self._subscriptions.update(kind, message.number)
            if not pending.confirmations:
                pending.command.executed = True
                self._end(Outcome.ANSWERED, self._status)
        else:
            self._subscriptions.update(kind, message.number)

    def _replied(self, pending: PendingCommand, message: Message) -> None:
        before, command = self._status, pending.command
        self._add_size(pending, message)
        if message.kind in ERRORS:
            # The text of an error may repeat arguments, secrets among them.
            found = _CODE.match(message.text)
            pending.trip.error = found[0].decode() if found else "ERR"
        elif self._transaction and message.kind == b"+" and message.text == b"QUEUED":
            if len(self._queued) < MAX_QUEUED:
                self._queued.append(command)
        else:
            command.executed = True
            command.rows = pending.trip.rows = message.values
        self._follow(command.sql, message)
        self._end(Outcome.ANSWERED, before)

    def _follow(self, name: str, message: Message) -> None:
        """Note what a reply changes of the connection's state."""
        failed = message.kind in ERRORS
        if name == "MULTI" and not failed:
            self._transaction = True
        elif name in ("EXEC", "DISCARD") or (name == "RESET" and not failed):
            for each in self._queued if name == "EXEC" and message.kind == b"*" else ():
                each.executed = message.values > 0
            self._queued.clear()
            self._transaction = False
        if name == "RESET" and not failed:
            self._resp3, self._subscriptions = False, Subscriptions()
        elif name == "HELLO" and not failed:
            self._resp3 = message.kind == b"%"

    def _add_size(self, pending: PendingCommand, message: Message) -> None:
        pending.command.size += message.size
        pending.trip.size += message.size

    def _end(self, outcome: Outcome, before: str) -> None:
        trip = self.pending.popleft().trip
        trip.before, trip.outcome = before, outcome
        trip.after = self._status if outcome is Outcome.ANSWERED else ""
        trip.ended = self._clock()
        self._on_end(trip)
