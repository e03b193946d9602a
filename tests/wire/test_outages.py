"""Simulated outages: what clients see, and that the port stays reserved."""

from __future__ import annotations

import asyncio
import contextlib
import socket

import psycopg
import pytest

from tests.wire.harness import connect, rows, run_scene
from worksample.services.postgres import PostgresServer
from worksample.wire import FaultScript, Outcome, Wire
from worksample.wire.faults.cut_before import CutBefore
from worksample.wire.faults.hold import Hold
from worksample.wire.faults.swallow import Swallow


@pytest.mark.parametrize("reset", [True, False])
def test_outage_closes_connections_and_refuses_new_ones(
    server: PostgresServer, loop: str, reset: bool
) -> None:
    async def scene(wire: Wire) -> None:
        async with connect(wire) as one, connect(wire) as two:
            sleeping = asyncio.create_task(one.execute("select pg_sleep(600)"))
            while not any(each.awaiting_reply for each in wire.connections.values()):
                await asyncio.sleep(0)
            wire.take_down(reset=reset)
            assert not wire.connections
            for broken in (sleeping, two.execute("select 1")):
                with pytest.raises(psycopg.OperationalError):
                    await broken
            assert wire.history[-1].outcome is Outcome.LOST
        for _ in range(3):
            with pytest.raises(psycopg.OperationalError, match="refused"):
                async with connect(wire):
                    pass
        wire.bring_up()
        async with connect(wire) as again:
            assert await rows(again, "select 1") == [(1,)]

    run_scene(server, scene, loop)


def test_address_is_unchanged_after_repeated_outages(server: PostgresServer, loop: str) -> None:
    async def scene(wire: Wire) -> None:
        address = wire.address
        for _ in range(20):
            wire.take_down()
            wire.take_down()
            with pytest.raises(OSError), socket.socket() as other:
                other.bind(address)
            wire.bring_up()
            wire.bring_up()
        assert wire.address == address
        async with connect(wire) as connection:
            assert await rows(connection, "select 1") == [(1,)]

    run_scene(server, scene, loop)


def test_outage_closes_connections_being_accepted(server: PostgresServer, loop: str) -> None:
    async def scene(wire: Wire) -> None:
        connecting = [asyncio.create_task(read_until_closed(wire)) for _ in range(20)]
        await asyncio.sleep(0)
        wire.take_down()
        assert await asyncio.gather(*connecting) == [b""] * 20
        assert not wire.connections

    run_scene(server, scene, loop)


async def read_until_closed(wire: Wire) -> bytes:
    """Connect, send nothing and return all bytes received; b"" also if refused or reset."""
    with contextlib.suppress(ConnectionError):
        reader, writer = await asyncio.open_connection(*wire.address)
        try:
            return await reader.read()
        finally:
            writer.close()
    return b""


def test_outage_ends_held_round_trip(server: PostgresServer, loop: str) -> None:
    async def scene(wire: Wire) -> None:
        async with connect(wire) as one, wire.trace("A", FaultScript({1: Hold()})) as trace:
            query = asyncio.create_task(one.execute("select 1"))
            assert await trace.wait_for_step(1, unless=query)
            wire.take_down()
            with pytest.raises(psycopg.OperationalError):
                await query
            assert trace.trips[0].outcome is Outcome.LOST
            wire.bring_up()

    run_scene(server, scene, loop)


def test_disturbed_is_set_by_faults_but_not_by_holds(server: PostgresServer) -> None:
    async def scene(wire: Wire) -> None:
        async with connect(wire) as calm, wire.trace("held", FaultScript({1: Hold()})) as trace:
            query = asyncio.create_task(calm.execute("select 1"))
            interception = await trace.wait_for_step(1, unless=query)
            assert interception
            interception.release()
            await query
        assert not wire.disturbed
        for fault in (CutBefore(), Swallow()):
            wire.disturbed = False
            async with connect(wire) as one, wire.trace("A", FaultScript({1: fault})) as trace:
                query = asyncio.create_task(one.execute("select 1"))
                if interception := await trace.wait_for_step(1, unless=query):
                    interception.release()
                with pytest.raises(psycopg.OperationalError):
                    await query
            assert wire.disturbed
        wire.disturbed = False
        wire.take_down()
        assert wire.disturbed

    run_scene(server, scene)
