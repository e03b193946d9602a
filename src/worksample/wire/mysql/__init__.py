"""The protocol of MySQL 4.1 and later and of MariaDB, as clients and servers speak it."""

from __future__ import annotations

from urllib.parse import urlsplit

from worksample.wire.mysql.statements import Kind, SqlStatement, normalized_sql
from worksample.wire.mysql.tracker import ProtocolTracker

__all__ = ["PROTOCOL", "Kind", "ProtocolTracker", "SqlStatement", "normalized_sql"]

HOST = "127.0.0.1"
PORT = 3306


class _Mysql:
    """The entry of MySQL in `protocols()`."""

    name = "mysql"
    track = ProtocolTracker

    def server_address(self, url: str) -> tuple[str, int]:
        """See `WireProtocol`."""
        parts = urlsplit(url)
        return parts.hostname or HOST, parts.port or PORT


PROTOCOL = _Mysql()
