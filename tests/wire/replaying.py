"""Replay a recording to a `Connection` of the wire, in chunks of any size, without a network."""

from __future__ import annotations

import asyncio
import socket
from contextlib import suppress
from typing import Any

from tests.wire.recording import CLIENT, Recording
from worksample.wire.connection import Connection
from worksample.wire.postgres import PROTOCOL, Kind
from worksample.wire.protocol import WireProtocol
from worksample.wire.round_trips import RoundTrip


class Replay:
    """A connection between two socket pairs; `passed` collects what it forwards to each side.

    With `holds` every round trip is held when it begins, and released after its chunk.
    """

    def __init__(self, *, holds: bool = False, protocol: WireProtocol = PROTOCOL) -> None:
        self.holds, self.protocol = holds, protocol
        self.closed: list[RoundTrip] = []
        client, self.to_client = socket.socketpair()
        server, self.to_server = socket.socketpair()
        self.connection = Connection(1, client, server, protocol, self)
        self.outside = {CLIENT: self.to_server, "server": self.to_client}
        self.passed = {CLIENT: bytearray(), "server": bytearray()}

    def round_trip_started(self, connection: Connection, trip: RoundTrip) -> bool:
        assert trip.statements or trip.kind is Kind.EXTENDED or self.protocol is not PROTOCOL
        return self.holds

    def round_trip_ended(self, connection: Connection, trip: RoundTrip) -> None:
        self.closed.append(trip)

    def connection_closed(self, connection: Connection) -> None:
        pass

    async def feed(self, sender: str, chunk: bytes) -> None:
        """Send a chunk from one side and collect what arrives at the other."""
        transport = self.connection._client if sender == CLIENT else self.connection._server
        self.connection.data_received(transport, chunk)
        while self.connection.held is not None:
            self.connection.release()
        await self._collect()

    async def _collect(self) -> None:
        self._read()
        while any(
            each._write_buffer for each in (self.connection._client, self.connection._server)
        ):
            await asyncio.sleep(0)
            self._read()

    def _read(self) -> None:
        for receiver, outside in self.outside.items():
            outside.setblocking(False)
            with suppress(BlockingIOError):
                while data := outside.recv(1 << 20):
                    self.passed[receiver] += data

    async def end(self) -> None:
        """Send EOF from both sides and close the connection."""
        await self.feed(CLIENT, b"")
        await self.feed("server", b"")
        self.connection.cut(reset=False)
        for each in self.outside.values():
            each.close()

    def summary(self) -> list[Any]:
        """The data of all round trips, except for their times."""
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


async def replay(
    recording: Recording, *, holds: bool = False, protocol: WireProtocol = PROTOCOL
) -> Replay:
    """Replay a recording, chunk by chunk."""
    done = Replay(holds=holds, protocol=protocol)
    for sender, chunk in recording:
        await done.feed(sender, chunk)
    await done.end()
    return done
