"""Replay a recorded talk to the wire's own connection, in any pieces, without a network."""

from __future__ import annotations

import asyncio
import socket
from contextlib import suppress
from typing import Any

from tests.wire.recording import CLIENT, Recording
from worksample.wire.connection import Connection
from worksample.wire.round_trips import RoundTrip


class Replay:
    """A connection between two socket pairs; what it passes on is collected.

    With `holds` every round trip is held when it begins, and released when its piece was taken.
    """

    def __init__(self, *, holds: bool = False) -> None:
        self.holds = holds
        self.closed: list[RoundTrip] = []
        client, self.to_client = socket.socketpair()
        server, self.to_server = socket.socketpair()
        self.connection = Connection(1, client, server, self)
        self.outside = {CLIENT: self.to_server, "server": self.to_client}
        self.passed = {CLIENT: bytearray(), "server": bytearray()}

    def round_trip_started(self, connection: Connection, trip: RoundTrip) -> bool:
        assert trip.statements or trip.kind == "batch"
        return self.holds

    def round_trip_ended(self, connection: Connection, trip: RoundTrip) -> None:
        self.closed.append(trip)

    def connection_closed(self, connection: Connection) -> None:
        pass

    async def feed(self, who: str, piece: bytes) -> None:
        """Let one side say a piece, and read what comes out at the other."""
        end = self.connection._client if who == CLIENT else self.connection._server
        self.connection.data_received(end, piece)
        while self.connection.held is not None:
            self.connection.release()
        await self._collect()

    async def _collect(self) -> None:
        self._read()
        while any(each._out for each in (self.connection._client, self.connection._server)):
            await asyncio.sleep(0)
            self._read()

    def _read(self) -> None:
        for who, outside in self.outside.items():
            outside.setblocking(False)
            with suppress(BlockingIOError):
                while data := outside.recv(1 << 20):
                    self.passed[who] += data

    async def end(self) -> None:
        """Both sides say their last."""
        await self.feed(CLIENT, b"")
        await self.feed("server", b"")
        self.connection.cut(reset=False)
        for each in self.outside.values():
            each.close()

    def summary(self) -> list[Any]:
        """All that is known of the round trips but when they were."""
        return [
            (
                *(trip.number, trip.kind, trip.rows, trip.affected, trip.size, trip.before),
                *(trip.after, trip.error, trip.message, trip.outcome, trip.omitted),
                [
                    (each.sql, each.parameters, each.types, each.executed, each.rows, each.tag)
                    for each in trip.statements
                ],
            )
            for trip in self.closed
        ]


async def replay(pieces: Recording, *, holds: bool = False) -> Replay:
    """Replay a talk, piece by piece."""
    done = Replay(holds=holds)
    for who, piece in pieces:
        await done.feed(who, piece)
    await done.end()
    return done
