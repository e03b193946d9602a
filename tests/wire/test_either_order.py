"""`either_order` on a real database: broken shops are told, and those done right never are."""

from __future__ import annotations

import random
from contextlib import nullcontext
from types import SimpleNamespace
from typing import Any

import pytest

from tests.wire.scenes import play
from tests.wire.shops import (
    FAILED,
    Sell,
    Shop,
    sell_carelessly,
    sell_impatiently,
    sell_locked,
    take_the_first,
    tidy,
)
from worksample.checks import Answer, Race, Unmet, contest, either_order
from worksample.checks.dialect import Dialect
from worksample.checks.figures import Timeline
from worksample.checks.model import Finding
from worksample.checks.world import World
from worksample.services.postgres import PostgresServer
from worksample.wire import Wire

ONE_OF_TWO = (("done", "refused"),)
BOTH = (("done", "done"),)


@pytest.fixture(autouse=True)
def one_pair_at_a_time(monkeypatch: pytest.MonkeyPatch) -> None:
    """The shop has one thing to sell: pairs side by side would be no races of two."""
    monkeypatch.setattr(contest, "PAIRS_AT_ONCE", 1)


def world_of(shop: Shop, *, wired: bool = True) -> World:
    """Return a world in whose lab the shop is the server; `wired` says that it uses the wire."""
    lab = SimpleNamespace(wire=shop.wire, wired=wired)
    arena: Any = SimpleNamespace(lab=lab, opened=[])
    session: Any = shop
    session.client = SimpleNamespace(keeping_none=nullcontext)
    return World(arena, session, random.Random(7))


def judged(
    server: PostgresServer,
    first: Sell,
    second: Sell,
    *,
    serially: tuple[tuple[str, str], ...] = ONE_OF_TWO,
    one_at_a_time: bool = False,
    wired: bool = True,
) -> tuple[Finding | None, list[str]]:
    """Return what is found in a shop that answers so, and what is remarked."""
    found: list[tuple[Finding | None, list[str]]] = []

    async def scene(wire: Wire) -> None:
        shop = Shop(wire, one_at_a_time=one_at_a_time)
        world = world_of(shop, wired=wired)

        async def ask(target: str, work: Sell) -> Answer:
            return Answer(await shop.ask(target, work), Dialect())

        async def race() -> Race:
            await shop.open()
            return Race(lambda: ask("/first", first), lambda: ask("/second", second), shop.sales)

        try:
            await either_order(world, race, needs="it-sells", serially=serially, pairs=4)
        except Unmet as unmet:
            found.append((unmet.findings[0], world.remarks))
        else:
            found.append((None, world.remarks))

    play(server, scene)
    return found[0]


def test_a_look_before_the_sale_is_found_with_the_statements_that_break_it(
    server: PostgresServer,
) -> None:
    finding, remarks = judged(server, sell_carelessly, sell_carelessly)
    assert finding is not None
    assert finding.expected == (
        "what one after the other brings: A 201, B 409, then 1; or A 409, B 201, then 1"
    )
    assert finding.actual == "A 201, B 201, then 2"
    (timeline,) = finding.figures
    assert isinstance(timeline, Timeline)
    marked = [(beat.actor, beat.text) for beat in timeline.beats if beat.mark]
    assert marked == [(0, "update item set stock = 0")]
    assert not remarks


def test_a_sale_that_holds_its_row_is_right(server: PostgresServer) -> None:
    assert judged(server, sell_locked, sell_locked) == (None, [])


def test_a_sale_that_asks_again_for_its_row_is_right(server: PostgresServer) -> None:
    assert judged(server, sell_impatiently, sell_impatiently) == (None, [])


def test_a_careless_and_a_careful_one_race_all_the_same(server: PostgresServer) -> None:
    finding, _ = judged(server, sell_locked, sell_carelessly)
    assert finding is not None and finding.actual == "A 201, B 201, then 2"


def test_a_violated_key_is_told_however_long_one_was_held(
    server: PostgresServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(contest, "LONG_HELD", 0.0)
    finding, _ = judged(server, take_the_first, take_the_first)
    assert finding is not None
    assert finding.culprit is not None
    assert finding.exchanges[finding.culprit].status == FAILED


def test_another_failure_of_one_that_was_held_for_long_is_not_told(
    server: PostgresServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(contest, "LONG_HELD", 0.0)
    there, back = tidy("left", "right"), tidy("right", "left")
    finding, remarks = judged(server, there, back, serially=BOTH)
    assert finding is None
    assert len(remarks) == 1 and "held for long" in remarks[0]


def test_a_deadlock_that_is_shown_is_found(server: PostgresServer) -> None:
    there, back = tidy("left", "right"), tidy("right", "left")
    finding, _ = judged(server, there, back, serially=BOTH)
    assert finding is not None
    assert finding.culprit is not None
    assert finding.exchanges[finding.culprit].status == FAILED
    assert "not the client's" in finding.because


def test_the_same_way_round_is_no_deadlock(server: PostgresServer) -> None:
    there = tidy("left", "right")
    assert judged(server, there, there, serially=BOTH) == (None, [])


def test_a_shop_that_serves_one_at_a_time_is_right_and_told_so(server: PostgresServer) -> None:
    finding, remarks = judged(server, sell_carelessly, sell_carelessly, one_at_a_time=True)
    assert finding is None
    assert len(remarks) == 1 and "one request at a time" in remarks[0]


def test_without_a_wire_both_are_asked_at_once_and_that_is_said(server: PostgresServer) -> None:
    finding, remarks = judged(server, sell_locked, sell_locked, wired=False)
    assert finding is None
    assert len(remarks) == 1 and "by luck" in remarks[0]
