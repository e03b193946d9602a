"""Tests of a run whose time is bounded, with a clock that the checks themselves move."""

from __future__ import annotations

import asyncio
from typing import Any, cast

import pytest

from tests.engine.harness import (
    OK_RESPONSE,
    CheckFunction,
    EngineHarness,
    World,
    failing,
    getting,
    passing,
)
from tests.engine.test_labs import LabFactory
from tests.engine.test_scheduling import RecordingListener
from tests.engine.test_server_failures import ping_results
from worksample import checks
from worksample.checks import STAYS_UP
from worksample.checks.schedule import Budget, GivenOrder
from worksample.probes.exchange import Response, Trouble

__all__ = ["ping_results"]


class FakeClock:
    """A clock that stands still until a test moves it."""

    def __init__(self) -> None:
        self._now = 0.0
        self._moved = asyncio.Event()

    def now(self) -> float:
        """See `Clock`."""
        return self._now

    async def sleep_until(self, moment: float) -> None:
        """See `Clock`."""
        while self._now < moment:
            await self._moved.wait()

    def advance(self, seconds: float) -> None:
        """Move the clock, and wake those who wait for it."""
        self._now += seconds
        self._moved.set()
        self._moved = asyncio.Event()


def budgeted(
    clock: FakeClock, width: int = 1, seconds: float = 10, **costs: float
) -> EngineHarness:
    """Return a harness with so many seconds; `costs` are those of its checks, by id."""
    schedule = Budget(seconds, costs, clock)
    return EngineHarness(width=width, schedule=schedule, listener=RecordingListener())


def taking(clock: FakeClock, seconds: float) -> CheckFunction:
    """Return a check function that passes after so many seconds."""

    async def check_function(world: World) -> None:
        clock.advance(seconds)

    return check_function


async def waiting_for_ever(world: World) -> None:
    """Never end."""
    await asyncio.Event().wait()


def test_given_order_is_not_that_of_the_stages() -> None:
    harness = EngineHarness(width=1, schedule=GivenOrder(), listener=RecordingListener())
    harness.check("third", passing, stage=3)
    harness.check("first", passing, stage=1)
    harness.run()
    assert harness.listener.started == ["third", "first"]


def test_nothing_begins_after_the_end() -> None:
    clock = FakeClock()
    harness = budgeted(clock, a=5, b=5, c=5)
    for name in "abc":
        harness.check(name, taking(clock, 6), stage=9 - ord(name) % 9)
    found = harness.run()
    assert harness.listener.started == ["a", "b"]
    assert list(found) == [STAYS_UP.id, "a", "b"]


def test_check_that_runs_at_the_end_is_stopped_and_has_no_result() -> None:
    clock = FakeClock()
    harness = budgeted(clock, width=2, slow=1, quick=1)
    harness.check("slow", waiting_for_ever)
    harness.check("quick", taking(clock, 10))
    found = harness.run()
    assert set(found) - {STAYS_UP.id} <= {"quick"}
    assert "slow" in harness.listener.started
    assert found[STAYS_UP.id].verdict == "pass"


@pytest.mark.parametrize("trouble", [Trouble.TIMEOUT, Trouble.CLOSED])
def test_failure_that_cannot_be_asked_again_is_none(trouble: Trouble) -> None:
    clock = FakeClock()

    def respond(path: str) -> Response | Trouble:
        if path != "/a":
            return OK_RESPONSE
        clock.advance(10)
        return trouble

    harness = budgeted(clock, a=1, b=1)
    harness.responder = respond
    harness.check("a", getting("/a"))
    harness.check("b", passing)
    assert list(harness.run()) == [STAYS_UP.id]


@pytest.mark.usefixtures("ping_results")
def test_check_that_waits_to_be_asked_alone_has_no_result_at_the_end() -> None:
    clock = FakeClock()
    harness = budgeted(clock, a=1, b=1, c=1, last=1)
    harness.responder = lambda path: Trouble.TIMEOUT if path == "/silent" else OK_RESPONSE
    for name in "abc":
        harness.check(name, getting("/silent"))
    harness.check("last", taking(clock, 10))
    assert list(harness.run()) == [STAYS_UP.id, "last"]
    assert harness.listener.postponed == ["a", "b", "c"]


def test_failure_that_stands_is_kept() -> None:
    clock = FakeClock()

    async def failing_at_last(world: World) -> None:
        await failing("nothing")(world)

    harness = budgeted(clock, a=1, b=1)
    harness.check("a", failing_at_last)
    harness.check("b", taking(clock, 10))
    found = harness.run()
    assert found["a"].verdict == "fail"


def test_every_phase_gets_its_share() -> None:
    clock = FakeClock()
    harness = budgeted(clock, seconds=100, a=10, b=30, measures=10)
    harness.check("a", taking(clock, 81))
    harness.check("b", passing)
    harness.check("measures", passing, alone=True)
    found = harness.run()
    assert set(found) - {STAYS_UP.id} == {"a", "measures"}


def test_shared_result_that_was_stopped_is_made_anew() -> None:
    clock = FakeClock()
    once_per_run: Any = checks.World.once_per_run

    async def make(name: str) -> str:
        if name == "a":
            clock.advance(60)
            await waiting_for_ever(cast(World, None))
        return name

    def sharing(name: str) -> CheckFunction:
        async def check_function(world: World) -> None:
            assert await once_per_run(world, "survey", lambda: make(name)) == "measures"

        return check_function

    harness = budgeted(clock, seconds=100, a=10, measures=10)
    harness.check("a", sharing("a"))
    harness.check("measures", sharing("measures"), alone=True)
    found = harness.run()
    assert found["measures"].verdict == "pass", found["measures"]


def test_labs_are_closed_at_the_end_and_keep_the_order() -> None:
    clock = FakeClock()
    harness = budgeted(clock, seconds=100, a=1, b=1, c=1, d=1)
    labs = LabFactory(harness, limit=2)
    harness.labs = labs.open
    harness.check("a", waiting_for_ever, lab=True)
    harness.check("b", taking(clock, 50), lab=True)
    harness.check("c", taking(clock, 50), lab=True)
    harness.check("d", waiting_for_ever, lab=True)
    found = harness.run()
    assert harness.listener.started[:3] == ["a", "b", "c"]
    assert set(found) - {STAYS_UP.id} <= {"b", "c"}
    assert not labs.open_count
