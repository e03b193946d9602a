"""Each fault on a real connection: what the client sees and what PostgreSQL has stored."""

from __future__ import annotations

import asyncio
import contextlib
import os
import socket
from dataclasses import dataclass
from urllib.parse import urlsplit

import psycopg
import pytest

from tests.wire.harness import PsycopgConnection, connect, rows, run_scene
from worksample.services.postgres import PostgresServer
from worksample.wire import Fault, FaultScript, Interception, Outcome, Trace, Wire
from worksample.wire.faults import faults
from worksample.wire.faults.cut_after import CutAfter
from worksample.wire.faults.cut_before import CutBefore
from worksample.wire.faults.delay import Delay
from worksample.wire.faults.hold import Hold
from worksample.wire.faults.noop import Noop
from worksample.wire.faults.swallow import Swallow
from worksample.wire.interception import ConnectionLost

SSL_REQUEST = bytes.fromhex("0000000804d2162f")
COMMIT = 3
INSERT = 2


async def write(wire: Wire) -> None:
    """Execute BEGIN, INSERT and COMMIT."""
    async with connect(wire, autocommit=False) as connection:
        await rows(connection, "insert into entry values (%s)", 1)
        await connection.commit()


async def written(wire: Wire) -> int:
    async with connect(wire, direct=True) as connection:
        ((count,),) = await rows(connection, "select count(*) from entry")
        return int(count)


async def prepare(wire: Wire) -> None:
    async with connect(wire, direct=True) as connection:
        await rows(connection, "create table entry(number int)")


async def wait_until_backends_exit(wire: Wire) -> None:
    """Wait until no backend serves the target."""
    async with connect(wire, direct=True) as connection:
        ask = "select 1 from pg_stat_activity where usename = current_user and pid <> %s"
        while await rows(connection, ask, connection.info.backend_pid):
            await asyncio.sleep(0)


async def run_fault(wire: Wire, step: int, fault: Fault) -> tuple[Trace, str]:
    """Write with a fault at `step`; return the trace, and "done" or the client's error."""
    await prepare(wire)
    async with wire.trace("A", FaultScript({step: fault})) as trace:
        try:
            await write(wire)
        except psycopg.OperationalError as error:
            return trace, str(error)
        return trace, "done"


def test_faults_are_discovered_from_their_modules() -> None:
    found = faults()
    assert set(found) == {"noop", "hold", "delay", "cut_before", "cut_after", "swallow"}
    assert all(isinstance(each(), Fault) for each in found.values())


def test_noop_changes_nothing(server: PostgresServer, loop: str) -> None:
    async def scene(wire: Wire) -> None:
        trace, outcome = await run_fault(wire, COMMIT, Noop())
        assert outcome == "done" and await written(wire) == 1
        assert [each.fault for each in trace.trips] == ["", "", "noop"]

    run_scene(server, scene, loop)


def test_delay_postpones_sending(server: PostgresServer, loop: str) -> None:
    async def scene(wire: Wire) -> None:
        trace, outcome = await run_fault(wire, INSERT, Delay(0.05))
        assert outcome == "done" and await written(wire) == 1
        assert [each.fault for each in trace.trips] == ["", "delay", ""]

    run_scene(server, scene, loop)


@pytest.mark.parametrize("reset", [True, False])
@pytest.mark.parametrize("step", [1, INSERT, COMMIT])
def test_cut_before_stores_nothing(
    server: PostgresServer, loop: str, step: int, reset: bool
) -> None:
    async def scene(wire: Wire) -> None:
        trace, outcome = await run_fault(wire, step, CutBefore(reset=reset))
        assert "closed" in outcome
        await wait_until_backends_exit(wire)
        assert await written(wire) == 0
        cut = trace.trips[-1]
        assert (cut.step, cut.outcome, cut.sent) == (step, Outcome.LOST, 0.0)

    run_scene(server, scene, loop)


@pytest.mark.parametrize("reset", [True, False])
@pytest.mark.parametrize(("step", "stored"), [(INSERT, 0), (COMMIT, 1)])
def test_cut_after_lets_postgres_execute_the_statement(
    server: PostgresServer, loop: str, step: int, stored: int, reset: bool
) -> None:
    async def scene(wire: Wire) -> None:
        trace, outcome = await run_fault(wire, step, CutAfter(reset=reset))
        assert "closed" in outcome
        await wait_until_backends_exit(wire)
        assert await written(wire) == stored
        assert trace.trips[-1].outcome is Outcome.ANSWERED

    run_scene(server, scene, loop)


