"""Each fault on a real connection: what the client sees, what PostgreSQL has, what is left."""

from __future__ import annotations

import asyncio
import contextlib
import os
import socket
from dataclasses import dataclass
from urllib.parse import urlsplit

import psycopg
import pytest

from tests.wire.scenes import Link, link, play, rows
from worksample.services.postgres import PostgresServer
from worksample.wire import Fault, Outcome, Passage, Script, Trace, Wire
from worksample.wire.faults import faults
from worksample.wire.faults.cut_after import CutAfter
from worksample.wire.faults.cut_before import CutBefore
from worksample.wire.faults.delay import Delay
from worksample.wire.faults.hold import Hold
from worksample.wire.faults.noop import Noop
from worksample.wire.faults.swallow import Swallow
from worksample.wire.passage import Gone

SSL_REQUEST = bytes.fromhex("0000000804d2162f")
COMMIT = 3
INSERT = 2


async def write(wire: Wire) -> None:
    """BEGIN, INSERT, COMMIT."""
    async with link(wire, autocommit=False) as connection:
        await rows(connection, "insert into entry values (%s)", 1)
        await connection.commit()


async def written(wire: Wire) -> int:
    async with link(wire, direct=True) as connection:
        ((count,),) = await rows(connection, "select count(*) from entry")
        return int(count)


async def prepare(wire: Wire) -> None:
    async with link(wire, direct=True) as connection:
        await rows(connection, "create table entry(number int)")


async def all_gone(wire: Wire) -> None:
    """Wait until no process of PostgreSQL works for the target any more."""
    async with link(wire, direct=True) as connection:
        ask = "select 1 from pg_stat_activity where usename = current_user and pid <> %s"
        while await rows(connection, ask, connection.info.backend_pid):
            await asyncio.sleep(0)


async def play_fault(wire: Wire, step: int, fault: Fault) -> tuple[Trace, str]:
    """Write with a fault at a step; return what the client was told: "done", or the error."""
    await prepare(wire)
    async with wire.watch("A", Script({step: fault})) as trace:
        try:
            await write(wire)
        except psycopg.OperationalError as error:
            return trace, str(error)
        return trace, "done"


def test_every_fault_is_found_by_its_file() -> None:
    found = faults()
    assert set(found) == {"noop", "hold", "delay", "cut_before", "cut_after", "swallow"}
    assert all(isinstance(each(), Fault) for each in found.values())


def test_noop_changes_nothing(server: PostgresServer, loop: str) -> None:
    async def scene(wire: Wire) -> None:
        trace, told = await play_fault(wire, COMMIT, Noop())
        assert told == "done" and await written(wire) == 1
        assert [each.fault for each in trace.trips] == ["", "", "noop"]

    play(server, scene, loop)


def test_delay_makes_it_later(server: PostgresServer, loop: str) -> None:
    async def scene(wire: Wire) -> None:
        trace, told = await play_fault(wire, INSERT, Delay(0.05))
        assert told == "done" and await written(wire) == 1
        late = trace.trips[INSERT - 1]
        assert late.sent - late.started >= 0.05
        assert late.seconds >= 0.05

    play(server, scene, loop)


@pytest.mark.parametrize("reset", [True, False])
@pytest.mark.parametrize("step", [1, INSERT, COMMIT])
def test_cut_before_leaves_nothing(
    server: PostgresServer, loop: str, step: int, reset: bool
) -> None:
    async def scene(wire: Wire) -> None:
        trace, told = await play_fault(wire, step, CutBefore(reset=reset))
        assert "closed" in told
        await all_gone(wire)
        assert await written(wire) == 0
        cut = trace.trips[-1]
        assert (cut.step, cut.outcome, cut.sent) == (step, Outcome.LOST, 0.0)

    play(server, scene, loop)


@pytest.mark.parametrize("reset", [True, False])
@pytest.mark.parametrize(("step", "stored"), [(INSERT, 0), (COMMIT, 1)])
def test_cut_after_lets_postgresql_do_it(
    server: PostgresServer, loop: str, step: int, stored: int, reset: bool
) -> None:
    async def scene(wire: Wire) -> None:
        trace, told = await play_fault(wire, step, CutAfter(reset=reset))
        assert "closed" in told
        await all_gone(wire)
        assert await written(wire) == stored
        assert trace.trips[-1].outcome is Outcome.ANSWERED

    play(server, scene, loop)


def test_a_swallowed_commit_is_done_and_nobody_is_told(server: PostgresServer, loop: str) -> None:
    async def scene(wire: Wire) -> None:
        await prepare(wire)
        async with wire.watch("A", Script({COMMIT: Swallow()})) as trace:
            request = asyncio.create_task(write(wire))
            passage = await trace.reached(COMMIT, unless=request)
            assert passage is not None
            await passage.answered()
            assert await written(wire) == 1
            assert not request.done()
            passage.release()
            with pytest.raises(psycopg.OperationalError):
                await request
        await all_gone(wire)

    play(server, scene, loop)


