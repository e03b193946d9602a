"""A database that is reached through the proxy."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlsplit, urlunsplit

from worksample.services import Database

if TYPE_CHECKING:
    import psycopg


@dataclass(frozen=True, slots=True)
class ProxiedDatabase:
    """A `Database` that a target reaches at `address` (host, port) instead of its own address.

    All else is as in `upstream`. Worksample's own connections (`admin_url`, `connect`) go to
    `upstream` directly.
    """

    upstream: Database
    address: tuple[str, int]

    @property
    def name(self) -> str:
        """The name of the database."""
        return self.upstream.name

    @property
    def url(self) -> str:
        """The URL for the target, which leads through the proxy."""
        return self._through_wire(self.upstream.url)

    @property
    def admin_url(self) -> str:
        """The URL for Worksample's own connections, which bypass the proxy."""
        return self.upstream.admin_url

    @property
    def placeholders(self) -> dict[str, str]:
        """See `Resource`."""
        host, port = self.address
        replaced = {"postgres.url": self.url, "postgres.host": host, "postgres.port": str(port)}
        return {key: replaced.get(key, value) for key, value in self.upstream.placeholders.items()}

    @property
    def environment(self) -> dict[str, str]:
        """See `Resource`."""
        host, port = self.address
        replaced = {"DATABASE_URL": self.url, "PGHOST": host, "PGPORT": str(port)}
        return {key: replaced.get(key, value) for key, value in self.upstream.environment.items()}

    async def connect(self) -> psycopg.AsyncConnection[tuple[object, ...]]:
        """See `Database`."""
        return await self.upstream.connect()

    async def reset(self) -> None:
        """See `Database`."""
        await self.upstream.reset()

    def _through_wire(self, url: str) -> str:
        parts = urlsplit(url)
        login, at, _ = parts.netloc.rpartition("@")
        host, port = self.address
        return urlunsplit(parts._replace(netloc=f"{login}{at}{host}:{port}"))
