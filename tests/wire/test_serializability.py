"""`serializable` on a real database: shops with races are found, correct ones pass."""

from __future__ import annotations

import math
import random
from contextlib import nullcontext
from types import SimpleNamespace
from typing import Any

import pytest

from tests.wire.harness import run_scene
from tests.wire.stock_shop import (
    FAILED,
    Sell,
    StockShop,
    sell_in_autocommit,
    sell_locked,
    sell_or_fail,
    sell_with_nowait,
    sell_without_lock,
    update_shelves,
)
from worksample.checks import Answer, CheckFailed, Race, race_runner, serializable
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
    """Run one pair at a time: with one item in stock, concurrent pairs would interfere.

    No test may be excused because a busy machine held a request for long.
    """
    monkeypatch.setattr(race_runner, "PAIRS_AT_ONCE", 1)
    monkeypatch.setattr(race_runner, "LONG_HELD", math.inf)


def world_of(shop: StockShop, *, wired: bool = True) -> World:
    """Return a world whose lab runs the shop; `wired` is whether the lab has a wire."""
    lab = SimpleNamespace(wire=shop.wire, wired=wired, wants_cpu=False)
    context: Any = SimpleNamespace(lab=lab, extra_clients=[])
    session: Any = shop
    session.client = SimpleNamespace(without_keep_alive=nullcontext)
    return World(context, session, random.Random(7))


def run_check(
    server: PostgresServer,
    first: Sell,
    second: Sell,
    *,
    serial_outcomes: tuple[tuple[str, str], ...] = ONE_OF_TWO,
    symmetric: bool = False,
    one_at_a_time: bool = False,
    wired: bool = True,
) -> tuple[Finding | None, list[str]]:
    """Run the check on a shop with these two handlers; return its finding and notes."""
    found: list[tuple[Finding | None, list[str]]] = []

    async def scene(wire: Wire) -> None:
        shop = StockShop(wire, one_at_a_time=one_at_a_time)
        world = world_of(shop, wired=wired)

        async def ask(target: str, work: Sell) -> Answer:
            return Answer(await shop.ask(target, work), Dialect())

        async def race() -> Race:
            await shop.open()
            return Race(lambda: ask("/first", first), lambda: ask("/second", second), shop.sales)

        try:
            await serializable(
                world,
                race,
                needs="it-sells",
                serial_outcomes=serial_outcomes,
                symmetric=symmetric,
                double_preemptions=0,
            )
        except CheckFailed as failure:
            found.append((failure.findings[0], world.notes))
        else:
            found.append((None, world.notes))

    run_scene(server, scene)
    return found[0]


def test_unlocked_read_then_write_is_found_with_its_statements(
    server: PostgresServer,
) -> None:
    finding, notes = run_check(server, sell_without_lock, sell_without_lock)
    assert finding is not None
    assert finding.expected == (
        "the same result as if one request had run after the other (serializable): "
        "A 201, B 409, state: 1; or A 409, B 201, state: 1"
    )
    assert finding.actual == "A 201, B 201, state: 2"
    (timeline,) = finding.figures
    assert isinstance(timeline, Timeline)
    marked = [(beat.actor, beat.text) for beat in timeline.beats if beat.mark]
    assert marked == [(0, "update item set stock = 0")]
    assert not notes


@pytest.mark.parametrize("nth", range(1, 11))
def test_race_is_found_when_nth_request_has_extra_round_trip(
    server: PostgresServer, nth: int
) -> None:
    sell = sell_in_autocommit(nth)
    finding, _ = run_check(server, sell, sell, symmetric=True)
    assert finding is not None
    assert finding.actual == "A 201, B 201, state: 2"


def test_row_lock_passes(server: PostgresServer) -> None:
    assert run_check(server, sell_locked, sell_locked) == (None, [])


def test_nowait_lock_with_retries_passes(server: PostgresServer) -> None:
    assert run_check(server, sell_with_nowait, sell_with_nowait) == (None, [])


def test_race_between_locked_and_unlocked_request_is_found(server: PostgresServer) -> None:
    finding, _ = run_check(server, sell_locked, sell_without_lock)
    assert finding is not None and finding.actual == "A 201, B 201, state: 2"


def test_deadlock_answered_with_500_is_found(server: PostgresServer) -> None:
    there, back = update_shelves("left", "right"), update_shelves("right", "left")
    finding, _ = run_check(server, there, back, serial_outcomes=BOTH)
    assert finding is not None
    assert finding.culprit is not None
    assert finding.exchanges[finding.culprit].status == FAILED
    assert "must resolve a conflict" in finding.because


def test_conflict_is_found_even_after_a_long_hold(
    server: PostgresServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(race_runner, "LONG_HELD", 0.0)
    there, back = update_shelves("left", "right"), update_shelves("right", "left")
    finding, _ = run_check(server, there, back, serial_outcomes=BOTH)
    assert finding is not None and finding.culprit is not None


def test_failure_after_a_long_hold_is_only_a_note(
    server: PostgresServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    finding, _ = run_check(server, sell_or_fail, sell_or_fail)
    assert finding is not None and finding.culprit is not None
    monkeypatch.setattr(race_runner, "LONG_HELD", 0.0)
    finding, notes = run_check(server, sell_or_fail, sell_or_fail)
    assert finding is None
    assert len(notes) == 1 and "are not judged" in notes[0]


def test_same_lock_order_passes(server: PostgresServer) -> None:
    there = update_shelves("left", "right")
    assert run_check(server, there, there, serial_outcomes=BOTH) == (None, [])


def test_one_request_at_a_time_passes_with_a_note(server: PostgresServer) -> None:
    finding, notes = run_check(server, sell_without_lock, sell_without_lock, one_at_a_time=True)
    assert finding is None
    assert len(notes) == 1 and "one request at a time" in notes[0]


def test_without_wire_requests_run_concurrently_with_a_note(server: PostgresServer) -> None:
    finding, notes = run_check(server, sell_locked, sell_locked, wired=False)
    assert finding is None
    assert len(notes) == 1 and "at the same moment" in notes[0]
