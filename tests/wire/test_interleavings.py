"""Two requests at once, in every order that their statements allow."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from tests.wire.scenes import play
from tests.wire.shops import (
    FAILED,
    OK,
    SOLD,
    SOLD_OUT,
    Sell,
    Shop,
    sell_carelessly,
    sell_impatiently,
    sell_locked,
    tidy,
)
from worksample.probes.interleavings import interleave, one_after_the_other
from worksample.probes.schedules import How, Patience, Played, Schedule
from worksample.services.postgres import PostgresServer
from worksample.wire import Wire

PATIENT = Patience(idle=20.0)
IMPATIENT = Patience(idle=0.1)


def played(
    server: PostgresServer,
    loop: str,
    schedule: Schedule,
    first: Sell,
    second: Sell,
    *,
    one_at_a_time: bool = False,
) -> Played | None:
    """Play one schedule of two requests in a new shop."""
    patience = IMPATIENT if one_at_a_time else PATIENT
    return played_by(
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


def played_by(
    server: PostgresServer,
    loop: str,
    game: Callable[[Shop], Awaitable[Played | None]],
    one_at_a_time: bool = False,
) -> Played | None:
    found: list[Played | None] = []

    async def scene(wire: Wire) -> None:
        shop = Shop(wire, one_at_a_time=one_at_a_time)
        await shop.open()
        found.append(await game(shop))

    play(server, scene, loop)
    return found[0]


def statuses(came: Played | None) -> list[int]:
    assert came is not None
    return [exchange.status for exchange in came.exchanges]


def told(came: Played | None) -> list[tuple[str, str]]:
    """The statements of both, in their order."""
    assert came is not None
    return [("AB"[step.actor], step.text) for step in came.steps]


def notes(came: Played | None) -> list[str]:
    assert came is not None
    return [step.note for step in came.steps if step.note]


def test_one_after_the_other_is_watched_too(server: PostgresServer, loop: str) -> None:
    async def game(shop: Shop) -> Played:
        asks = (
            lambda: shop.ask("/first", sell_carelessly),
            lambda: shop.ask("/second", sell_carelessly),
        )
        return await one_after_the_other(shop.wire, asks, 1, PATIENT)

    came = played_by(server, loop, game)
    assert came is not None
    assert statuses(came) == [SOLD_OUT, SOLD]
    assert came.lengths == (3, 5)
    assert [actor for actor, _ in told(came)] == ["B"] * 7 + ["A"] * 5
    assert came.settled


def test_what_is_read_is_old_when_the_other_ran_in_between(
    server: PostgresServer, loop: str
) -> None:
    came = played(server, loop, Schedule(0, 3), sell_carelessly, sell_carelessly)
    assert came is not None
    assert statuses(came) == [SOLD, SOLD]
    assert (came.follower, came.round_trips, came.lengths) == (How.ENDED, 5, (5, 5))
    assert told(came) == [
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
    assert notes(came) == ["held here until B has ended"]


def test_either_of_the_two_can_be_the_one_that_is_held(server: PostgresServer, loop: str) -> None:
    came = played(server, loop, Schedule(1, 2), sell_carelessly, sell_carelessly)
    assert statuses(came) == [SOLD, SOLD_OUT]
    assert notes(came) == ["held here until A has ended"]


def test_one_that_waits_for_the_other_is_not_waited_for(server: PostgresServer, loop: str) -> None:
    came = played(server, loop, Schedule(0, 3), sell_locked, sell_locked)
    assert came is not None
    assert statuses(came) == [SOLD, SOLD_OUT]
    assert (came.follower, came.round_trips) == (How.LOCKED, 2)
    assert notes(came) == ["held here until B waits for a lock that the other has"]


def test_one_that_asks_again_for_a_lock_is_not_waited_for(
    server: PostgresServer, loop: str
) -> None:
    came = played(server, loop, Schedule(0, 3), sell_impatiently, sell_impatiently)
    assert came is not None
    assert statuses(came) == [SOLD, SOLD_OUT]
    assert came.follower is How.REFUSED
    assert "held here until B is refused a lock that the other has" in notes(came)


def test_a_deadlock_is_told_by_its_name(server: PostgresServer, loop: str) -> None:
    there, back = tidy("left", "right"), tidy("right", "left")
    came = played(server, loop, Schedule(0, 3), there, back)
    assert came is not None
    assert sorted(statuses(came)) == [OK, FAILED]
    assert came.follower is How.LOCKED
    assert "deadlock detected (40P01)" in notes(came)
    assert came.settled


def test_with_two_preemptions_both_are_held(server: PostgresServer, loop: str) -> None:
    came = played(server, loop, Schedule(0, 3, 3), sell_carelessly, sell_carelessly)
    assert came is not None
    assert (came.follower, came.round_trips) == (How.HELD, 3)
    assert statuses(came) == [SOLD, SOLD]
    assert notes(came) == ["held here until B is held", "held here until A has ended"]


def test_one_that_is_not_served_meanwhile_is_shut_out(server: PostgresServer, loop: str) -> None:
    came = played(
        server, loop, Schedule(0, 3), sell_carelessly, sell_carelessly, one_at_a_time=True
    )
    assert came is not None
    assert statuses(came) == [SOLD, SOLD_OUT]
    assert (came.follower, came.round_trips) == (How.IDLE, 0)


def test_a_round_trip_that_never_comes_is_no_schedule(server: PostgresServer, loop: str) -> None:
    assert played(server, loop, Schedule(0, 6), sell_carelessly, sell_carelessly) is None
