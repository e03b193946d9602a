"""The protocol of PostgreSQL 7.4 and later (3.x), as clients and servers speak it."""

from __future__ import annotations

from urllib.parse import parse_qs, urlsplit

from worksample.errors import UserError
from worksample.messages import message
from worksample.wire.postgres.normalization import normalized_sql
from worksample.wire.postgres.round_trips import Kind, SqlStatement
from worksample.wire.postgres.tracker import ProtocolTracker

__all__ = ["PROTOCOL", "Kind", "ProtocolTracker", "SqlStatement", "normalized_sql"]

HOST = "127.0.0.1"
PORT = 5432
TLS_SSL_MODES = ("require", "verify-ca", "verify-full")


class _Postgres:
    """The entry of PostgreSQL in `protocols()`."""

    name = "postgres"
    track = ProtocolTracker

    def server_address(self, url: str) -> tuple[str, int]:
        """See `WireProtocol`."""
        parts = urlsplit(url)
        if parse_qs(parts.query).get("sslmode", [""])[-1] in TLS_SSL_MODES:
            raise UserError(
                message(
                    "the database at {host} requires TLS (sslmode in its URL), which "
                    "Worksample's database proxy does not support",
                    host=parts.hostname,
                ),
                hint="name a server that accepts connections without TLS (sslmode=disable), or "
                "use the one that Worksample starts",
            )
        return parts.hostname or HOST, parts.port or PORT


PROTOCOL = _Postgres()
