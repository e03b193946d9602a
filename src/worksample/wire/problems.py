"""What went wrong on the wire, in words that tell what to do."""

from __future__ import annotations

from worksample.wire.connection import Connection

MAX_PROBLEMS = 50
TLS = (
    "{who} asked for an encrypted connection to the database and hung up when there was none: the "
    "database of a check is on this machine and speaks without TLS; turn it off where the server "
    "connects (libpq, asyncpg, Npgsql, JDBC: sslmode=disable; node-postgres, Sequelize, Knex: "
    "ssl: false)"
)
DIRECT_TLS = (
    "{who} began with TLS without asking (sslnegotiation=direct): the database of a check speaks "
    "without TLS; turn it off where the server connects (sslmode=disable)"
)


class Problems(list[str]):
    """Each trouble once, at most 50."""

    def add(self, text: str) -> None:
        """Add a trouble, unless it is known."""
        if text not in self and len(self) < MAX_PROBLEMS:
            self.append(text)

    def __init__(self) -> None:
        super().__init__()
        self._connected_without_tls = False

    def inspect(self, connection: Connection) -> None:
        """Note what was wrong with a connection that has ended.

        One that we ended, or whose server has done without TLS before, says nothing of TLS: it only
        had no time to begin.
        """
        name = connection.parameters.get("application_name", "")
        who = f"the server ({name})" if name else "the server"
        self._connected_without_tls = self._connected_without_tls or connection.startup_done
        if connection.declined_tls and not connection.startup_done:
            if not (self._connected_without_tls or connection.was_cut):
                self.add(TLS.format(who=who))
        elif connection.passthrough_reason and "TLS" in connection.passthrough_reason:
            self.add(DIRECT_TLS.format(who=who))
        elif connection.passthrough_reason and not connection.is_cancel_request:
            self.add(
                f"a connection of {who} was passed on without being read: {connection.passthrough_reason}"
            )
