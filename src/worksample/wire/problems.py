"""Messages about problems with connections, each with what to do."""

from __future__ import annotations

from worksample.messages import message
from worksample.wire.connection import Connection

MAX_PROBLEMS = 50


class Problems(list[str]):
    """Distinct messages, at most 50."""

    def __init__(self) -> None:
        super().__init__()
        self._connected_without_tls = False
        self._about_tls: set[str] = set()

    def add(self, text: str) -> None:
        """Add a message unless it is in the list."""
        if text not in self and len(self) < MAX_PROBLEMS:
            self.append(text)

    def connects_without_tls(self) -> None:
        """Hear that the server uses a connection without TLS.

        One that asked for TLS and was closed is no problem then: some clients (pgx with
        sslmode=prefer) try again on a new connection.
        """
        if not self._connected_without_tls:
            self._connected_without_tls = True
            self[:] = [each for each in self if each not in self._about_tls]

    def inspect(self, connection: Connection) -> None:
        """Add a message for each problem of a closed connection.

        A declined TLS request is no problem if Worksample cut the connection, or if the server
        connects without TLS, too.
        """
        tracker = connection.tracker
        client = (
            message("the server ({client})", client=tracker.client_name)
            if tracker.client_name
            else "the server"
        )
        advice = message(tracker.advice, client=client)
        if connection.startup_done:
            self.connects_without_tls()
        if advice and tracker.declined_tls and not connection.passthrough_reason:
            if not (self._connected_without_tls or connection.was_cut):
                self.add(advice)
                self._about_tls.add(advice)
        elif advice and connection.passthrough_reason:
            self.add(advice)
        elif connection.passthrough_reason and not tracker.is_cancel_request:
            self.add(
                message(
                    "a connection of {client} was forwarded without being parsed: {reason}",
                    client=client,
                    reason=connection.passthrough_reason,
                )
            )
