"""Tests of the order and concurrency of checks, and of the listener."""

from __future__ import annotations

import asyncio
from dataclasses import replace

from tests.engine.harness import EngineHarness, World, passing
from worksample.checks import STAYS_UP, Aspect, Check, CheckResult
from worksample.checks.schedule import Shuffled
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


def test_contract_checks_get_every_third_worker_while_others_wait() -> None:
    async def waiting(world: World) -> None:
        await asyncio.sleep(0)

    harness = EngineHarness(listener=RecordingListener(), width=3)
    for name in ("contract-a", "contract-b", "contract-c"):
        harness.check(name, waiting, stage=1)
        harness.checks[-1] = replace(harness.checks[-1], aspect=Aspect.CONTRACT)
    for name in ("other-a", "other-b", "other-c"):
        harness.check(name, waiting, stage=2)
    harness.run()
    assert set(harness.listener.started[:3]) == {"other-a", "other-b", "contract-a"}
    assert len(harness.listener.started) == 6


def test_contract_checks_get_all_workers_when_nothing_else_waits() -> None:
    meeting = asyncio.Barrier(3)

    async def waiting_for_all(world: World) -> None:
        await meeting.wait()

    harness = EngineHarness(listener=RecordingListener(), width=3)
    for name in ("contract-a", "contract-b", "contract-c"):
        harness.check(name, waiting_for_all)
        harness.checks[-1] = replace(harness.checks[-1], aspect=Aspect.CONTRACT)
    harness.run()
    assert len(harness.listener.started) == 3
