"""The interface of a service, and the discovery of services."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import AbstractAsyncContextManager
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from worksample import discovery

if TYPE_CHECKING:
    from worksample.services.database import DatabaseServer


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


class Service(Protocol):
    """A kind of service. A module or package of `worksample.services` exports it as `SERVICE`.

    `title` is its name for people.
    """

    name: str
    title: str
    placeholder_names: frozenset[str]

    def start(
        self, *, url: str = "", submission: Path | None = None
    ) -> AbstractAsyncContextManager[DatabaseServer]:
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
