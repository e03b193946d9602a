"""The interface of a service, and the discovery of services."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import AbstractAsyncContextManager
from pathlib import Path
from typing import Protocol, Self, runtime_checkable

from worksample import discovery


class Resource(Protocol):
    """The part of a service that one target uses: a database, a queue, a bucket."""

    @property
    def placeholders(self) -> Mapping[str, str]:
        """Placeholder -> value for `worksample.toml`: `<service>.host` -> `127.0.0.1`."""

    @property
    def environment(self) -> Mapping[str, str]:
        """Environment variables that every target gets, such as `DATABASE_URL`."""

    async def allow_own_tests(self) -> None:
        """Grant the target's user what a repository's own tests need beyond what a server needs.

        Raises `DatabaseError` if a database refuses that.
        """

    async def drop(self) -> None:
        """Remove it from its server, and the user that was created for it.

        Raises `DatabaseError` if a database refuses that.
        """


@runtime_checkable
class WiredResource(Resource, Protocol):
    """A resource that a target reaches by a protocol which the wire speaks.

    Labs put it behind the wire.
    """

    @property
    def protocol(self) -> str:
        """The name of its wire protocol."""

    @property
    def url(self) -> str:
        """The URL for the target."""

    def at(self, host: str, port: int) -> Self:
        """Return this resource for a target that reaches it at another address, a proxy's.

        Worksample's own connections go to it directly.
        """


class Server(Protocol):
    """A running instance of a service, on which each target gets a resource of its own."""

    async def version(self) -> str:
        """Return the version of the server."""

    async def create_resource(self) -> Resource:
        """Create an empty resource; one that checks can look into is a `Database`.

        Raises `UserError` if Worksample's user of an external server may not, and
        `ServiceUnavailable` if Worksample's own server fails.
        """


class Service(Protocol):
    """A kind of service. A module or package of `worksample.services` exports it as `SERVICE`.

    `title` is its name for people. `needed_by_default` says whether challenges need it unless a
    workspace chooses another one, so that a machine without it can check little. `drivers` are the
    packages through which programs use it, as the files that list dependencies name them.
    """

    name: str
    title: str
    placeholder_names: frozenset[str]
    needed_by_default: bool
    drivers: tuple[str, ...]

    def start(
        self, *, url: str = "", submission: Path | None = None
    ) -> AbstractAsyncContextManager[Server]:
        """Start a new instance; it is stopped and removed when the block ends.

        With `url`, use the server there instead, and remove only what was created on it.
        `submission` is the folder of the target, which may need features that it names. Raises
        `ServiceUnavailable`, and `UserError` if `url` is invalid or does not accept connections.
        """

    def describe(self) -> str:
        """Return one line about this machine's installation.

        Raises `ServiceUnavailable` if there is none.
        """


def services() -> dict[str, Service]:
    """Return name -> service for every module of `worksample.services` that exports one."""
    found = discovery.exported("worksample.services", "SERVICE", Service)
    return {each.name: each for each in found}
