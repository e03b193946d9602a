"""MySQL as a service: a new MariaDB server for each run, or databases on an external server."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from worksample.messages import message
from worksample.services.mysql.binaries import find_installation
from worksample.services.mysql.databases import PLACEHOLDERS, Database
from worksample.services.mysql.drivers import DRIVERS
from worksample.services.mysql.external import ExternalServer
from worksample.services.mysql.server import MariadbServer

__all__ = ["SERVICE", "Database", "ExternalServer", "MariadbServer"]


class _Mysql:
    """The entry of MySQL in `services()`."""

    name = "mysql"
    title = "MySQL (MariaDB)"
    placeholder_names = frozenset(f"mysql.{key}" for key in PLACEHOLDERS)
    needed_by_default = False
    drivers = DRIVERS

    @asynccontextmanager
    async def start(
        self, *, url: str = "", submission: Path | None = None
    ) -> AsyncIterator[MariadbServer | ExternalServer]:
        """See `Service`."""
        opened = ExternalServer.open(url) if url else MariadbServer.run()
        async with opened as server:
            yield server

    def describe(self) -> str:
        """See `Service`."""
        found = find_installation()
        return message("MariaDB {version} ({server})", version=found.version(), server=found.server)


SERVICE = _Mysql()
