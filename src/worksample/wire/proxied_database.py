"""A database whose address is that of the wire."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlsplit, urlunsplit

from worksample.services import Database

if TYPE_CHECKING:
    import psycopg


@dataclass(frozen=True, slots=True)
class ProxiedDatabase:
    """A `Database` that a target reaches at `address` (host, port) rather than where it is.

    Everything else is as `upstream` says; what we do ourselves does not pass the wire.
    """

    upstream: Database
    address: tuple[str, int]

    @property
    def name(self) -> str:
        """What the database is called."""
        return self.upstream.name

    @property
    def url(self) -> str:
        """The address that the target uses: that of the wire."""
        return self._through_wire(self.upstream.url)

    @property
    def admin_url(self) -> str:
        """The address with which we look into it ourselves: not that of the wire."""
        return self.upstream.admin_url

    @property
    def placeholders(self) -> dict[str, str]:
        """What `worksample.toml` may name."""
        host, port = self.address
        replaced = {"postgres.url": self.url, "postgres.host": host, "postgres.port": str(port)}
        return {key: replaced.get(key, value) for key, value in self.upstream.placeholders.items()}

    @property
    def environment(self) -> dict[str, str]:
        """What a target gets without asking."""
        host, port = self.address
        replaced = {"DATABASE_URL": self.url, "PGHOST": host, "PGPORT": str(port)}
        return {key: replaced.get(key, value) for key, value in self.upstream.environment.items()}

    async def connect(self) -> psycopg.AsyncConnection[tuple[object, ...]]:
        """Open a connection of our own, in autocommit mode."""
        return await self.upstream.connect()

    async def reset(self) -> None:
        """Make it empty again; whoever is connected is disconnected."""
        await self.upstream.reset()

    def _through_wire(self, url: str) -> str:
        parts = urlsplit(url)
        who, at, _ = parts.netloc.rpartition("@")
        host, port = self.address
        return urlunsplit(parts._replace(netloc=f"{who}{at}{host}:{port}"))
