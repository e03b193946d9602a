"""Track the protocol of one connection in both directions, without I/O.

Rules: https://www.postgresql.org/docs/current/protocol-flow.html and
https://www.postgresql.org/docs/current/protocol-message-formats.html.
"""

from __future__ import annotations

import time
from collections.abc import Callable

from worksample.wire.postgres.backend import BackendParser
from worksample.wire.postgres.frontend import FrontendParser
from worksample.wire.postgres.protocol_state import ProtocolState
from worksample.wire.postgres.startup import StartupKind, read_startup_packet
from worksample.wire.protocol import Handshake
from worksample.wire.round_trips import RoundTrip

TLS = (
    "{client} requested an encrypted connection to the database and disconnected when it was "
    "declined: Worksample's database runs on this machine without TLS; turn TLS off in the "
    "server's connection settings (libpq, asyncpg, Npgsql, JDBC: sslmode=disable; node-postgres, "
    "Sequelize, Knex: ssl: false)"
)
DIRECT_TLS = (
    "{client} started a TLS handshake with the database (sslnegotiation=direct): Worksample's "
    "database runs without TLS; turn TLS off in the server's connection settings (sslmode=disable)"
)
IN_TRANSACTION = ("T", "E")


class ProtocolTracker:
    """A `Tracker`: feed `requests` and `replies` with the bytes of each side, in their order.

    `parameters` are those of the startup message (user, database, application_name).
    """

    def __init__(
        self,
        connection: int,
        on_begin: Callable[[RoundTrip], bool],
        on_end: Callable[[RoundTrip], None],
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.parameters: dict[str, str] = {}
        self.declined_tls = self.is_cancel_request = False
        self.advice = ""
        self.state = ProtocolState(connection, on_end, clock)
        self.frontend = FrontendParser(self.state, on_begin)
        self.backend = BackendParser(self.state, self.frontend.names)
        self.requests, self.replies = self.frontend.framer, self.backend.framer
        self.pending = self.state.pending

    @property
    def session_id(self) -> int:
        """The process id of the backend, 0 while it is unknown."""
        return self.backend.pid

    @property
    def client_name(self) -> str:
        """See `Tracker`."""
        return self.parameters.get("application_name", "")

    @property
    def in_transaction(self) -> bool:
        """See `Tracker`."""
        state = self.state
        return (
            len(state.pending) > 1
            or state.transaction_status in IN_TRANSACTION
            or state.awaiting_sync
        )

    @property
    def pipelined(self) -> bool:
        """See `Tracker`."""
        state = self.state
        return (
            len(state.pending) > 1 and state.transaction_status == "I" and not state.awaiting_sync
        )

    @property
    def idle(self) -> bool:
        """See `Tracker`."""
        state = self.state
        return not (
            state.pending or state.transaction_status in IN_TRANSACTION or state.awaiting_sync
        )

    @property
    def expects_client_data(self) -> bool:
        """Whether a COPY waits for the client, which sends its data after CopyInResponse."""
        return self.backend.expects_copy_data

    def client_handshake(self, data: bytes) -> Handshake:
        """Decline encryption, and read the startup message, which ends the handshake."""
        declined = b""
        packet = read_startup_packet(data)
        while packet.kind is StartupKind.ENCRYPTION:
            self.declined_tls, self.advice = True, TLS
            declined += b"N"
            data = data[packet.length :]
            packet = read_startup_packet(data)
        if packet.kind is StartupKind.INCOMPLETE:
            return Handshake(to_client=declined, rest=data)
        self.parameters = packet.parameters
        self.advice = DIRECT_TLS if packet.kind is StartupKind.DIRECT_TLS else ""
        if packet.kind is StartupKind.STARTUP:
            return Handshake(data[: packet.length], declined, data[packet.length :], done=True)
        self.is_cancel_request = packet.kind is StartupKind.CANCEL
        reason = packet.reason or "it is a cancel request"
        return Handshake(to_client=declined, rest=data, passthrough_reason=reason)

    def server_handshake(self, data: bytes) -> Handshake:
        """Forward what the server sends unasked; it answers the startup message only."""
        return Handshake(to_client=data)

    def lose(self) -> None:
        """See `Tracker`."""
        self.state.lose()
