"""Traces of requests: attribution, held round trips and lock waits."""

from __future__ import annotations

import asyncio

import pytest

from tests.wire.harness import connect, rows, run_scene, statements_of
from worksample.errors import CheckError
from worksample.services.postgres import PostgresServer
from worksample.wire import FaultScript, Wire, account, by_request, transcript
from worksample.wire.faults.hold import Hold


async def sell(wire: Wire, autocommit: bool = False) -> str:
    """Handle a request with a race: read, then write."""
    async with connect(wire, autocommit=autocommit) as connection:
        ((stock,),) = await rows(connection, "select stock from item")
        if stock < 1:
            return "sold out"
        await rows(connection, "update item set stock = %s", stock - 1)
        await rows(connection, "insert into sale values (1)")
        await connection.commit()
        return "sold"


async def sell_locked(wire: Wire) -> str:
    """Handle the same request with a row lock."""
    async with connect(wire, autocommit=False) as connection:
        ((stock,),) = await rows(connection, "select stock from item for update")
        if stock < 1:
            return "sold out"
        await rows(connection, "update item set stock = stock - 1")
        await connection.commit()
        return "sold"


async def shop(wire: Wire) -> None:
    async with connect(wire, direct=True) as connection:
        await rows(connection, "create table if not exists item(stock int)")
        await rows(connection, "create table if not exists sale(item int)")
        await rows(connection, "truncate item; truncate sale; insert into item values (1)")


def test_trace_lists_statements_in_order(server: PostgresServer, loop: str) -> None:
    async def scene(wire: Wire) -> None:
        await shop(wire)
        async with wire.trace("A") as trace:
            assert await sell(wire) == "sold"
        assert [(each.step, str(each)) for each in trace.trips] == [
            (1, "BEGIN"),
            (2, "select stock from item"),
            (3, "update item set stock = $1"),
            (4, "insert into sale values (1)"),
            (5, "COMMIT"),
        ]
        assert [each.before + each.after for each in trace.trips] == ["IT", "TT", "TT", "TT", "TI"]
        assert trace.sure
        done = account(trace.trips)
        assert (done.round_trips, done.statements, done.rows, done.writes) == (5, 5, 1, 2)
        assert (done.transactions, done.connections, done.errors) == (1, 1, ())
        assert by_request(wire.history) == {"A": done}

    run_scene(server, scene, loop)


def test_holding_each_step_finds_the_race(server: PostgresServer, loop: str) -> None:
    async def preempted(wire: Wire, step: int) -> tuple[list[str], str] | None:
        await shop(wire)
        async with wire.trace("A", FaultScript({step: Hold()})) as a:
            first = asyncio.create_task(sell(wire))
            interception = await a.wait_for_step(step, unless=first)
            if interception is None:
                assert await first == "sold"
                return None
            async with wire.trace("B") as b:
                second = asyncio.create_task(sell(wire))
                await b.wait_for_lock(unless=second)
                interception.release()
                return [await first, await second], transcript([a.trips, b.trips])

    async def scene(wire: Wire) -> None:
        found = []
        step = 1
        while (ended := await preempted(wire, step)) is not None:
            found.append(ended)
            step += 1
        assert [sum(each == "sold" for each in answers) for answers, _ in found] == [1, 1, 2, 2, 2]
        assert found[2][1].splitlines() == [
            "A 1 BEGIN",
            "A 2 select stock from item",
            "  B 1 BEGIN",
            "  B 2 select stock from item",
            "  B 3 update item set stock = $1",
            "  B 4 insert into sale values (1)",
            "  B 5 COMMIT",
            "A 3 update item set stock = $1",
            "A 4 insert into sale values (1)",
            "A 5 COMMIT",
        ]

    run_scene(server, scene, loop)


def test_lock_wait_names_the_held_blocker(server: PostgresServer, loop: str) -> None:
    async def scene(wire: Wire) -> None:
        await shop(wire)
        async with wire.trace("A", FaultScript({3: Hold()})) as a:
            first = asyncio.create_task(sell_locked(wire))
            interception = await a.wait_for_step(3, unless=first)
            assert interception is not None
            async with wire.trace("B") as b:
                second = asyncio.create_task(sell_locked(wire))
                wait = await b.wait_for_lock(unless=second)
                assert wait is not None
                assert wait.blockers == (interception.connection.number,)
                assert await wire.wait_for_lock(wait.connection) == wait
                assert not second.done()
                interception.release()
                assert [await first, await second] == ["sold", "sold out"]
        assert statements_of(b.trips)[:2] == ["BEGIN", "select stock from item for update"]
        assert a.sure and b.sure
        assert await wire.wait_for_lock(wait.connection) is None

    run_scene(server, scene, loop)


