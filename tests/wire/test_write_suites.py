"""The suites on interrupted writes, with a shop as the product."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from types import SimpleNamespace
from typing import Any

import pytest

from tests.wire.harness import run_scene
from tests.wire.order_shop import OrderShop
from worksample.checks import Check, CheckFailed, PreconditionFailed, Suite
from worksample.checks.pace import Pace
from worksample.probes.exchange import Exchange
from worksample.probes.write_operations import Prepare
from worksample.services.postgres import PostgresServer
from worksample.suites import acknowledged_writes, write_atomicity
from worksample.wire import Wire

KILLS = (
    "nothing-is-answered-before-it-is-stored",
    "a-kill-leaves-nothing-half-written",
    "after-a-kill-one-can-ask-again",
)
LOSSES = (
    "no-success-without-storing",
    "a-broken-connection-leaves-nothing-by-half",
    "a-lost-answer-doubles-nothing",
    "a-broken-connection-is-mended",
)


class ShopWrites:
    """The adapter of the shop: its one kind of write, and a read."""

    needs = "an-order-can-be-placed"
    judged = ()

    def __init__(self, world: Any) -> None:
        self.shop: OrderShop = world.lab.target

    @property
    def kinds(self) -> Mapping[str, Prepare]:
        return self.shop.kinds

    async def unrelated(self) -> Exchange:
        return await self.shop.read()

    async def reauthenticate(self) -> None:
        assert self.shop.running


class ShopWorld:
    """A world whose lab holds the shop; experiments are made once."""

    def __init__(self, lab: Any) -> None:
        self.lab, self.wire, self.database = lab, lab.wire, lab.database
        self.notes: list[str] = []
        self.unprepared: list[PreconditionFailed] = []
        self._made: dict[str, asyncio.Future[Any]] = {}
        self.context = SimpleNamespace(pace=Pace(), shared=self._made)

    async def once_per_run(self, name: str, make: Callable[[], Awaitable[Any]]) -> Any:
        if name not in self._made:
            self._made[name] = asyncio.ensure_future(make())
        return await self._made[name]

    def note(self, sentence: str) -> None:
        self.notes.append(sentence)


def checks_of(*suites: Suite[Any]) -> dict[str, Check]:
    """Return the checks of `suites` for the shop, by id."""
    declared = [each for suite in suites for each in suite.checks(ShopWrites, clause="V1", stage=8)]
    assert all(isinstance(each, Check) for each in declared)
    return {each.id: each for each in declared if isinstance(each, Check)}


def failures(server: PostgresServer, ids: tuple[str, ...], *ways: str) -> dict[str, str]:
    """Run the checks `ids` on a shop with these defects; return what those that fail found."""
    checks = checks_of(acknowledged_writes.SUITE, write_atomicity.SUITE)
    found: dict[str, str] = {}

    async def scene(wire: Wire) -> None:
        shop = OrderShop(wire, *ways)
        await shop.open()
        lab = SimpleNamespace(wire=wire, database=wire.upstream, target=shop)
        world: Any = ShopWorld(lab)
        try:
            for name in ids:
                function = checks[name].function
                assert function is not None
                try:
                    await function(world)
                except CheckFailed as failure:
                    found[name] = failure.findings[0].actual
        finally:
            await shop.kill()

    run_scene(server, scene)
    return found


def test_correct_shop_passes(server: PostgresServer) -> None:
    assert not failures(server, KILLS + LOSSES)


@pytest.mark.parametrize(
    ("way", "ids", "failed"),
    [
        ("apart", KILLS, "a-kill-leaves-nothing-half-written"),
        ("early", KILLS, "nothing-is-answered-before-it-is-stored"),
        ("hides", LOSSES, "no-success-without-storing"),
        ("repeats", LOSSES, "a-lost-answer-doubles-nothing"),
    ],
)
def test_each_defect_fails_its_check(
    server: PostgresServer, way: str, ids: tuple[str, ...], failed: str
) -> None:
    found = failures(server, ids, way)
    assert failed in found
    assert found[failed].startswith("ordering was answered 201" if way != "apart" else "ordering ")
