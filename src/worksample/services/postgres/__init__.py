"""PostgreSQL as a service: a new server for each run, or databases on an external one."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from worksample.messages import message
from worksample.services.postgres.binaries import choose_installation
from worksample.services.postgres.databases import PLACEHOLDERS, Database
from worksample.services.postgres.drivers import DRIVERS
from worksample.services.postgres.extensions import required_extensions
from worksample.services.postgres.server import ManagedPostgres, PostgresServer

__all__ = ["SERVICE", "Database", "ManagedPostgres", "PostgresServer", "required_extensions"]


class _Postgres:
    """The entry of PostgreSQL in `services()`."""

    name = "postgres"
    title = "PostgreSQL"
    placeholder_names = frozenset(f"postgres.{key}" for key in PLACEHOLDERS)
    needed_by_default = True
    drivers = DRIVERS

    @asynccontextmanager
    async def start(
        self, *, url: str = "", submission: Path | None = None
    ) -> AsyncIterator[PostgresServer]:
        """See `Service`: the installation that has most of the required extensions is chosen."""
        extensions = required_extensions(submission) if submission else ()
        async with PostgresServer.start(url=url or None, extensions=extensions) as server:
            yield server

    def describe(self) -> str:
        """See `Service`."""
        found = choose_installation()
        return message(
            "PostgreSQL {version} from {source} ({folder})",
            version=found.version(),
            source=found.source,
            folder=found.bin,
        )


SERVICE = _Postgres()