def test_unreached_step_returns_none_when_request_ends(server: PostgresServer, loop: str) -> None:
    async def scene(wire: Wire) -> None:
        await shop(wire)
        async with wire.trace("A", FaultScript({9: Hold()})) as a:
            request = asyncio.create_task(sell(wire))
            assert await a.wait_for_step(9, unless=request) is None
            assert await a.wait_for_lock(unless=request) is None
            assert request.result() == "sold"

    run_scene(server, scene, loop)


def test_held_round_trip_is_released_when_trace_closes(server: PostgresServer, loop: str) -> None:
    async def scene(wire: Wire) -> None:
        await shop(wire)
        async with wire.trace("A", FaultScript({2: Hold()})) as a:
            request = asyncio.create_task(sell(wire))
            assert await a.wait_for_step(2, unless=request)
        assert await request == "sold"
        assert a.holding is False

    run_scene(server, scene, loop)


def test_background_statements_are_excluded(server: PostgresServer, loop: str) -> None:
    async def scene(wire: Wire) -> None:
        async with connect(wire, autocommit=False) as poller, connect(wire) as pooled:

            async def poll() -> None:
                await rows(poller, "select 'jobs', %s::int", 1)
                await poller.commit()

            learning = asyncio.create_task(wire.learn_background(20, trips=4))
            await asyncio.sleep(0)
            await poll()
            await rows(pooled, "select 'alive?'")
            learned = await learning
            assert set(learned.statements) == {"begin", "select ?...::int", "commit", "select ?"}
            async with wire.trace("A") as a:
                await rows(pooled, "select 'alive?' as alive, now()")
                await poll()
                await rows(pooled, "select 'alive?'")
                await rows(pooled, "begin")
                await rows(pooled, "commit")
            assert statements_of(a.trips) == ["select 'alive?' as alive, now()", "begin", "commit"]
            assert statements_of(a.background)[:3] == ["BEGIN", "select 'jobs', $1::int", "COMMIT"]
            assert [each.step for each in a.trips] == [1, 2, 3]

    run_scene(server, scene, loop)


def test_background_transaction_on_pooled_connection_is_excluded(
    server: PostgresServer, loop: str
) -> None:
    async def scene(wire: Wire) -> None:
        async with connect(wire) as pooled:

            async def job() -> None:
                for each in ("begin", "select 'jobs'", "commit"):
                    await rows(pooled, each)

            async with wire.trace("warm"):
                await rows(pooled, "select 1, 2")
            learning = asyncio.create_task(wire.learn_background(20, trips=3))
            await asyncio.sleep(0)
            await job()
            await learning
            async with wire.trace("A") as a:
                await job()
                await rows(pooled, "select 1, 2")
            assert statements_of(a.trips) == ["select 1, 2"]
            assert statements_of(a.background) == ["begin", "select 'jobs'", "commit"]

    run_scene(server, scene, loop)


def test_statements_after_the_answer_are_late(server: PostgresServer, loop: str) -> None:
    async def scene(wire: Wire) -> None:
        async with connect(wire, autocommit=False) as connection:
            async with wire.trace("A") as a:
                await rows(connection, "select 1")
            assert await wire.wait_idle(0.0) is False
            async with wire.trace("B") as b:
                await connection.commit()
                await rows(connection, "select 2")
            assert statements_of(a.late) == ["COMMIT"]
            assert statements_of(b.trips) == ["BEGIN", "select 2"]
            await connection.commit()
            assert await wire.wait_idle(20) is True

    run_scene(server, scene, loop)


def test_concurrent_requests_are_attributed_by_connection_or_marked_unsure(
    server: PostgresServer, loop: str
) -> None:
    async def scene(wire: Wire) -> None:
        async with connect(wire) as one, connect(wire) as two, connect(wire) as three:
            async with wire.trace("A") as a:
                await rows(one, "select 'a1'")
                async with wire.trace("B") as b:
                    await rows(two, "select 'b1'")
                    await rows(one, "select 'a2'")
                    await rows(two, "select 'b2'")
                    await rows(three, "select 'who?'")
            assert statements_of(a.trips) == ["select 'a1'", "select 'a2'"]
            assert statements_of(b.trips) == ["select 'b1'", "select 'b2'", "select 'who?'"]
            assert not b.sure

    run_scene(server, scene, loop)


def test_learn_background_within_a_trace_raises(server: PostgresServer, loop: str) -> None:
    async def scene(wire: Wire) -> None:
        async with wire.trace("A"):
            with pytest.raises(CheckError):
                await wire.learn_background(0.1)
        learned = await wire.learn_background(0.0)
        assert not learned.statements

    run_scene(server, scene, loop)
