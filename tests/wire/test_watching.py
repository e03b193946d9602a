"""Requests are watched: whose a round trip is, held ones, and who waits for whose lock."""

from __future__ import annotations

import asyncio

import pytest

from tests.wire.scenes import link, play, rows, told
from worksample.errors import CheckError
from worksample.services.postgres import PostgresServer
from worksample.wire import Script, Wire, account, by_request, story
from worksample.wire.faults.hold import Hold


async def sell(wire: Wire, autocommit: bool = False) -> str:
    """A request with a race in it: look, then write."""
    async with link(wire, autocommit=autocommit) as connection:
        ((stock,),) = await rows(connection, "select stock from item")
        if stock < 1:
            return "sold out"
        await rows(connection, "update item set stock = %s", stock - 1)
        await rows(connection, "insert into sale values (1)")
        await connection.commit()
        return "sold"


async def sell_locked(wire: Wire) -> str:
    """The same, done right."""
    async with link(wire, autocommit=False) as connection:
        ((stock,),) = await rows(connection, "select stock from item for update")
        if stock < 1:
            return "sold out"
        await rows(connection, "update item set stock = stock - 1")
        await connection.commit()
        return "sold"


async def shop(wire: Wire) -> None:
    async with link(wire, direct=True) as connection:
        await rows(connection, "create table if not exists item(stock int)")
        await rows(connection, "create table if not exists sale(item int)")
        await rows(connection, "truncate item; truncate sale; insert into item values (1)")


def test_a_request_has_its_statements_in_order(server: PostgresServer, loop: str) -> None:
    async def scene(wire: Wire) -> None:
        await shop(wire)
        async with wire.watch("A") as trace:
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

    play(server, scene, loop)


def test_a_race_is_found_by_holding_one_request_at_each_step(
    server: PostgresServer, loop: str
) -> None:
    async def preempted(wire: Wire, step: int) -> tuple[list[str], str] | None:
        await shop(wire)
        async with wire.watch("A", Script({step: Hold()})) as a:
            first = asyncio.create_task(sell(wire))
            passage = await a.reached(step, unless=first)
            if passage is None:
                assert await first == "sold"
                return None
            async with wire.watch("B") as b:
                second = asyncio.create_task(sell(wire))
                await b.stuck(unless=second)
                passage.release()
                return [await first, await second], story([a.trips, b.trips])

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

    play(server, scene, loop)


def test_one_that_waits_for_a_held_ones_lock_is_told(server: PostgresServer, loop: str) -> None:
    async def scene(wire: Wire) -> None:
        await shop(wire)
        async with wire.watch("A", Script({3: Hold()})) as a:
            first = asyncio.create_task(sell_locked(wire))
            passage = await a.reached(3, unless=first)
            assert passage is not None
            async with wire.watch("B") as b:
                second = asyncio.create_task(sell_locked(wire))
                wait = await b.stuck(unless=second)
                assert wait is not None
                assert wait.blockers == (passage.connection.number,)
                assert await wire.waits_for_lock(wait.connection) == wait
                assert not second.done()
                passage.release()
                assert [await first, await second] == ["sold", "sold out"]
        assert told(b.trips)[:2] == ["BEGIN", "select stock from item for update"]
        assert a.sure and b.sure
        assert await wire.waits_for_lock(wait.connection) is None

    play(server, scene, loop)


def test_a_step_that_is_never_reached_is_told_by_the_end(server: PostgresServer, loop: str) -> None:
    async def scene(wire: Wire) -> None:
        await shop(wire)
        async with wire.watch("A", Script({9: Hold()})) as a:
            request = asyncio.create_task(sell(wire))
            assert await a.reached(9, unless=request) is None
            assert await a.stuck(unless=request) is None
            assert request.result() == "sold"

    play(server, scene, loop)