@pytest.mark.parametrize("fault", [CutAfter(), Swallow()], ids=lambda each: each.name)
def test_what_comes_in_pieces_is_whole_before_its_answer_vanishes(
    server: PostgresServer, loop: str, fault: Fault
) -> None:
    """A pipeline sends its Sync long after what it belongs to."""

    async def scene(wire: Wire) -> None:
        await prepare(wire)
        async with link(wire) as connection, wire.watch("A", Script({1: fault})) as trace:
            request = asyncio.create_task(in_pieces(connection))
            passage = await trace.reached(1, unless=request)
            assert passage is not None
            with contextlib.suppress(Gone):
                await passage.answered()
            passage.release()
            with pytest.raises(psycopg.OperationalError):
                await request
            assert trace.trips[0].outcome is Outcome.ANSWERED
        await all_gone(wire)
        assert await written(wire) == 2

    play(server, scene, loop)


async def in_pieces(connection: Link) -> None:
    async with connection.pipeline() as pipeline:
        for number in range(2):
            await connection.execute("insert into entry values (%s)", [number])
            await asyncio.sleep(0.02)
        await pipeline.sync()


@pytest.mark.parametrize("fault", [CutAfter(), Swallow()], ids=lambda each: each.name)
def test_a_copy_that_nobody_is_told_to_begin_ends(
    server: PostgresServer, loop: str, fault: Fault
) -> None:
    async def scene(wire: Wire) -> None:
        await prepare(wire)
        async with link(wire) as connection, wire.watch("A", Script({1: fault})):
            with pytest.raises(psycopg.OperationalError):
                async with connection.cursor().copy("copy entry from stdin") as copy:
                    await copy.write_row((1,))
        await all_gone(wire)
        assert await written(wire) == 0

    play(server, scene, loop)


def test_a_client_that_dies_while_held_is_as_if_it_never_asked(
    server: PostgresServer, loop: str
) -> None:
    async def scene(wire: Wire) -> None:
        await prepare(wire)
        async with wire.watch("A", Script({COMMIT: Hold()})) as trace:
            connection = await psycopg.AsyncConnection.connect(wire.database.url)
            await rows(connection, "insert into entry values (1)")
            request = asyncio.create_task(connection.commit())
            passage = await trace.reached(COMMIT, unless=request)
            assert passage is not None and passage.held
            with socket.socket(fileno=os.dup(connection.fileno())) as line:
                line.shutdown(socket.SHUT_RDWR)
            with pytest.raises(psycopg.OperationalError):
                await request
            await all_gone(wire)
        assert await written(wire) == 0
        assert trace.trips[-1].outcome is Outcome.LOST

    play(server, scene, loop)


def test_postgresql_that_dies_while_one_is_held_ends_it(server: PostgresServer, loop: str) -> None:
    async def scene(wire: Wire) -> None:
        await prepare(wire)
        async with wire.watch("A", Script({COMMIT: Hold()})) as trace:
            request = asyncio.create_task(write(wire))
            passage = await trace.reached(COMMIT, unless=request)
            assert passage is not None
            async with await wire.database.connect() as admin:
                await admin.execute("select pg_terminate_backend(%s)", [passage.connection.pid])
            with pytest.raises(psycopg.OperationalError):
                await request
        await all_gone(wire)
        assert await written(wire) == 0

    play(server, scene, loop)


@dataclass(frozen=True)
class Broken:
    """A fault of ours that is itself broken."""

    name = "broken"

    async def play(self, passage: Passage) -> None:
        raise ZeroDivisionError


def test_a_fault_that_fails_is_told_and_hangs_nobody(server: PostgresServer, loop: str) -> None:
    async def scene(wire: Wire) -> None:
        _, told = await play_fault(wire, INSERT, Broken())
        assert told == "done" and await written(wire) == 1
        assert "broken failed" in wire.troubles[0]

    play(server, scene, loop)


@pytest.mark.parametrize("reset", [True, False])
def test_a_cut_is_a_reset_or_a_farewell(server: PostgresServer, loop: str, reset: bool) -> None:
    async def scene(wire: Wire) -> None:
        parts = urlsplit(wire.database.url)
        reader, writer = await asyncio.open_connection(parts.hostname, parts.port)
        writer.write(SSL_REQUEST)
        assert await reader.readexactly(1) == b"N"
        (connection,) = wire.connections.values()
        connection.cut(reset=reset)
        try:
            assert await reader.read() == b"" and not reset
        except ConnectionResetError:
            assert reset
        finally:
            writer.close()

    play(server, scene, loop)
