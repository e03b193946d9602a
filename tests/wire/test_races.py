"""Races are found by search: two requests, held before each of their statements in turn."""

from __future__ import annotations

import pytest

from tests.wire.counter import (
    Counter,
    Doing,
    add_to,
    hold_and_write,
    no_such_column,
    read_and_write,
    world_of,
)
from tests.wire.scenes import play
from worksample.checks import Finding, GivenFailed, Race, Unmet, either_order
from worksample.checks.contest import Contest
from worksample.checks.figures import Timeline
from worksample.probes.exchange import Exchange
from worksample.probes.interleavings import How, Patience, Played, Schedule, interleave
from worksample.services.postgres import PostgresServer
from worksample.wire import Wire

BOTH = [("done", "done")]
SWIFT = Patience(idle=0.1, settling=1.0)


async def judged(wire: Wire, counter: Counter, first: Doing, second: Doing) -> list[str]:
    """Judge a race of two; return the remarks. Raises `Unmet` if it is one."""
    world = world_of(wire)

    async def scene() -> Race:
        return await counter.race(first, second)

    await either_order(world, scene, needs="counting", serially=BOTH)
    return world.remarks


async def found(wire: Wire, counter: Counter, first: Doing, second: Doing) -> Finding:
    """The race that is found."""
    with pytest.raises(Unmet) as caught:
        await judged(wire, counter, first, second)
    return caught.value.findings[0]


async def played(wire: Wire, counter: Counter, doing: Doing, schedule: Schedule) -> Played | None:
    """The same twice, as a schedule says."""
    await counter.begin()

    async def ask() -> Exchange:
        return await counter.ask(doing)

    return await interleave(wire, (ask, ask), schedule, SWIFT)


def test_a_lost_update_is_found_and_told(server: PostgresServer, loop: str) -> None:
    async def scene(wire: Wire) -> None:
        finding = await found(wire, Counter(wire), read_and_write, read_and_write)
        assert finding.expected == (
            "what one after the other brings: A 200, B 200, then a: 2, b: 0"
        )
        assert finding.actual == "A 200, B 200, then a: 1, b: 0"
        (timeline,) = finding.figures
        assert isinstance(timeline, Timeline)
        told = [f"{'AB'[each.actor]} {each.text}" for each in timeline.beats]
        write = "update counter set n = $1 where name = 'a'"
        assert told.index("B COMMIT") < told.index(f"A {write}")
        assert told.index("A select n from counter where name = 'a'") < told.index(f"B {write}")
        (held,) = [each for each in timeline.beats if each.mark]
        assert held.note == "held here until B has ended"

    play(server, scene, loop)


@pytest.mark.parametrize("doing", [hold_and_write, add_to("a"), add_to("a", "b")])
def test_what_is_done_right_is_no_race(server: PostgresServer, doing: Doing) -> None:
    async def scene(wire: Wire) -> None:
        assert await judged(wire, Counter(wire), doing, doing) == []

    play(server, scene)


def test_a_deadlock_that_is_shown_is_found(server: PostgresServer) -> None:
    async def scene(wire: Wire) -> None:
        finding = await found(wire, Counter(wire), add_to("a", "b"), add_to("b", "a"))
        assert "500" in finding.actual
        assert "is the server's to sort out" in finding.because
        (timeline,) = finding.figures
        assert isinstance(timeline, Timeline)
        assert any("deadlock detected (40P01)" in each.note for each in timeline.beats)

    play(server, scene)


def test_a_deadlock_that_is_tried_again_is_no_finding(server: PostgresServer) -> None:
    async def scene(wire: Wire) -> None:
        counter = Counter(wire, again=True)
        await counter.begin()
        schedule = Schedule(leader=0, hold=3)
        asks = (lambda: counter.ask(add_to("a", "b"))), (lambda: counter.ask(add_to("b", "a")))
        came = await interleave(wire, asks, schedule, SWIFT)
        assert came is not None and came.follower is How.LOCKED
        assert any("40P01" in step.note for step in came.steps)
        assert [each.status for each in came.exchanges] == [200, 200]
        assert await counter.look() == {"a": 2, "b": 2}

    play(server, scene)


def test_what_is_wrong_one_after_the_other_is_not_the_races_question(
    server: PostgresServer,
) -> None:
    async def scene(wire: Wire) -> None:
        with pytest.raises(GivenFailed) as caught:
            await judged(wire, Counter(wire), add_to("a"), no_such_column)
        assert caught.value.needs == "counting"

    play(server, scene)


def test_the_follower_ends_waits_for_a_lock_or_is_held(server: PostgresServer, loop: str) -> None:
    async def scene(wire: Wire) -> None:
        counter = Counter(wire)
        cases = {
            Schedule(0, hold=2): How.ENDED,
            Schedule(0, hold=3): How.LOCKED,
            Schedule(1, hold=3): How.LOCKED,
            Schedule(0, hold=2, then=3): How.HELD,
        }
        for schedule, how in cases.items():
            came = await played(wire, counter, hold_and_write, schedule)
            assert came is not None
            assert came.follower is how
            assert [each.status for each in came.exchanges] == [200, 200]
            assert await counter.look() == {"a": 2, "b": 0}

    play(server, scene, loop)


def test_no_round_trip_no_schedule(server: PostgresServer, loop: str) -> None:
    async def scene(wire: Wire) -> None:
        counter = Counter(wire)
        assert await played(wire, counter, add_to("a"), Schedule(0, hold=9)) is None
        assert await counter.look() == {"a": 1, "b": 0}

    play(server, scene, loop)


def test_one_that_is_shut_out_is_told_and_judged_by_luck(server: PostgresServer) -> None:
    async def scene(wire: Wire) -> None:
        counter = Counter(wire, alone=True)
        came = await played(wire, counter, add_to("a"), Schedule(0, hold=2))
        assert came is not None
        assert (came.follower, came.round_trips) == (How.IDLE, 0)
        contest = Contest(world_of(wire), lambda: counter.race(add_to("a"), add_to("a")), True)
        outcomes = [trial.outcome async for trial in contest.search((0, 1), 4)]
        assert contest.shut_out
        assert all(each.state == {"a": 2, "b": 0} and not each.failed for each in outcomes)

    play(server, scene)
