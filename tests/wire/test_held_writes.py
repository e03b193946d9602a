"""Bursts whose writes are held until two requests are about to write."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import Any

import pytest

from tests.wire.harness import PsycopgConnection, run_scene
from tests.wire.stock_shop import (
    FAILED,
    SOLD,
    SOLD_OUT,
    Sell,
    StockShop,
    sell_locked,
    sell_without_lock,
)
from worksample.checks import Answer, Check, CheckFailed, expect
from worksample.checks.dialect import Dialect
from worksample.probes.exchange import Exchange
from worksample.probes.held_writes import WRITERS, HeldWrites
from worksample.services.postgres import PostgresServer
from worksample.suites import bursts
from worksample.suites.bursts import (
    BURSTS,
    LEAST_BURST_SIZE,
    OBSERVED_BURSTS,
    SMALL_BURST_SIZE,
)
from worksample.wire import Wire

SIZE = 4
PATIENT, IMPATIENT = 20.0, 0.1


async def burst_in_turn(shop: StockShop, work: Sell) -> list[Exchange]:
    """Send requests, each once the one before has ended or a statement is held.

    So requests arrive that take turns before they read: a burst finds their race only by chance.
    """
    sent: list[asyncio.Task[Exchange]] = []
    for number in range(SIZE):
        sent.append(asyncio.create_task(shop.ask(f"/{number}", work)))
        while not sent[-1].done() and not any(c.held for c in shop.wire.connections.values()):
            await asyncio.sleep(0.001)
    return list(await asyncio.gather(*sent))


def sold(exchanges: list[Exchange]) -> int:
    return sum(each.status == SOLD for each in exchanges)


def run_shop(
    server: PostgresServer,
    scene: Callable[[StockShop], Awaitable[None]],
    loop: str = "asyncio",
    *,
    one_at_a_time: bool = False,
) -> None:
    async def in_shop(wire: Wire) -> None:
        shop = StockShop(wire, one_at_a_time=one_at_a_time)
        await shop.open()
        await scene(shop)

    run_scene(server, in_shop, loop)


def test_second_request_reads_before_the_first_writes(server: PostgresServer, loop: str) -> None:
    async def scene(shop: StockShop) -> None:
        held_writes = HeldWrites(shop.wire)
        assert sold(await held_writes.observe(burst_in_turn(shop, sell_without_lock))) == 1
        await shop.open()
        exchanges = await held_writes.hold(burst_in_turn(shop, sell_without_lock), PATIENT)
        assert sold(exchanges) >= WRITERS

    run_shop(server, scene, loop)


@pytest.mark.parametrize(
    ("work", "one_at_a_time"), [(sell_locked, False), (sell_without_lock, True)]
)
def test_correct_server_sells_once(server: PostgresServer, work: Sell, one_at_a_time: bool) -> None:
    async def scene(shop: StockShop) -> None:
        held_writes = HeldWrites(shop.wire)
        await held_writes.observe(burst_in_turn(shop, work))
        await shop.open()
        exchanges = await held_writes.hold(burst_in_turn(shop, work), IMPATIENT)
        assert sorted(each.status for each in exchanges) == [SOLD] + [SOLD_OUT] * (SIZE - 1)

    run_shop(server, scene, one_at_a_time=one_at_a_time)


def test_burst_without_writes_is_not_held(server: PostgresServer) -> None:
    async def scene(shop: StockShop) -> None:
        held_writes = HeldWrites(shop.wire)
        exchanges = await held_writes.hold(burst_in_turn(shop, sell_without_lock), PATIENT)
        assert sold(exchanges) == 1

    run_shop(server, scene)


class LastItem:
    """Adapter of the suite: many want the only item."""

    label = "one of many buys the last item"

    def __init__(
        self, shop: StockShop, work: Sell, size: int = SMALL_BURST_SIZE, sells_before: bool = False
    ) -> None:
        self.shop, self.work, self.size, self.sells_before = shop, work, size, sells_before
        self.prepared = 0

    async def prepare(self) -> None:
        """Sell one item, if this adapter does so; nothing is shared."""
        if self.sells_before:
            await self.shop.open()
            await burst_in_turn(self.shop, self.work)

    async def requests(self) -> list[Any]:
        """Restock."""
        await self.shop.open()
        self.prepared += 1
        return [None] * self.size

    async def judge(self, answers: Sequence[Answer]) -> None:
        """Expect one buyer."""
        expect(sum(each.status == SOLD for each in answers), "sales").equals(1)


class ShopWorld:
    """A world with a wire whose bursts arrive in turn."""

    wired = True

    def __init__(self, adapter: LastItem) -> None:
        self.wire, self.adapter = adapter.shop.wire, adapter
        self.notes: list[str] = []
        self.note = self.notes.append

    def server_computes(self) -> bool:
        """Say that the shop computes nothing."""
        return False

    async def send_concurrently(self, requests: list[Any], label: str) -> list[Answer]:
        """Send the burst."""
        exchanges = await burst_in_turn(self.adapter.shop, self.adapter.work)
        return [Answer(each, Dialect()) for each in exchanges]


def run_suite(
    server: PostgresServer, work: Sell, size: int = SMALL_BURST_SIZE, sells_before: bool = False
) -> tuple[ShopWorld, CheckFailed | None]:
    """Run the check of bursts on a shop; return its world and failure."""
    found: list[tuple[ShopWorld, CheckFailed | None]] = []

    async def scene(shop: StockShop) -> None:
        world = ShopWorld(LastItem(shop, work, size, sells_before))
        (check,) = bursts.SUITE.checks(lambda _: world.adapter, clause="M1", stage=6)
        assert isinstance(check, Check) and check.function is not None
        try:
            await check.function(world)
        except CheckFailed as failure:
            found.append((world, failure))
        else:
            found.append((world, None))

    run_shop(server, scene)
    return found[0]


@pytest.mark.parametrize(
    ("size", "sells_before", "observed"),
    [
        (SMALL_BURST_SIZE, False, BURSTS),
        (SMALL_BURST_SIZE, True, BURSTS),
        (LEAST_BURST_SIZE, False, OBSERVED_BURSTS),
        (LEAST_BURST_SIZE, True, 0),
    ],
)
def test_race_that_no_burst_meets_fails_the_check(
    server: PostgresServer,
    monkeypatch: pytest.MonkeyPatch,
    size: int,
    sells_before: bool,
    observed: int,
) -> None:
    monkeypatch.setattr(bursts, "MIN_IDLE", PATIENT)
    monkeypatch.setattr(bursts, "MAX_IDLE", PATIENT)
    world, failure = run_suite(server, sell_without_lock, size, sells_before)
    assert failure is not None
    assert world.adapter.prepared == observed + 1
    (finding,) = failure.findings
    assert finding.expected == "sales: 1"
    assert "held" in finding.details[-1]


def test_failures_of_a_held_burst_are_not_judged(
    server: PostgresServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    holding: list[HeldWrites] = []
    original = HeldWrites.hold

    async def hold(self: HeldWrites, burst: Any, *waiting: Any) -> Any:
        holding.append(self)
        return await original(self, burst, *waiting)

    async def break_when_held(connection: PsycopgConnection) -> int:
        status = await sell_without_lock(connection)
        return FAILED if holding else status

    monkeypatch.setattr(HeldWrites, "hold", hold)
    world, failure = run_suite(server, break_when_held)
    assert failure is None
    assert len(world.notes) == 1


def test_a_small_burst_is_observed_if_its_first_held_one_is_not_judged(
    server: PostgresServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    held: list[bool] = []
    original = HeldWrites.hold

    async def hold(self: HeldWrites, burst: Any, *waiting: Any) -> Any:
        held.append(True)
        try:
            return await original(self, burst, *waiting)
        finally:
            held[-1] = False

    async def break_when_first_held(connection: PsycopgConnection) -> int:
        status = await sell_without_lock(connection)
        return FAILED if held == [True] else status

    monkeypatch.setattr(HeldWrites, "hold", hold)
    monkeypatch.setattr(bursts, "MIN_IDLE", PATIENT)
    monkeypatch.setattr(bursts, "MAX_IDLE", PATIENT)
    world, failure = run_suite(server, break_when_first_held, LEAST_BURST_SIZE, sells_before=True)
    assert failure is not None
    assert (world.adapter.prepared, held) == (3, [False, False])
