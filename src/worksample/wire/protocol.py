"""The interface of a wire protocol, and the discovery of protocols.

A protocol is a package (or module) of `worksample.wire` that exports `PROTOCOL`. It parses;
sockets, faults and traces are the same for all.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

from worksample import discovery
from worksample.errors import InternalError
from worksample.messages import message
from worksample.wire.round_trips import RoundTrip


class ProtocolError(Exception):
    """The bytes are not valid in the protocol; forward them without parsing."""


class Scanner(Protocol):
    """Parses the messages of one direction, once the handshake is done."""

    @property
    def stopped(self) -> int:
        """The position of the message before which the last scan stopped, -1 if it did not stop."""

    def scan(self, data: bytes, at: int = 0) -> int:
        """Scan from `at` and return the position up to which `data` is consumed.

        The rest is the beginning of a message; it is passed again at the beginning of the next
        chunk. Raises `ProtocolError`.
        """


@dataclass(frozen=True, slots=True)
class Handshake:
    """What to do with the bytes of one side that arrived before the handshake was done.

    Send `to_server` and `to_client`, and keep `rest`, to which the next bytes of that side are
    added. `done` ends the handshake: from then on both directions are scanned. So does a
    `passthrough_reason`, but then the connection is forwarded without being parsed.
    """

    to_server: bytes = b""
    to_client: bytes = b""
    rest: bytes = b""
    done: bool = False
    passthrough_reason: str = ""


class Pending(Protocol):
    """A round trip whose reply is not complete."""

    @property
    def trip(self) -> RoundTrip:
        """The round trip."""


class Tracker(Protocol):
    """Tracks the protocol of one connection in both directions, without I/O."""

    @property
    def requests(self) -> Scanner:
        """Scans what the client sends; it stops before a round trip that is to be held."""

    @property
    def replies(self) -> Scanner:
        """Scans what the server sends."""

    @property
    def pending(self) -> Sequence[Pending]:
        """The round trips whose replies are outstanding, oldest first."""

    @property
    def declined_tls(self) -> bool:
        """Whether the handshake declined a request for encryption."""

    @property
    def is_cancel_request(self) -> bool:
        """Whether the connection only asks to cancel a statement of another one."""

    @property
    def advice(self) -> str:
        """What to tell a user whose server does not come through the handshake, "" if nothing.

        `{client}` in it stands for the client.
        """

    @property
    def session_id(self) -> int:
        """The number by which the database knows the connection, 0 while it is unknown."""

    @property
    def client_name(self) -> str:
        """The name that the client gives itself, "" if none."""

    @property
    def in_transaction(self) -> bool:
        """Whether the round trip that begins now continues an open transaction or a pipeline."""

    @property
    def pipelined(self) -> bool:
        """Whether `in_transaction` is True only because earlier round trips await their replies."""

    @property
    def idle(self) -> bool:
        """Whether no round trip is pending and no transaction is open."""

    @property
    def expects_client_data(self) -> bool:
        """Whether a reply asked the client for data: without it, the client would send none."""

    def client_handshake(self, data: bytes) -> Handshake:
        """Handle what the client sent before the handshake is done."""

    def server_handshake(self, data: bytes) -> Handshake:
        """Handle what the server sent before the handshake is done."""

    def lose(self) -> None:
        """End all pending round trips: the connection is closed or no longer parsed."""


class WireProtocol(Protocol):
    """The protocol in which a client and a database talk."""

    name: str

    def server_address(self, url: str) -> tuple[str, int]:
        """Return host and port of the database at `url`. Raises `UserError` if it requires TLS."""

    def track(
        self,
        connection: int,
        on_begin: Callable[[RoundTrip], bool],
        on_end: Callable[[RoundTrip], None],
    ) -> Tracker:
        """Return a tracker for a new connection.

        It calls `on_begin(trip)` when a round trip begins, with its first statement in
        `trip.statements`; if that returns True, the round trip is held. It calls `on_end(trip)`
        when the reply is complete or can no longer arrive.
        """


def protocols() -> dict[str, WireProtocol]:
    """Return name -> protocol for every module of `worksample.wire` that exports one."""
    found = discovery.exported("worksample.wire", "PROTOCOL", WireProtocol)
    return {each.name: each for each in found}


def protocol_named(name: str) -> WireProtocol:
    """Return the protocol called `name`. Raises `InternalError` if there is none."""
    if name not in (known := protocols()):
        raise InternalError(
            message("no wire protocol is called {name}", name=name),
            hint=message(
                "known are: {known}; a protocol is a package of worksample.wire",
                known=", ".join(known),
            ),
        )
    return known[name]
