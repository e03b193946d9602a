"""A database on the port at which the server expects it, where worksample.toml names one."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass

from worksample.errors import WorkspaceError
from worksample.grading.services import StartedServices
from worksample.messages import message
from worksample.sandbox.ports import is_free
from worksample.services import CopyableDatabase, Resource, first_database
from worksample.stacks import BuiltSubmission, Settings
from worksample.stacks.settings import location
from worksample.targets import Lab
from worksample.wire import Wire


@dataclass(frozen=True, slots=True)
class PlacedServices:
    """The resources of a target as it reaches them.

    If `wire` is not None, the database is reached on the fixed port of `wire`, which one copy of
    the server can use at a time.
    """

    services: StartedServices
    resources: Sequence[Resource]
    wire: Wire | None = None

    @asynccontextmanager
    async def open_lab(
        self, built: BuiltSubmission, original: CopyableDatabase | None = None
    ) -> AsyncIterator[Lab]:
        """Open a lab; meanwhile the fixed port leads to its database. See `Lab.open`."""
        servers = tuple(self.services.servers.values())
        if self.wire is None:
            async with Lab.open(built, servers, original=original) as lab:
                yield lab
            return
        self.wire.take_down(reset=False)
        try:
            async with Lab.open(built, servers, self.wire.address[1], original) as lab:
                yield lab
        finally:
            self.wire.bring_up()


@asynccontextmanager
async def placed(
    settings: Settings, services: StartedServices, resources: Sequence[Resource]
) -> AsyncIterator[PlacedServices]:
    """Put the database of `resources` on the port that `settings` name; free it at exit.

    Raises `WorkspaceError` if the run has no such database, or if the port is taken.
    """
    database = first_database(resources)
    if not settings.service_ports or database is None:
        _require_none(settings, settings.service_ports)
        yield PlacedServices(services, resources)
        return
    own = list(services.servers)[list(resources).index(database)]
    _require_none(settings, [name for name in settings.service_ports if name != own])
    port = settings.service_ports[own]
    _require_free(settings, own, port)
    async with Wire.open(database, port) as wire:
        given = [wire.database if each is database else each for each in resources]
        yield PlacedServices(services, given, wire)


def _require_none(settings: Settings, names: Iterable[str]) -> None:
    for name in names:
        raise WorkspaceError(
            message(
                "{place}: services.{name}.port: this run has no database called {name}",
                place=location(settings, ("services", name, "port")),
                name=name,
            ),
            hint="only the database of the challenge can be put on a port",
        )


def _require_free(settings: Settings, name: str, port: int) -> None:
    if not is_free(port):
        raise WorkspaceError(
            message(
                "{place}: services.{name}.port: another program listens on port {port} of this "
                "machine",
                place=location(settings, ("services", name, "port")),
                name=name,
                port=port,
            ),
            hint="stop it for the time of the check, or let the server read the port of its "
            "database from a variable (DATABASE_URL, PGPORT) and remove this line",
        )
