"""The resilience probes on a shop: each defect is found, a correct shop passes."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Awaitable, Callable
from types import SimpleNamespace
from typing import Any, cast

import pytest

from tests.support.hostile import Connection, DisconnectedError, HostileServer
from tests.wire.harness import run_scene
from tests.wire.order_shop import OrderShop
from worksample.probes.blackhole import blackhole
from worksample.probes.connection_losses import LossHistory, lose_connections
from worksample.probes.crashes import CrashHistory, crash_at_every_point
from worksample.probes.durability import (
    duplicate_writes,
    failed_retries,
    lost_writes,
    partial_writes,
)
from worksample.probes.exchange import Request
from worksample.probes.http import HttpClient
from worksample.probes.outages import outage
from worksample.probes.sessions import idle_transactions
from worksample.probes.shutdown import terminate_during_write
from worksample.probes.slow_clients import byte_by_byte, disconnect, half_sent
from worksample.probes.write_operations import Baseline, record_baselines
from worksample.services.postgres import PostgresServer
from worksample.targets import Lab
from worksample.wire import Wire

Act = Callable[[OrderShop, Lab], Awaitable[None]]


def in_a_shop(server: PostgresServer, act: Act, *ways: str) -> None:
    """Run `act` on a shop with these defects."""

    async def scene(wire: Wire) -> None:
        shop = OrderShop(wire, *ways)
        await shop.open()
        lab = SimpleNamespace(wire=wire, database=wire.upstream, target=shop)
        try:
            await act(shop, cast(Lab, lab))
        finally:
            await shop.kill()

    run_scene(server, scene)


async def baselines_of(shop: OrderShop) -> list[Baseline]:
    """Record the baseline of the write operations."""
    return list((await record_baselines(shop.wire, shop.kinds, shop.read)).recorded.values())


def crash_everywhere(server: PostgresServer, *ways: str) -> CrashHistory:
    """Kill a shop at every crash point."""
    found: list[CrashHistory] = []

    async def act(shop: OrderShop, lab: Lab) -> None:
        async def started() -> None:
            assert shop.running

        found.append(
            await crash_at_every_point(
                lab, shop.kinds, await baselines_of(shop), shop.read, started
            )
        )

    in_a_shop(server, act, *ways)
    return found[0]


def lose_everywhere(server: PostgresServer, *ways: str) -> LossHistory:
    """Cut every round trip of a shop."""
    found: list[LossHistory] = []

    async def act(shop: OrderShop, lab: Lab) -> None:
        found.append(
            await lose_connections(lab, shop.kinds, await baselines_of(shop), shop.read, 20.0)
        )

    in_a_shop(server, act, *ways)
    return found[0]


def test_correct_shop_survives_every_kill(server: PostgresServer) -> None:
    found = crash_everywhere(server)
    assert [each.step for each in found.attempts] == [4, 3, 2]
    assert not partial_writes(found.attempts)
    assert not lost_writes(found.attempts)
    assert not found.left_out


def test_kill_between_two_transactions_leaves_half_a_write(server: PostgresServer) -> None:
    found = partial_writes(crash_everywhere(server, "apart").attempts)
    assert [(each.step, each.observed and each.observed.state) for each in found] == [
        (2, {"orders": [1], "items": []})
    ]
    assert "INSERT INTO items" in found[0].fault_summary


def test_answer_before_commit_is_a_lost_write(server: PostgresServer) -> None:
    found = lost_writes(crash_everywhere(server, "early").attempts)
    assert found
    assert all(each.exchange.status == 201 for each in found)


def test_correct_shop_survives_every_lost_connection(server: PostgresServer) -> None:
    found = lose_everywhere(server)
    assert {each.step for each in found.attempts} == {1, 2, 3, 4}
    for judge in (partial_writes, lost_writes, duplicate_writes, failed_retries):
        assert not judge(found.attempts)
    assert not found.idle_transactions
    assert not found.left_out


@pytest.mark.parametrize(
    ("way", "judge"),
    [("apart", partial_writes), ("repeats", duplicate_writes), ("hides", lost_writes)],
)
def test_lost_connections_reveal_each_defect(
    server: PostgresServer, way: str, judge: Callable[..., Any]
) -> None:
    assert judge(lose_everywhere(server, way).attempts)


def test_shop_recovers_after_outage(server: PostgresServer) -> None:
    async def act(shop: OrderShop, lab: Lab) -> None:
        for shut_down in (True, False):
            found = await outage(lab, shop, shut_down=shut_down, away=0.3)
            # The last ones may find the database back again.
            first = min(found.during, key=lambda each: each.started)
            assert first.status == 503
            assert found.back is not None
            assert [each.status for each in found.after] == [200] * 5

    in_a_shop(server, act)


def test_shop_with_timeouts_answers_while_database_is_silent(server: PostgresServer) -> None:
    async def act(shop: OrderShop, lab: Lab) -> None:
        found = await blackhole(shop.wire, [shop.write, shop.read], shop)
        assert [each.status for each in found.answers] == [503, 503]
        assert found.held == 2
        assert found.back is not None

    in_a_shop(server, act, "impatient")


def test_sigterm_lets_the_running_request_finish(server: PostgresServer) -> None:
    async def act(shop: OrderShop, lab: Lab) -> None:
        (known,) = await baselines_of(shop)
        found = await terminate_during_write(lab, await shop.kinds["ordering"]())
        assert (found.exchange.status, found.held) == (201, True)
        assert found.observed is not None
        assert found.observed.state == known.after
        assert found.shutdown.exit_description == "exit code 0"

    in_a_shop(server, act)


def test_client_disconnects_leave_no_open_transaction(server: PostgresServer) -> None:
    async def act(shop: OrderShop, lab: Lab) -> None:
        found = await disconnect(shop.wire, shop.kinds, await baselines_of(shop), 3)
        assert [each.step for each in found] == [4, 3, 2]
        assert [each.retry and each.retry.status for each in found] == [201] * 3
        assert not await idle_transactions(shop.wire, lab.database, 5.0)

    in_a_shop(server, act)


def test_idle_transaction_is_reported(server: PostgresServer) -> None:
    async def act(shop: OrderShop, lab: Lab) -> None:
        async with shop._connected() as connection:
            await connection.execute("BEGIN")
            await connection.execute("SELECT 42")
            (found,) = await idle_transactions(shop.wire, lab.database, 0.0)
            assert str(found) == "idle in transaction, after: SELECT 42"

    in_a_shop(server, act)


@pytest.mark.parametrize("way", [byte_by_byte, half_sent])
def test_slow_clients_never_finish_their_requests(way: Callable[..., Any]) -> None:
    request = Request("POST", "/", (), b"0123456789")

    def handler(connection: Connection) -> None:
        try:
            connection.read_request()
        except DisconnectedError:
            gone.release()
            raise

    async def scene(url: str) -> None:
        client = HttpClient(url)
        async with way(client, [request] * 5):
            await asyncio.sleep(0)
        await client.aclose()
        for _ in range(5):
            assert await asyncio.to_thread(gone.acquire, timeout=20)

    gone = threading.Semaphore(0)
    with HostileServer(handler) as server:
        asyncio.run(scene(server.url))
    assert not server.requests
