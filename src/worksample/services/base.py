"""What every service offers, and how services are found."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Mapping
from contextlib import AbstractAsyncContextManager
from pathlib import Path
from typing import TYPE_CHECKING, Protocol, runtime_checkable

if TYPE_CHECKING:
    import psycopg


class Resource(Protocol):
    """A part of a service that belongs to one target: a database, a queue, a bucket."""

    @property
    def placeholders(self) -> Mapping[str, str]:
        """What `worksample.toml` may name: `postgres.host` -> `127.0.0.1`."""

    @property
    def environment(self) -> Mapping[str, str]:
        """What a target gets without asking: `DATABASE_URL` and its like."""


class Database(Resource, Protocol):
    """A database of one target's own, into which we can look."""

    @property
    def name(self) -> str:
        """What the database is called."""

    @property
    def url(self) -> str:
        """The address that the target uses."""

    @property
    def admin_url(self) -> str:
        """The address with which we look into it ourselves."""

    async def connect(self) -> psycopg.AsyncConnection[tuple[object, ...]]:
        """Open a connection of our own, in autocommit mode."""

    async def reset(self) -> None:
        """Make it empty again; whoever is connected is disconnected."""


@runtime_checkable
class Service(Protocol):
    """A kind of service. A module of this folder that has a `SERVICE` of this kind is one."""

    name: str
    placeholder_names: frozenset[str]

    def start(self) -> AbstractAsyncContextManager[object]:
        """Start a fresh instance; it is stopped and gone when the block ends."""

    def describe(self) -> str:
        """Say in a line what this machine has for it; raise `ServiceUnavailable` for nothing."""


def services() -> dict[str, Service]:
    """Return name -> service for every module here that offers one."""
    found: dict[str, Service] = {}
    for module in pkgutil.iter_modules([str(Path(__file__).parent)]):
        if not module.ispkg and module.name != "base":
            loaded = importlib.import_module(f"worksample.services.{module.name}")
            if isinstance(service := getattr(loaded, "SERVICE", None), Service):
                found[service.name] = service
    return found
