"""Tests of the order and concurrency of checks, and of the listener."""

from __future__ import annotations

import asyncio

from tests.engine.harness import CheckFunction, EngineHarness, World, passing
from worksample.checks import STAYS_UP, Check, CheckResult, Verdict
from worksample.checks.schedule import GivenOrder, Schedule, Shuffled
from worksample.probes.exchange import Exchange


class RecordingListener:
    """Records the ids of started and finished checks, and counts requests."""

    def __init__(self) -> None:
        self.started: list[str] = []
        self.finished: list[str] = []
        self.postponed: list[str] = []
        self.exchanges = 0

    def check_started(self, check: Check) -> None:
        """See `CheckListener`."""
        self.started.append(check.id)

    def check_finished(self, result: CheckResult) -> None:
        """See `CheckListener`."""
        self.finished.append(result.check.id)

    def check_postponed(self, check: Check) -> None:
        """See `CheckListener`."""
        self.postponed.append(check.id)

    def request_finished(self, exchange: Exchange) -> None:
        """See `CheckListener`."""
        self.exchanges += 1


def test_runs_stages_in_order_and_alone_checks_last() -> None:
    harness = EngineHarness(listener=RecordingListener(), width=1)
    harness.check("measures", passing, stage=1, alone=True)
    harness.check("third", passing, stage=3)
    harness.check("first", passing, stage=1)
    harness.check("second", passing, stage=2)
    harness.run()
    assert harness.listener.started == ["first", "second", "third", "measures"]
    assert harness.listener.finished == [*harness.listener.started, STAYS_UP.id]


def test_long_check_begins_before_the_others() -> None:
    listener = RecordingListener()
    schedule = Schedule({"long": 2.0, "short": 0.1})
    harness = EngineHarness(listener=listener, width=1, schedule=schedule)
    for name, stage in (("first", 1), ("short", 2), ("long", 3)):
        harness.check(name, passing, stage=stage)
    harness.run()
    assert listener.started == ["long", "first", "short"]


def order_shuffled_with(seed: int) -> list[str]:
    """Return the order of two stages, two `alone` checks and, without labs, two `lab` checks."""
    listener = RecordingListener()
    harness = EngineHarness(listener=listener, width=1, schedule=Shuffled(seed))
    for name in "abcdefgh":
        harness.check(name, passing, stage=1)
    for name in "ijkl":
        harness.check(name, passing, stage=2)
    harness.check("m", passing, alone=True)
    harness.check("n", passing, alone=True)
    harness.check("p", passing, lab=True)
    harness.check("o", passing, lab=True)
    harness.run()
    return listener.started


def test_shuffle_changes_the_order_within_a_stage_only() -> None:
    orders = {"".join(order_shuffled_with(seed)) for seed in range(8)}
    assert len(orders) == 8
    for order in orders:
        assert set(order[:8]) == set("abcdefgh")
        assert set(order[8:12]) == set("ijkl")
        assert set(order[12:14]) == set("mn")
        assert order.endswith("po")


def test_shuffle_repeats_its_order() -> None:
    assert order_shuffled_with(3) == order_shuffled_with(3)


def test_width_limits_concurrency_and_alone_checks_run_alone() -> None:
    running, peak, beside = 0, 0, []

    async def counting(world: World) -> None:
        nonlocal running, peak
        running += 1
        peak = max(peak, running)
        for _ in range(5):
            await asyncio.sleep(0)
        running -= 1

    async def alone(world: World) -> None:
        beside.append(running)

    harness = EngineHarness(width=3)
    for name in "abcdefgh":
        harness.check(name, counting)
    harness.check("i", alone, alone=True)
    harness.run()
    assert (peak, beside) == (3, [0])


def test_listener_is_notified_of_every_request() -> None:
    async def sending(world: World) -> None:
        await world.get("/one")
        await world.get("/two")

    harness = EngineHarness(listener=RecordingListener())
    harness.check("a", sending)
    harness.run()
    assert harness.listener.exchanges == 2


def test_random_values_depend_on_seed_and_check() -> None:
    drawn: dict[str, list[float]] = {"a": [], "b": []}

    def drawing(name: str) -> None:
        async def check_function(world: World) -> None:
            drawn[name].append(world.rng.random())

        harness.check(name, check_function)

    for _ in range(2):
        harness = EngineHarness()
        drawing("a")
        drawing("b")
        harness.run()
    assert drawn["a"][0] == drawn["a"][1]
    assert drawn["b"][0] == drawn["b"][1]
    assert drawn["a"][0] != drawn["b"][0]


def test_hostile_checks_begin_when_the_others_have_ended() -> None:
    ended: list[str] = []
    seen: dict[str, list[str]] = {}

    def waiting(name: str) -> CheckFunction:
        async def check_function(world: World) -> None:
            seen[name] = sorted(ended)
            for _ in range(3):
                await asyncio.sleep(0)
            ended.append(name)

        return check_function

    harness = EngineHarness(width=3)
    harness.hostile("garbage", waiting("garbage"))
    for name in ("a", "b", "c", "d"):
        harness.check(name, waiting(name), stage=2)
    harness.check("measures", waiting("measures"), alone=True)
    harness.run()
    assert seen["garbage"] == ["a", "b", "c", "d"]
    assert seen["measures"] == ["a", "b", "c", "d", "garbage"]


def test_hostile_checks_run_beside_each_other() -> None:
    meeting = asyncio.Barrier(3)

    async def meets(world: World) -> None:
        async with asyncio.timeout(5):
            await meeting.wait()

    harness = EngineHarness(width=3)
    for name in "abc":
        harness.hostile(name, meets)
    assert all(result.verdict is Verdict.PASS for result in harness.run().values())


def test_hostile_check_that_tells_most_comes_first_within_a_given_order() -> None:
    harness = EngineHarness(listener=RecordingListener(), width=1, schedule=GivenOrder())
    harness.hostile("garbage", passing)
    harness.check("a", passing)
    harness.run()
    assert harness.listener.started == ["garbage", "a"]
