"""Crash points, lost connections, outages, silence: found where they hurt, and only there."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Awaitable, Callable
from types import SimpleNamespace
from typing import Any, cast

import pytest

from tests.support.hostile import GoneError, HostileServer, Talk
from tests.wire.scenes import play
from tests.wire.shop import Shop
from worksample.probes.crashes import Crashes, crash
from worksample.probes.deeds import Known, learn
from worksample.probes.exchange import Request
from worksample.probes.http import HttpClient
from worksample.probes.loitering import byte_by_byte, half_sent, vanish
from worksample.probes.losses import Losses, lose
from worksample.probes.outages import outage
from worksample.probes.sessions import forgotten_transactions
from worksample.probes.silence import fall_silent
from worksample.probes.stopping import terminate_in_the_middle
from worksample.probes.storing import broken_promises, doubles, halves, stubborn
from worksample.services.postgres import PostgresServer
from worksample.targets import Lab
from worksample.wire import Wire

Act = Callable[[Shop, Lab], Awaitable[None]]


def in_a_shop(server: PostgresServer, act: Act, *ways: str) -> None:
    """Let `act` happen in a shop with these bad ways."""

    async def scene(wire: Wire) -> None:
        shop = Shop(wire, *ways)
        await shop.open()
        lab = SimpleNamespace(wire=wire, database=wire.database.behind, target=shop)
        try:
            await act(shop, cast(Lab, lab))
        finally:
            await shop.kill()

    play(server, scene)


async def known_of(shop: Shop) -> list[Known]:
    """Learn what an order does."""
    return list((await learn(shop.wire, shop.kinds, shop.look)).values())


def crashed(server: PostgresServer, *ways: str) -> Crashes:
    """Kill a shop at every point."""
    found: list[Crashes] = []

    async def act(shop: Shop, lab: Lab) -> None:
        async def started() -> None:
            assert shop.running

        found.append(await crash(lab, shop.kinds, await known_of(shop), shop.look, started))

    in_a_shop(server, act, *ways)
    return found[0]


def lost(server: PostgresServer, *ways: str) -> Losses:
    """Lose every connection of a shop."""
    found: list[Losses] = []

    async def act(shop: Shop, lab: Lab) -> None:
        found.append(await lose(lab, shop.kinds, await known_of(shop), shop.look, 20.0))

    in_a_shop(server, act, *ways)
    return found[0]


def test_a_good_shop_survives_every_kill(server: PostgresServer) -> None:
    found = crashed(server)
    assert [each.step for each in found.attempts] == [4, 3, 2]
    assert not halves(found.attempts)
    assert not broken_promises(found.attempts)
    assert not found.left_out


def test_two_transactions_are_torn_apart_by_a_kill(server: PostgresServer) -> None:
    found = halves(crashed(server, "apart").attempts)
    assert [(each.step, each.seen and each.seen.state) for each in found] == [
        (2, {"orders": [1], "items": []})
    ]
    assert "INSERT INTO items" in found[0].fate


def test_an_early_answer_is_a_broken_promise(server: PostgresServer) -> None:
    found = broken_promises(crashed(server, "early").attempts)
    assert found
    assert all(each.exchange.status == 201 for each in found)


def test_a_good_shop_survives_every_loss(server: PostgresServer) -> None:
    found = lost(server)
    assert {each.step for each in found.attempts} == {1, 2, 3, 4}
    for judge in (halves, broken_promises, doubles, stubborn):
        assert not judge(found.attempts)
    assert not found.forgotten
    assert not found.left_out


@pytest.mark.parametrize(
    ("way", "judge"), [("apart", halves), ("repeats", doubles), ("hides", broken_promises)]
)
def test_bad_ways_are_found_by_losses(
    server: PostgresServer, way: str, judge: Callable[..., Any]
) -> None:
    assert judge(lost(server, way).attempts)


def test_an_outage_passes(server: PostgresServer) -> None:
    async def act(shop: Shop, lab: Lab) -> None:
        for shut_down in (True, False):
            found = await outage(lab, shop, shut_down=shut_down, away=0.3)
            assert {each.status for each in found.meanwhile} == {503}
            assert found.back is not None
            assert [each.status for each in found.after] == [200] * 5

    in_a_shop(server, act)


def test_who_never_waits_is_answered_in_silence(server: PostgresServer) -> None:
    async def act(shop: Shop, lab: Lab) -> None:
        found = await fall_silent(shop.wire, [shop.say, shop.look], shop)
        assert [each.status for each in found.answers] == [503, 503]
        assert found.held == 2
        assert found.back is not None

    in_a_shop(server, act)


def test_sigterm_comes_in_the_middle(server: PostgresServer) -> None:
    async def act(shop: Shop, lab: Lab) -> None:
        (known,) = await known_of(shop)
        found = await terminate_in_the_middle(lab, await shop.kinds["ordering"]())
        assert (found.exchange.status, found.held) == (201, True)
        assert found.seen is not None
        assert found.seen.state == known.after
        assert found.stopped.how == "exit code 0"

    in_a_shop(server, act)


def test_clients_vanish(server: PostgresServer) -> None:
    async def act(shop: Shop, lab: Lab) -> None:
        found = await vanish(shop.wire, shop.kinds, await known_of(shop), 3)
        assert [each.step for each in found] == [4, 3, 2]
        assert [each.again and each.again.status for each in found] == [201] * 3
        assert not await forgotten_transactions(shop.wire, lab.database, 5.0)

    in_a_shop(server, act)


def test_a_forgotten_transaction_is_seen(server: PostgresServer) -> None:
    async def act(shop: Shop, lab: Lab) -> None:
        async with shop._connected() as connection:
            await connection.execute("BEGIN")
            await connection.execute("SELECT 42")
            (found,) = await forgotten_transactions(shop.wire, lab.database, 0.0)
            assert str(found) == "idle in transaction, after: SELECT 42"

    in_a_shop(server, act)


@pytest.mark.parametrize("way", [byte_by_byte, half_sent])
def test_loiterers_never_end(way: Callable[..., Any]) -> None:
    request = Request("POST", "/", (), b"0123456789")

    def script(talk: Talk) -> None:
        try:
            talk.read_request()
        except GoneError:
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
    with HostileServer(script) as server:
        asyncio.run(scene(server.url))
    assert not server.requests
