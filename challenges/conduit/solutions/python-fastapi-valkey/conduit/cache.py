"""Answers that are asked for often, remembered in Valkey for a few seconds.

What is remembered belongs to a version of the data. Whoever changes the data begins a new version
before the change and another one after it, before the change is answered: a reader who saw the data
in between has stored it under a version that nobody asks for. A server that was killed in between
begins a new version when it starts again.

Without a cache, or while it is away, the database is asked.
"""

import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from redis.asyncio import Redis
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from redis.exceptions import RedisError

LIFETIME_SECONDS = 10
WAIT_SECONDS = 0.5
AWAY = RedisError, OSError

log = logging.getLogger(__name__)


class Cache:
    """Remembers texts by name; forgets all names of a `kind` when that changes."""

    def __init__(self, url: str | None) -> None:
        self._server = url and Redis.from_url(
            url,
            socket_timeout=WAIT_SECONDS,
            socket_connect_timeout=WAIT_SECONDS,
            retry=Retry(NoBackoff(), 1),
        )

    async def close(self) -> None:
        if self._server:
            await self._server.aclose()

    async def version(self, kind: str) -> str | None:
        """The version under which to remember what is read from now on; None without a cache."""
        if not self._server:
            return None
        try:
            found = await self._server.get(f"{kind}:version")
        except AWAY as error:
            log.warning("the cache is away: %s", error)
            return None
        return (found or b"0").decode()

    async def recall(self, kind: str, version: str, name: str) -> bytes | None:
        if not self._server:
            return None
        try:
            return await self._server.get(f"{kind}:{version}:{name}")
        except AWAY as error:
            log.warning("the cache is away: %s", error)
            return None

    async def remember(self, kind: str, version: str, name: str, text: bytes) -> None:
        if not self._server:
            return
        try:
            await self._server.set(f"{kind}:{version}:{name}", text, ex=LIFETIME_SECONDS)
        except AWAY as error:
            log.warning("the cache is away: %s", error)

    async def renew(self, kind: str) -> None:
        """Begin a new version, for which nothing is remembered."""
        if not self._server:
            return
        try:
            await self._server.incr(f"{kind}:version")
        except AWAY as error:
            log.warning("the cache is away: %s", error)

    @asynccontextmanager
    async def changing(self, kind: str) -> AsyncIterator[None]:
        """The block changes data of this kind, or may have: also if it fails."""
        await self.renew(kind)
        try:
            yield
        finally:
            await self.renew(kind)