def test_what_is_held_is_released_at_the_end_of_the_watch(
    server: PostgresServer, loop: str
) -> None:
    async def scene(wire: Wire) -> None:
        await shop(wire)
        async with wire.watch("A", Script({2: Hold()})) as a:
            request = asyncio.create_task(sell(wire))
            assert await a.reached(2, unless=request)
        assert await request == "sold"
        assert a.holding is False

    play(server, scene, loop)


def test_the_servers_own_statements_are_kept_apart(server: PostgresServer, loop: str) -> None:
    async def scene(wire: Wire) -> None:
        async with link(wire, autocommit=False) as poller, link(wire) as pooled:

            async def poll() -> None:
                await rows(poller, "select 'jobs', %s::int", 1)
                await poller.commit()

            learning = asyncio.create_task(wire.learn_background(20, trips=4))
            await asyncio.sleep(0)
            await poll()
            await rows(pooled, "select 'alive?'")
            learned = await learning
            assert set(learned.shapes) == {"begin", "select ?...::int", "commit", "select ?"}
            async with wire.watch("A") as a:
                await rows(pooled, "select 'alive?' as alive, now()")
                await poll()
                await rows(pooled, "select 'alive?'")
                await rows(pooled, "begin")
                await rows(pooled, "commit")
            assert told(a.trips) == ["select 'alive?' as alive, now()", "begin", "commit"]
            assert told(a.background)[:3] == ["BEGIN", "select 'jobs', $1::int", "COMMIT"]
            assert [each.step for each in a.trips] == [1, 2, 3]

    play(server, scene, loop)


def test_background_within_a_pool_is_seen_after_its_begin(
    server: PostgresServer, loop: str
) -> None:
    async def scene(wire: Wire) -> None:
        async with link(wire) as pooled:

            async def job() -> None:
                for each in ("begin", "select 'jobs'", "commit"):
                    await rows(pooled, each)

            async with wire.watch("warm"):
                await rows(pooled, "select 1, 2")
            learning = asyncio.create_task(wire.learn_background(20, trips=3))
            await asyncio.sleep(0)
            await job()
            await learning
            async with wire.watch("A") as a:
                await job()
                await rows(pooled, "select 1, 2")
            assert told(a.trips) == ["select 1, 2"]
            assert told(a.background) == ["begin", "select 'jobs'", "commit"]

    play(server, scene, loop)


def test_what_comes_after_the_answer_is_late_and_not_the_next_ones(
    server: PostgresServer, loop: str
) -> None:
    async def scene(wire: Wire) -> None:
        async with link(wire, autocommit=False) as connection:
            async with wire.watch("A") as a:
                await rows(connection, "select 1")
            assert await wire.quiet(0.0) is False
            async with wire.watch("B") as b:
                await connection.commit()
                await rows(connection, "select 2")
            assert told(a.late) == ["COMMIT"]
            assert told(b.trips) == ["BEGIN", "select 2"]
            await connection.commit()
            assert await wire.quiet(20) is True

    play(server, scene, loop)


def test_two_that_run_at_once_are_told_by_connection_or_marked(
    server: PostgresServer, loop: str
) -> None:
    async def scene(wire: Wire) -> None:
        async with link(wire) as one, link(wire) as two, link(wire) as three:
            async with wire.watch("A") as a:
                await rows(one, "select 'a1'")
                async with wire.watch("B") as b:
                    await rows(two, "select 'b1'")
                    await rows(one, "select 'a2'")
                    await rows(two, "select 'b2'")
                    await rows(three, "select 'who?'")
            assert told(a.trips) == ["select 'a1'", "select 'a2'"]
            assert told(b.trips) == ["select 'b1'", "select 'b2'", "select 'who?'"]
            assert not b.sure

    play(server, scene, loop)


def test_nothing_is_learned_while_a_request_is_watched(server: PostgresServer, loop: str) -> None:
    async def scene(wire: Wire) -> None:
        async with wire.watch("A"):
            with pytest.raises(CheckError):
                await wire.learn_background(0.1)
        learned = await wire.learn_background(0.0)
        assert not learned.shapes

    play(server, scene, loop)