def test_swallowed_commit_is_stored_without_a_reply(server: PostgresServer, loop: str) -> None:
    async def scene(wire: Wire) -> None:
        await prepare(wire)
        async with wire.trace("A", FaultScript({COMMIT: Swallow()})) as trace:
            request = asyncio.create_task(write(wire))
            interception = await trace.wait_for_step(COMMIT, unless=request)
            assert interception is not None
            await interception.wait_answered()
            assert await written(wire) == 1
            assert not request.done()
            interception.release()
            with pytest.raises(psycopg.OperationalError):
                await request
        await wait_until_backends_exit(wire)

    run_scene(server, scene, loop)


@pytest.mark.parametrize("fault", [CutAfter(), Swallow()], ids=lambda each: each.name)
def test_pipeline_is_sent_whole_before_its_reply_is_dropped(
    server: PostgresServer, loop: str, fault: Fault
) -> None:
    """A pipeline sends its Sync in a later segment than its other messages."""

    async def scene(wire: Wire) -> None:
        await prepare(wire)
        async with connect(wire) as connection, wire.trace("A", FaultScript({1: fault})) as trace:
            request = asyncio.create_task(pipeline_in_segments(connection))
            interception = await trace.wait_for_step(1, unless=request)
            assert interception is not None
            with contextlib.suppress(ConnectionLost):
                await interception.wait_answered()
            interception.release()
            with pytest.raises(psycopg.OperationalError):
                await request
            assert trace.trips[0].outcome is Outcome.ANSWERED
        await wait_until_backends_exit(wire)
        assert await written(wire) == 2

    run_scene(server, scene, loop)


async def pipeline_in_segments(connection: PsycopgConnection) -> None:
    async with connection.pipeline() as pipeline:
        for number in range(2):
            await connection.execute("insert into entry values (%s)", [number])
            await asyncio.sleep(0.02)
        await pipeline.sync()


@pytest.mark.parametrize("fault", [CutAfter(), Swallow()], ids=lambda each: each.name)
def test_copy_whose_reply_is_withheld_is_reset(
    server: PostgresServer, loop: str, fault: Fault
) -> None:
    async def scene(wire: Wire) -> None:
        await prepare(wire)
        async with connect(wire) as connection, wire.trace("A", FaultScript({1: fault})):
            with pytest.raises(psycopg.OperationalError):
                async with connection.cursor().copy("copy entry from stdin") as copy:
                    await copy.write_row((1,))
        await wait_until_backends_exit(wire)
        assert await written(wire) == 0

    run_scene(server, scene, loop)


def test_client_disconnect_while_held_sends_nothing(server: PostgresServer, loop: str) -> None:
    async def scene(wire: Wire) -> None:
        await prepare(wire)
        async with wire.trace("A", FaultScript({COMMIT: Hold()})) as trace:
            connection = await psycopg.AsyncConnection.connect(wire.database.url)
            await rows(connection, "insert into entry values (1)")
            request = asyncio.create_task(connection.commit())
            interception = await trace.wait_for_step(COMMIT, unless=request)
            assert interception is not None and interception.held
            with socket.socket(fileno=os.dup(connection.fileno())) as client_socket:
                client_socket.shutdown(socket.SHUT_RDWR)
            with pytest.raises(psycopg.OperationalError):
                await request
            await wait_until_backends_exit(wire)
        assert await written(wire) == 0
        assert trace.trips[-1].outcome is Outcome.LOST

    run_scene(server, scene, loop)


def test_backend_termination_while_held_ends_the_request(server: PostgresServer, loop: str) -> None:
    async def scene(wire: Wire) -> None:
        await prepare(wire)
        async with wire.trace("A", FaultScript({COMMIT: Hold()})) as trace:
            request = asyncio.create_task(write(wire))
            interception = await trace.wait_for_step(COMMIT, unless=request)
            assert interception is not None
            await wire.upstream.terminate([interception.connection.tracker.session_id])
            with pytest.raises(psycopg.OperationalError):
                await request
        await wait_until_backends_exit(wire)
        assert await written(wire) == 0

    run_scene(server, scene, loop)


@dataclass(frozen=True)
class Broken:
    """A fault whose `apply` raises."""

    name = "broken"

    async def apply(self, interception: Interception) -> None:
        raise ZeroDivisionError


def test_failing_fault_is_reported_and_skipped(server: PostgresServer, loop: str) -> None:
    async def scene(wire: Wire) -> None:
        _, outcome = await run_fault(wire, INSERT, Broken())
        assert outcome == "done" and await written(wire) == 1
        assert "broken failed" in wire.problems[0]

    run_scene(server, scene, loop)


@pytest.mark.parametrize("reset", [True, False])
def test_cut_sends_rst_or_fin(server: PostgresServer, loop: str, reset: bool) -> None:
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

    run_scene(server, scene, loop)
