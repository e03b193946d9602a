"""The database goes away and returns: what a client sees, and that the address stays ours."""

from __future__ import annotations

import asyncio
import contextlib
import socket

import psycopg
import pytest

from tests.wire.scenes import link, play, rows
from worksample.services.postgres import PostgresServer
from worksample.wire import Outcome, Script, Wire
from worksample.wire.faults.cut_before import CutBefore
from worksample.wire.faults.hold import Hold
from worksample.wire.faults.swallow import Swallow


@pytest.mark.parametrize("reset", [True, False])
def test_away_ends_every_connection_and_refuses_new_ones(
    server: PostgresServer, loop: str, reset: bool
) -> None:
    async def scene(wire: Wire) -> None:
        async with link(wire) as one, link(wire) as two:
            sleeping = asyncio.create_task(one.execute("select pg_sleep(600)"))
            while not any(each.asking for each in wire.connections.values()):
                await asyncio.sleep(0)
            wire.away(reset=reset)
            assert not wire.connections
            for broken in (sleeping, two.execute("select 1")):
                with pytest.raises(psycopg.OperationalError):
                    await broken
            assert wire.history[-1].outcome is Outcome.LOST
        for _ in range(3):
            with pytest.raises(psycopg.OperationalError, match="refused"):
                async with link(wire):
                    pass
        wire.back()
        async with link(wire) as again:
            assert await rows(again, "select 1") == [(1,)]

    play(server, scene, loop)


def test_the_address_is_the_same_however_often_it_goes(server: PostgresServer, loop: str) -> None:
    async def scene(wire: Wire) -> None:
        address = wire.database.address
        for _ in range(20):
            wire.away()
            wire.away()
            with pytest.raises(OSError), socket.socket() as other:
                other.bind(address)
            wire.back()
            wire.back()
        assert wire.database.address == address
        async with link(wire) as connection:
            assert await rows(connection, "select 1") == [(1,)]

    play(server, scene, loop)


def test_who_is_just_coming_in_is_turned_away(server: PostgresServer, loop: str) -> None:
    async def scene(wire: Wire) -> None:
        knocking = [asyncio.create_task(knock(wire)) for _ in range(20)]
        await asyncio.sleep(0)
        wire.away()
        assert await asyncio.gather(*knocking) == [b""] * 20
        assert not wire.connections

    play(server, scene, loop)


async def knock(wire: Wire) -> bytes:
    """What a client reads that connects and says nothing; b"" for an end of any kind."""
    with contextlib.suppress(ConnectionError):
        reader, writer = await asyncio.open_connection(*wire.database.address)
        try:
            return await reader.read()
        finally:
            writer.close()
    return b""


def test_what_is_held_goes_with_it(server: PostgresServer, loop: str) -> None:
    async def scene(wire: Wire) -> None:
        async with link(wire) as one, wire.watch("A", Script({1: Hold()})) as trace:
            asking = asyncio.create_task(one.execute("select 1"))
            assert await trace.reached(1, unless=asking)
            wire.away()
            with pytest.raises(psycopg.OperationalError):
                await asking
            assert trace.trips[0].outcome is Outcome.LOST
            wire.back()

    play(server, scene, loop)


def test_the_wire_knows_that_it_has_disturbed(server: PostgresServer) -> None:
    async def scene(wire: Wire) -> None:
        async with link(wire) as calm, wire.watch("held", Script({1: Hold()})) as trace:
            asking = asyncio.create_task(calm.execute("select 1"))
            passage = await trace.reached(1, unless=asking)
            assert passage
            passage.release()
            await asking
        assert not wire.disturbed
        for fault in (CutBefore(), Swallow()):
            wire.disturbed = False
            async with link(wire) as one, wire.watch("A", Script({1: fault})) as trace:
                asking = asyncio.create_task(one.execute("select 1"))
                if passage := await trace.reached(1, unless=asking):
                    passage.release()
                with pytest.raises(psycopg.OperationalError):
                    await asking
            assert wire.disturbed
        wire.disturbed = False
        wire.away()
        assert wire.disturbed

    play(server, scene)
