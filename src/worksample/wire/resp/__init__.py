"""The protocol of Valkey and Redis (RESP2 and RESP3), as clients and servers speak it."""

from __future__ import annotations

from urllib.parse import urlsplit

from worksample.errors import UserError
from worksample.messages import message
from worksample.wire.resp.account import CommandTotals, commands_by_connection
from worksample.wire.resp.commands import Command
from worksample.wire.resp.tracker import ProtocolTracker

__all__ = ["PROTOCOL", "Command", "CommandTotals", "ProtocolTracker", "commands_by_connection"]

HOST = "127.0.0.1"
PORT = 6379


class _Resp:
    """The entry of RESP in `protocols()`."""

    name = "resp"
    track = ProtocolTracker

    def server_address(self, url: str) -> tuple[str, int]:
        """See `WireProtocol`."""
        parts = urlsplit(url)
        if parts.scheme == "rediss":
            raise UserError(
                message(
                    "the Valkey server at {host} requires TLS (rediss://), which Worksample's "
                    "proxy does not support",
                    host=parts.hostname,
                ),
                hint="use the server that Worksample starts",
            )
        return parts.hostname or HOST, parts.port or PORT


PROTOCOL = _Resp()
