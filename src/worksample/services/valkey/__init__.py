"""Valkey as a service, for servers that use Redis: a new, empty server for each target."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from worksample.errors import UserError
from worksample.messages import message
from worksample.services.valkey.binaries import find_server, version
from worksample.services.valkey.drivers import DRIVERS
from worksample.services.valkey.server import PLACEHOLDERS, ValkeyServers, ValkeyStore

__all__ = ["SERVICE", "ValkeyServers", "ValkeyStore"]


class _Valkey:
    """The entry of Valkey in `services()`."""

    name = "valkey"
    title = "Valkey (Redis)"
    placeholder_names = frozenset(f"valkey.{key}" for key in PLACEHOLDERS)
    needed_by_default = False
    drivers = DRIVERS

    @asynccontextmanager
    async def start(
        self, *, url: str = "", submission: Path | None = None
    ) -> AsyncIterator[ValkeyServers]:
        """See `Service`: only servers that Worksample starts can be used."""
        if url:
            raise UserError(
                "Worksample cannot use a Valkey or Redis server that runs already",
                hint="leave the address out: Worksample starts a Valkey server of its own",
            )
        async with ValkeyServers.open() as servers:
            yield servers

    def describe(self) -> str:
        """See `Service`."""
        program = find_server()
        return message("{version} ({server})", version=version(program), server=program)


SERVICE = _Valkey()
