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

    def add(self, text: str) -> None:
        """Add a message unless it is in the list."""
        if text not in self and len(self) < MAX_PROBLEMS:
            self.append(text)

    def inspect(self, connection: Connection) -> None:
        """Add a message for each problem of a closed connection.

        A declined TLS request is no problem if Worksample cut the connection, or if the server has
        connected without TLS before: then the client merely had no time to continue.
        """
        tracker = connection.tracker
        client = (
            message("the server ({client})", client=tracker.client_name)
            if tracker.client_name
            else "the server"
        )
        advice = message(tracker.advice, client=client)
        self._connected_without_tls = self._connected_without_tls or connection.startup_done
        if advice and tracker.declined_tls and not connection.passthrough_reason:
            if not (self._connected_without_tls or connection.was_cut):
                self.add(advice)
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
