"""A server that runs already: it answers requests but cannot be controlled."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar
from urllib.parse import urlsplit

from worksample.errors import ServerAddressError
from worksample.messages import message
from worksample.sandbox import LogFile
from worksample.services import Resource
from worksample.targets.readiness import probe

PROBE_TIMEOUT = 10.0


@dataclass(frozen=True, slots=True)
class ExternalTarget:
    """A running server, known only by its URL; `base_url` has no trailing slash."""

    base_url: str
    controllable: ClassVar[bool] = False
    alive: ClassVar[bool] = True
    exit_description: ClassVar[str] = ""
    starts: ClassVar[int] = 1
    resources: ClassVar[Sequence[Resource]] = ()
    log: ClassVar[LogFile] = LogFile(Path(os.devnull))

    @classmethod
    @asynccontextmanager
    async def open(cls, url: str, *, ready: str = "/") -> AsyncIterator[ExternalTarget]:
        """Yield the server at `url` (http://host:port[/path]) once it has answered.

        Its process is unknown, so `alive` is always true and the log is always empty. Raises
        `ServerAddressError` if the URL is invalid or no server answers there.
        """
        try:
            parts = urlsplit(url)
            port = parts.port or 80
        except ValueError as error:
            raise ServerAddressError(message("{url}: {error}", url=url, error=error)) from error
        if parts.scheme != "http" or not parts.hostname:
            raise ServerAddressError(
                message("{url}: not a URL of the form http://host:port", url=url),
                hint="HTTPS is not supported: use the HTTP address behind your proxy",
            )
        result = await probe(parts.hostname, port, parts.path.rstrip("/") + ready, PROBE_TIMEOUT)
        if not result.status:
            raise ServerAddressError(
                message("{url}: {error}", url=url, error=result.error),
                hint="is the server running?",
            )
        yield cls(url.rstrip("/"))

    async def flush_log(self) -> int:
        """Return 0: the server's output is unknown."""
        return 0

    def printed(self, mark: int = 0, end: int | None = None) -> str:
        """Return "": the server's output is unknown."""
        return ""
