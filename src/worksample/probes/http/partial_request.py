"""A request that is sent in pieces, for slow clients and bursts."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from worksample.probes.exchange import Exchange, Request, Trouble
from worksample.probes.http.parser import ResponseParser
from worksample.probes.http.problem import not_within

if TYPE_CHECKING:
    from worksample.probes.http.client import HttpClient, Record
    from worksample.probes.http.connection import Connection


class PartialRequest:
    """A request on its own connection, of which the first `sent` bytes were sent.

    Created by `HttpClient.begin`. Complete it with `finish()`, or abandon it with `disconnect()`.
    `connection` is None if the server could not be reached; `finish()` returns the reason.
    """

    def __init__(
        self,
        client: HttpClient,
        request: Request,
        payload: bytes,
        label: str,
        record: Record | None,
    ) -> None:
        self.request, self.label = request, label
        self.payload, self.sent = payload, 0
        self.connection: Connection | None = None
        self.parser = ResponseParser(request.method, client.limits, bool(request.body))
        self._client, self._record = client, record
        self._started = client.clock()

    @property
    def left(self) -> int:
        """The number of bytes that were not sent yet."""
        return len(self.payload) - self.sent

    async def send(self, size: int) -> None:
        """Send up to `size` more bytes; do nothing if the server has closed the connection."""
        end = min(self.sent + size, len(self.payload))
        while self.connection is not None and self.sent < end and not self.connection.lost:
            accepted = self.connection.send_part(memoryview(self.payload)[self.sent : end])
            self.sent += accepted
            if not accepted:
                await asyncio.sleep(0.001)

    async def finish(self, timeout: float | None = None) -> Exchange:
        """Send the rest and return the exchange, within `timeout` seconds from now."""
        seconds = self._client.limits.timeout if timeout is None else timeout
        if self.connection is not None:
            loop = asyncio.get_running_loop()
            rest, self.sent = self.payload[self.sent :], len(self.payload)
            await self.connection.send_request(rest, self.parser, loop, loop.time() + seconds)
            self.connection.drop()
        if self.parser.trouble is Trouble.TIMEOUT:
            self.parser.detail = not_within(seconds, self.parser.detail)
        return self._client.finish_exchange(
            self.request, self.parser, self.label, self._started, self._record
        )

    def disconnect(self) -> None:
        """Abort the connection (with a reset), without waiting for an answer."""
        if self.connection is not None:
            self.connection.drop()
