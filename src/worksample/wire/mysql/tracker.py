"""Track the protocol of one connection in both directions, without I/O.

Rules: https://mariadb.com/kb/en/clientserver-protocol/ and
https://dev.mysql.com/doc/dev/mysql-server/latest/PAGE_PROTOCOL.html.
"""

from __future__ import annotations

import time
from collections.abc import Callable

from worksample.wire.mysql.capabilities import DECLINED, TLS, declining_greeting, declining_response
from worksample.wire.mysql.framing import HEADER_SIZE, whole_packets
from worksample.wire.mysql.protocol_state import ProtocolState
from worksample.wire.mysql.replies import ERROR, OK, ReplyParser
from worksample.wire.mysql.requests import RequestParser
from worksample.wire.protocol import Handshake, ProtocolError
from worksample.wire.round_trips import RoundTrip

WANTS_TLS = (
    "{client} disconnected from the database as soon as it was greeted, as a client does that "
    "requires an encrypted connection: Worksample's database runs on this machine without TLS; "
    "turn TLS off in the server's connection settings (mysql2: leave out ssl; PyMySQL, "
    "mysqlclient: ssl_mode DISABLED; Connector/J: sslMode=DISABLED; go-sql-driver: tls=false; "
    ".NET: SslMode=None)"
)
ENCRYPTS = "it asks for encryption although the database does not offer that"
COMPRESSES = "it compresses its traffic although the database does not offer that"


class ProtocolTracker:
    """A `Tracker`: feed `requests` and `replies` with the bytes of each side, in their order."""

    is_cancel_request = expects_client_data = False
    client_name = ""

    def __init__(
        self,
        connection: int,
        on_begin: Callable[[RoundTrip], bool],
        on_end: Callable[[RoundTrip], None],
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.session_id = 0
        self.declined_tls = False
        self.advice = ""
        self.state = ProtocolState(connection, on_end, clock)
        self.requests = RequestParser(self.state, on_begin).framer
        self.replies = ReplyParser(self.state).framer
        self.pending = self.state.pending
        self._answered = False

    @property
    def in_transaction(self) -> bool:
        """See `Tracker`."""
        return len(self.pending) > 1 or bool(self.state.in_transaction)

    @property
    def pipelined(self) -> bool:
        """See `Tracker`."""
        return len(self.pending) > 1 and not self.state.in_transaction

    @property
    def idle(self) -> bool:
        """See `Tracker`."""
        return not (self.pending or self.state.in_transaction)

    def client_handshake(self, data: bytes) -> Handshake:
        """Forward what the client sends to log in; its first packet without what is declined."""
        packets, rest = whole_packets(data)
        if not packets or self._answered:
            return Handshake(to_server=b"".join(packets), rest=rest)
        response, wanted = declining_response(packets[0])
        sent = response + b"".join(packets[1:])
        self._answered = True
        self.declined_tls, self.advice = False, WANTS_TLS if wanted & TLS else ""
        if wanted & DECLINED:
            reason = ENCRYPTS if wanted & TLS else COMPRESSES
            return Handshake(sent, rest=rest, passthrough_reason=reason)
        self.state.capabilities &= wanted
        return Handshake(sent, rest=rest)

    def server_handshake(self, data: bytes) -> Handshake:
        """Forward the greeting without what is declined, and the dialogue until the login."""
        packets, rest = whole_packets(data)
        sent = b""
        for index, packet in enumerate(packets):
            kind = packet[HEADER_SIZE : HEADER_SIZE + 1]
            if not self.session_id and kind != bytes([ERROR]):
                try:
                    packet = self._greeting(packet)
                except ProtocolError as error:
                    unread = b"".join(packets[index:])
                    return Handshake(
                        to_client=sent, rest=unread + rest, passthrough_reason=str(error)
                    )
            elif self._answered and kind == bytes([OK]):
                self.state.in_transaction = False
                after = b"".join(packets[index + 1 :])
                return Handshake(to_client=sent + packet, rest=after + rest, done=True)
            sent += packet
        return Handshake(to_client=sent, rest=rest)

    def _greeting(self, packet: bytes) -> bytes:
        edited, self.state.capabilities, self.session_id = declining_greeting(packet)
        self.declined_tls, self.advice = True, WANTS_TLS
        return edited

    def lose(self) -> None:
        """See `Tracker`."""
        self.state.lose()
