"""A pool of keep-alive connections."""

from __future__ import annotations

import asyncio

from worksample.probes.http.connection import Connection
from worksample.probes.http.dial import Dialer
from worksample.probes.http.limits import Limits


class Pool:
    """Idle connections by source address; the most recently used one is reused first."""

    def __init__(self, dialer: Dialer, limits: Limits) -> None:
        self._dialer = dialer
        self._limits = limits
        self._idle: dict[str, list[Connection]] = {}
        self._open: set[Connection] = set()
        self._all_gone: asyncio.Future[None] | None = None
        self._sweeper: asyncio.TimerHandle | None = None
        self.keep_alive = True

    def take(self, source: str, now: float) -> Connection | None:
        """Return an idle connection that is usable at loop time `now`, or None."""
        idle = self._idle.get(source)
        while idle:
            connection = idle.pop()
            if connection.lost:
                continue
            if now - connection.idle_since >= self._limits.idle or connection.is_stale():
                connection.drop()
                continue
            return connection
        return None

    async def open(self, source: str, within: float) -> Connection:
        """Open a connection; raise like `Dialer.dial`, or `TimeoutError` after `within` seconds."""
        async with asyncio.timeout(max(0.0, min(within, self._limits.connect))):
            connection = await self._dialer.dial(source, self._forget)
        # If the dial is cancelled, the event loop closes the connection.
        if not connection.lost:
            self._open.add(connection)
        return connection

    def give_back(self, connection: Connection, source: str, now: float) -> None:
        """Keep a connection for the next request, or close it if the pool is full.

        While `keep_alive` is false, every connection is closed.
        """
        idle = self._idle.setdefault(source, [])
        connection.idle_since = now
        if self.keep_alive and len(idle) < self._limits.pool:
            idle.append(connection)
            if self._sweeper is None:
                self._sweep_later()
        else:
            connection.drop()

    def _sweep_later(self) -> None:
        loop = asyncio.get_running_loop()
        self._sweeper = loop.call_later(self._limits.idle, self._sweep, loop)

    def _sweep(self, loop: asyncio.AbstractEventLoop) -> None:
        """Close connections that were idle too long: they block a server with few threads."""
        self._sweeper = None
        oldest = loop.time() - self._limits.idle
        for source, idle in self._idle.items():
            for connection in idle:
                if connection.idle_since <= oldest:
                    connection.drop()
            self._idle[source] = [each for each in idle if not each.lost]
        if any(self._idle.values()):
            self._sweep_later()

    async def close(self) -> None:
        """Close all connections, also busy ones, and wait until they are closed."""
        self._idle.clear()
        if self._sweeper is not None:
            self._sweeper.cancel()
            self._sweeper = None
        if not self._open:
            return
        self._all_gone = asyncio.get_running_loop().create_future()
        for connection in list(self._open):
            connection.drop()
        await self._all_gone

    def _forget(self, connection: Connection) -> None:
        self._open.discard(connection)
        if not self._open and self._all_gone is not None and not self._all_gone.done():
            self._all_gone.set_result(None)
