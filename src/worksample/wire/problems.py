"""Messages about problems with connections, each with what to do."""

from __future__ import annotations

from worksample.wire.connection import Connection

MAX_PROBLEMS = 50
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
        name = connection.parameters.get("application_name", "")
        client = f"the server ({name})" if name else "the server"
        self._connected_without_tls = self._connected_without_tls or connection.startup_done
        if connection.declined_tls and not connection.startup_done:
            if not (self._connected_without_tls or connection.was_cut):
                self.add(TLS.format(client=client))
        elif connection.passthrough_reason and "TLS" in connection.passthrough_reason:
            self.add(DIRECT_TLS.format(client=client))
        elif connection.passthrough_reason and not connection.is_cancel_request:
            self.add(
                f"a connection of {client} was forwarded without being parsed: "
                f"{connection.passthrough_reason}"
            )
