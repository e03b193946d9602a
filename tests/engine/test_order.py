"""When checks are asked, how many at once, and who hears of it."""

from __future__ import annotations

import asyncio
from dataclasses import replace

from tests.engine.stage import Stage, World, passing
from worksample.checks import Aspect, Check, CheckResult
from worksample.probes.exchange import Exchange


class Heard:
    """A listener that remembers."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.answers: list[str] = []
        self.exchanges = 0

    def asking(self, check: Check) -> None:
        """See `Listener`."""
        self.asked.append(check.id)

    def answered(self, result: CheckResult) -> None:
        """See `Listener`."""
        self.answers.append(result.check.id)

    def exchanged(self, exchange: Exchange) -> None:
        """See `Listener`."""
        self.exchanges += 1


def test_stages_come_in_order_and_what_disturbs_comes_last() -> None:
    stage = Stage(listener=Heard(), width=1)
    stage.check("measures", passing, stage=1, alone=True)
    stage.check("third", passing, stage=3)
    stage.check("first", passing, stage=1)
    stage.check("second", passing, stage=2)
    stage.play()
    assert stage.listener.asked == ["first", "second", "third", "measures"]
    assert stage.listener.answers == stage.listener.asked


def test_no_more_than_the_width_are_asked_at_once_and_alone_means_alone() -> None:
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

    stage = Stage(width=3)
    for name in "abcdefgh":
        stage.check(name, counting)
    stage.check("i", alone, alone=True)
    stage.play()
    assert (most, beside) == (3, [0])


def test_every_exchange_is_heard() -> None:
    async def asking(world: World) -> None:
        await world.ask("/one")
        await world.ask("/two")

    stage = Stage(listener=Heard())
    stage.check("a", asking)
    stage.play()
    assert stage.listener.exchanges == 2


def test_random_values_belong_to_seed_check_and_attempt() -> None:
    drawn: dict[str, list[float]] = {"a": [], "b": []}

    def drawing(name: str) -> None:
        async def scene(world: World) -> None:
            drawn[name].append(world.rng.random())

        stage.check(name, scene)

    for _ in range(2):
        stage = Stage()
        drawing("a")
        drawing("b")
        stage.play()
    assert drawn["a"][0] == drawn["a"][1]
    assert drawn["b"][0] == drawn["b"][1]
    assert drawn["a"][0] != drawn["b"][0]


def test_long_checks_get_every_third_place_while_quick_ones_wait() -> None:
    async def waiting(world: World) -> None:
        await asyncio.sleep(0)

    stage = Stage(listener=Heard(), width=3)
    for name in ("long-a", "long-b", "long-c"):
        stage.check(name, waiting, stage=1)
        stage.checks[-1] = replace(stage.checks[-1], aspect=Aspect.CONTRACT)
    for name in ("quick-a", "quick-b", "quick-c"):
        stage.check(name, waiting, stage=2)
    stage.play()
    assert set(stage.listener.asked[:3]) == {"quick-a", "quick-b", "long-a"}
    assert len(stage.listener.asked) == 6


def test_long_checks_get_all_places_when_nothing_else_waits() -> None:
    meeting = asyncio.Barrier(3)

    async def meets_the_others(world: World) -> None:
        await meeting.wait()

    stage = Stage(listener=Heard(), width=3)
    for name in ("long-a", "long-b", "long-c"):
        stage.check(name, meets_the_others)
        stage.checks[-1] = replace(stage.checks[-1], aspect=Aspect.CONTRACT)
    stage.play()
    assert len(stage.listener.answers) == 3
