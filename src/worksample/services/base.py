"""The interface of a service, and the discovery of services."""

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
    """The part of a service that one target uses: a database, a queue, a bucket."""

    @property
    def placeholders(self) -> Mapping[str, str]:
        """Placeholder -> value for `worksample.toml`: `postgres.host` -> `127.0.0.1`."""

    @property
    def environment(self) -> Mapping[str, str]:
        """Environment variables that every target gets, such as `DATABASE_URL`."""


class Database(Resource, Protocol):
    """A database for one target, which Worksample can query too."""

    @property
    def name(self) -> str:
        """The name of the database."""

    @property
    def url(self) -> str:
        """The URL for the target."""

    @property
    def admin_url(self) -> str:
        """The URL for Worksample's own connections, with administrator rights."""

    async def connect(self) -> psycopg.AsyncConnection[tuple[object, ...]]:
        """Open a connection as administrator, in autocommit mode."""

    async def reset(self) -> None:
        """Drop and recreate the database; open connections are terminated."""


@runtime_checkable
class Service(Protocol):
    """A kind of service. Each module of this package that defines one exports it as `SERVICE`."""

    name: str
    placeholder_names: frozenset[str]

    def start(self) -> AbstractAsyncContextManager[object]:
        """Start a new instance; it is stopped and removed when the block ends."""

    def describe(self) -> str:
        """Return one line about this machine's installation.

        Raises `ServiceUnavailable` if there is none.
        """


def services() -> dict[str, Service]:
    """Return name -> service for every module of this package that exports one."""
    found: dict[str, Service] = {}
    for module in pkgutil.iter_modules([str(Path(__file__).parent)]):
        if not module.ispkg and module.name != "base":
            loaded = importlib.import_module(f"worksample.services.{module.name}")
            if isinstance(service := getattr(loaded, "SERVICE", None), Service):
                found[service.name] = service
    return found
