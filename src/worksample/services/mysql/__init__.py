"""MySQL as a service: a new MariaDB server for each run."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from worksample.errors import UserError
from worksample.messages import message
from worksample.services.mysql.binaries import find_installation
from worksample.services.mysql.databases import PLACEHOLDERS, Database
from worksample.services.mysql.drivers import DRIVERS
from worksample.services.mysql.server import MariadbServer

__all__ = ["SERVICE", "Database", "MariadbServer"]


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
    ) -> AsyncIterator[MariadbServer]:
        """See `Service`: only a server that Worksample starts can be used."""
        if url:
            raise UserError(
                "Worksample cannot use a MySQL server that runs already",
                hint="leave the address out: Worksample starts a MariaDB server of its own",
            )
        async with MariadbServer.run() as server:
            yield server

    def describe(self) -> str:
        """See `Service`."""
        found = find_installation()
        return message("MariaDB {version} ({server})", version=found.version(), server=found.server)


SERVICE = _Mysql()
