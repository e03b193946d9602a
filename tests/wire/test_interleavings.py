"""Two concurrent requests, interleaved at chosen statements."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

from tests.wire.harness import run_scene
from tests.wire.stock_shop import (
    FAILED,
    OK,
    SOLD,
    SOLD_OUT,
    Sell,
    StockShop,
    sell_locked,
    sell_with_nowait,
    sell_without_lock,
    update_shelves,
)
from worksample.probes.exchange import Exchange
from worksample.probes.interleavings import interleave, run_serially
from worksample.probes.schedules import RequestState, Schedule, ScheduleRun, Timeouts
from worksample.services.postgres import PostgresServer
from worksample.wire import Wire

PATIENT = Timeouts(idle=20.0)
IMPATIENT = Timeouts(idle=0.1)
POLLS_OF_A_HASH = 8


def run_schedule(
    server: PostgresServer,
    loop: str,
    schedule: Schedule,
    first: Sell,
    second: Sell,
    *,
    one_at_a_time: bool = False,
) -> ScheduleRun | None:
    """Run one schedule of two requests in a new shop."""
    patience = IMPATIENT if one_at_a_time else PATIENT
    return run_game(
        server,
        loop,
        lambda shop: interleave(
            shop.wire,
            (lambda: shop.ask("/first", first), lambda: shop.ask("/second", second)),
            schedule,
            patience,
        ),
        one_at_a_time,
    )


def run_game(
    server: PostgresServer,
    loop: str,
    action: Callable[[StockShop], Awaitable[ScheduleRun | None]],
    one_at_a_time: bool = False,
) -> ScheduleRun | None:
    found: list[ScheduleRun | None] = []

    async def scene(wire: Wire) -> None:
        shop = StockShop(wire, one_at_a_time=one_at_a_time)
        await shop.open()
        found.append(await action(shop))

    run_scene(server, scene, loop)
    return found[0]


def statuses(result: ScheduleRun | None) -> list[int]:
    assert result is not None
    return [exchange.status for exchange in result.exchanges]


def statements_of(result: ScheduleRun | None) -> list[tuple[str, str]]:
    """Return (request, text) of each step, in order."""
    assert result is not None
    return [("AB"[step.actor], step.text) for step in result.steps]


def notes(result: ScheduleRun | None) -> list[str]:
    assert result is not None
    return [step.note for step in result.steps if step.note]


def test_serial_run_is_traced(server: PostgresServer, loop: str) -> None:
    async def action(shop: StockShop) -> ScheduleRun:
        asks = (
            lambda: shop.ask("/first", sell_without_lock),
            lambda: shop.ask("/second", sell_without_lock),
        )
        return await run_serially(shop.wire, asks, 1, PATIENT)

    result = run_game(server, loop, action)
    assert result is not None
    assert statuses(result) == [SOLD_OUT, SOLD]
    assert result.lengths == (3, 5)
    assert [actor for actor, _ in statements_of(result)] == ["B"] * 7 + ["A"] * 5
    assert result.settled


def test_request_that_computes_before_it_reads_is_waited_for(
    server: PostgresServer, loop: str
) -> None:
    async def action(shop: StockShop) -> ScheduleRun | None:
        hashed, polls = asyncio.Event(), []

        def computes() -> bool:
            polls.append(1)
            if len(polls) == POLLS_OF_A_HASH:
                hashed.set()
            return not hashed.is_set()

        async def hash_and_sell() -> Exchange:
            await hashed.wait()
            return await shop.ask("/second", sell_without_lock)

        asks = (lambda: shop.ask("/first", sell_without_lock), hash_and_sell)
        # It is asked whether it computes only after `idle`; so long it may take to send its read.
        timeouts = Timeouts(idle=1.0, computing=20.0)
        return await interleave(shop.wire, asks, Schedule(0, 3), timeouts, computes)

    result = run_game(server, loop, action)
    assert result is not None
    assert (result.follower, statuses(result)) == (RequestState.ENDED, [SOLD, SOLD])


def test_read_is_stale_when_other_request_ran_in_between(server: PostgresServer, loop: str) -> None:
    result = run_schedule(server, loop, Schedule(0, 3), sell_without_lock, sell_without_lock)
    assert result is not None
    assert statuses(result) == [SOLD, SOLD]
    assert (result.follower, result.round_trips, result.lengths) == (RequestState.ENDED, 5, (5, 5))
    assert statements_of(result) == [
        ("A", "POST /first"),
        ("A", "BEGIN"),
        ("A", "select stock from item"),
        ("B", "POST /second"),
        ("B", "BEGIN"),
        ("B", "select stock from item"),
        ("B", "update item set stock = 0"),
        ("B", "insert into sale values (1)"),
        ("B", "COMMIT"),
        ("B", "→ 201"),
        ("A", "update item set stock = 0"),
        ("A", "insert into sale values (1)"),
        ("A", "COMMIT"),
        ("A", "→ 201"),
    ]
    assert notes(result) == ["held here until B has ended"]


def test_second_request_can_be_held(server: PostgresServer, loop: str) -> None:
    result = run_schedule(server, loop, Schedule(1, 2), sell_without_lock, sell_without_lock)
    assert statuses(result) == [SOLD, SOLD_OUT]
    assert notes(result) == ["held here until A has ended"]


def test_request_blocked_on_lock_is_not_awaited(server: PostgresServer, loop: str) -> None:
    result = run_schedule(server, loop, Schedule(0, 3), sell_locked, sell_locked)
    assert result is not None
    assert statuses(result) == [SOLD, SOLD_OUT]
    assert (result.follower, result.round_trips) == (RequestState.LOCKED, 2)
    assert notes(result) == ["held here until B waits for a lock held by the other request"]


def test_request_retrying_nowait_lock_is_not_awaited(server: PostgresServer, loop: str) -> None:
    result = run_schedule(server, loop, Schedule(0, 3), sell_with_nowait, sell_with_nowait)
    assert result is not None
    assert statuses(result) == [SOLD, SOLD_OUT]
    assert result.follower is RequestState.REFUSED
    assert "held here until B is refused a lock held by the other request" in notes(result)


def test_deadlock_is_named_with_its_sqlstate(server: PostgresServer, loop: str) -> None:
    there, back = update_shelves("left", "right"), update_shelves("right", "left")
    result = run_schedule(server, loop, Schedule(0, 3), there, back)
    assert result is not None
    assert sorted(statuses(result)) == [OK, FAILED]
    assert result.follower is RequestState.LOCKED
    assert "deadlock detected (40P01)" in notes(result)
    assert result.settled


def test_two_preemptions_hold_both_requests(server: PostgresServer, loop: str) -> None:
    result = run_schedule(server, loop, Schedule(0, 3, 3), sell_without_lock, sell_without_lock)
    assert result is not None
    assert (result.follower, result.round_trips) == (RequestState.HELD, 3)
    assert statuses(result) == [SOLD, SOLD]
    assert notes(result) == ["held here until B is held", "held here until A has ended"]


def test_request_not_served_meanwhile_is_idle(server: PostgresServer, loop: str) -> None:
    result = run_schedule(
        server, loop, Schedule(0, 3), sell_without_lock, sell_without_lock, one_at_a_time=True
    )
    assert result is not None
    assert statuses(result) == [SOLD, SOLD_OUT]
    assert (result.follower, result.round_trips) == (RequestState.IDLE, 0)


def test_schedule_with_unreached_round_trip_returns_none(server: PostgresServer, loop: str) -> None:
    assert run_schedule(server, loop, Schedule(0, 6), sell_without_lock, sell_without_lock) is None
