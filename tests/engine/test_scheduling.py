"""When checks are asked, how many at once, and who hears of it."""

from __future__ import annotations

import asyncio
from dataclasses import replace

from tests.engine.harness import EngineHarness, World, passing
from worksample.checks import Aspect, Check, CheckResult
from worksample.probes.exchange import Exchange


class RecordingListener:
    """A listener that remembers."""

    def __init__(self) -> None:
        self.started: list[str] = []
        self.finished: list[str] = []
        self.exchanges = 0

    def check_started(self, check: Check) -> None:
        """See `CheckListener`."""
        self.started.append(check.id)

    def check_finished(self, result: CheckResult) -> None:
        """See `CheckListener`."""
        self.finished.append(result.check.id)

    def request_finished(self, exchange: Exchange) -> None:
        """See `CheckListener`."""
        self.exchanges += 1


def test_runs_stages_in_order_and_alone_checks_last() -> None:
    stage = EngineHarness(listener=RecordingListener(), width=1)
    stage.check("measures", passing, stage=1, alone=True)
    stage.check("third", passing, stage=3)
    stage.check("first", passing, stage=1)
    stage.check("second", passing, stage=2)
    stage.run()
    assert stage.listener.started == ["first", "second", "third", "measures"]
    assert stage.listener.finished == stage.listener.started


def test_width_limits_concurrency_and_alone_checks_run_alone() -> None:
    now, most, beside = 0, 0, []

    async def counting(world: World) -> None:
        nonlocal now, most
        now += 1
        most = max(most, now)
        for _ in range(5):
            await asyncio.sleep(0)
        now -= 1

    async def alone(world: World) -> None:
        beside.append(now)

    stage = EngineHarness(width=3)
    for name in "abcdefgh":
        stage.check(name, counting)
    stage.check("i", alone, alone=True)
    stage.run()
    assert (most, beside) == (3, [0])


def test_listener_is_notified_of_every_request() -> None:
    async def check_started(world: World) -> None:
        await world.ask("/one")
        await world.ask("/two")

    stage = EngineHarness(listener=RecordingListener())
    stage.check("a", check_started)
    stage.run()
    assert stage.listener.exchanges == 2


def test_random_values_depend_on_seed_and_check() -> None:
    drawn: dict[str, list[float]] = {"a": [], "b": []}

    def drawing(name: str) -> None:
        async def check_function(world: World) -> None:
            drawn[name].append(world.rng.random())

        stage.check(name, check_function)

    for _ in range(2):
        stage = EngineHarness()
        drawing("a")
        drawing("b")
        stage.run()
    assert drawn["a"][0] == drawn["a"][1]
    assert drawn["b"][0] == drawn["b"][1]
    assert drawn["a"][0] != drawn["b"][0]


def test_contract_checks_get_every_third_worker_while_others_wait() -> None:
    async def waiting(world: World) -> None:
        await asyncio.sleep(0)

    stage = EngineHarness(listener=RecordingListener(), width=3)
    for name in ("long-a", "long-b", "long-c"):
        stage.check(name, waiting, stage=1)
        stage.checks[-1] = replace(stage.checks[-1], aspect=Aspect.CONTRACT)
    for name in ("quick-a", "quick-b", "quick-c"):
        stage.check(name, waiting, stage=2)
    stage.run()
    assert set(stage.listener.started[:3]) == {"quick-a", "quick-b", "long-a"}
    assert len(stage.listener.started) == 6


def test_contract_checks_get_all_workers_when_nothing_else_waits() -> None:
    meeting = asyncio.Barrier(3)

    async def meets_the_others(world: World) -> None:
        await meeting.wait()

    stage = EngineHarness(listener=RecordingListener(), width=3)
    for name in ("long-a", "long-b", "long-c"):
        stage.check(name, meets_the_others)
        stage.checks[-1] = replace(stage.checks[-1], aspect=Aspect.CONTRACT)
    stage.run()
    assert len(stage.listener.finished) == 3
