"""Start the services of a run, and create a resource (such as a database) on each."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from worksample.catalogue import Challenge
from worksample.errors import UserError
from worksample.messages import message
from worksample.services import Resource, Server, services


@dataclass(frozen=True, slots=True)
class StartedServices:
    """The running servers by the name of their service."""

    servers: Mapping[str, Server]

    def only(self, names: Iterable[str]) -> StartedServices | None:
        """Return those called `names`, in that order; None if one of them was not started."""
        wanted = list(names)
        if not set(wanted) <= set(self.servers):
            return None
        return StartedServices({name: self.servers[name] for name in wanted})

    async def versions(self) -> dict[str, str]:
        """Return the version of each service, by its name."""
        return {name: await server.version() for name, server in self.servers.items()}

    async def create_resources(self) -> list[Resource]:
        """Create a resource on each server; it is removed with its server at the latest."""
        return [await server.create_resource() for server in self.servers.values()]


@asynccontextmanager
async def started(
    challenge: Challenge,
    names: tuple[str, ...],
    urls: Mapping[str, str],
    submission: Path | None = None,
) -> AsyncIterator[StartedServices]:
    """Start the services `names` of a challenge, or use the servers at `urls` (by name).

    Raises `BrokenChallenge`, with file and line, if the challenge names a service that does not
    exist, `UserError` for the URL of a service that is not started, and what `Service.start`
    raises.
    """
    known = services()
    challenge.require_services(known)
    if unused := sorted(set(urls) - set(names)):
        raise UserError(
            message(
                "an address is given for {unused}, but the run uses {used}",
                unused=titles(tuple(unused)),
                used=titles(names) or "no service",
            ),
            hint="leave it out, or choose the service under [services] in worksample.toml",
        )
    async with AsyncExitStack() as stack:
        servers = {
            name: await stack.enter_async_context(
                known[name].start(url=urls.get(name, ""), submission=submission)
            )
            for name in names
        }
        yield StartedServices(servers)


def titles(names: tuple[str, ...]) -> str:
    """Return the services' names for people."""
    known = services()
    return ", ".join(known[name].title if name in known else name for name in names)
