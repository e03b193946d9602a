"""Tests of `pair_of_writes`: a function that prepares a race becomes a check."""

from __future__ import annotations

import asyncio
import inspect
import sys
from collections.abc import Sequence
from typing import Any

import pytest

from worksample.checks import Aspect, Check, InvalidCheck, Race, checks_in
from worksample.suites import races
from worksample.suites.races import ONE_SUCCEEDS, RaceFactory, pair_of_writes


async def new_race() -> Race:
    raise NotImplementedError


@pair_of_writes(
    title="A chair is sold once",
    why="Two people stand.",
    clause="C1",
    stage=6,
    needs="a-chair-is-sold",
    outcomes=ONE_SUCCEEDS,
    symmetric=True,
)
async def a_chair_is_sold_once(world: Any) -> RaceFactory:
    return new_race


@pair_of_writes(clause="C2", stage=7, needs="a-chair-is-sold", across_instances=True)
async def two_shops_sell_it_once(world: Any, other: Any) -> Sequence[RaceFactory]:
    assert other == "the other world"
    return new_race, new_race


@pair_of_writes(title="It has no rule", needs="a-chair-is-sold")
async def it_has_no_rule(world: Any) -> RaceFactory:
    return new_race


def declared() -> list[Check | InvalidCheck]:
    return checks_in(sys.modules[__name__])


def test_function_name_is_the_id_and_its_line_the_source() -> None:
    first, second, _ = declared()
    assert isinstance(first, Check)
    assert isinstance(second, Check)
    assert (first.id, second.id) == ("a-chair-is-sold-once", "two-shops-sell-it-once")
    line = inspect.getsourcelines(a_chair_is_sold_once)[1]
    assert first.source == f"{__file__}:{line}"
    assert (first.title, first.why, first.clause) == (
        "A chair is sold once", "Two people stand.", "C1",
    )  # fmt: skip
    assert (first.aspect, first.lab, first.stage) == (Aspect.CONCURRENCY, True, 6)


def test_pair_without_a_rule_is_a_mistake_in_its_place() -> None:
    mistake = declared()[2]
    assert isinstance(mistake, InvalidCheck)
    assert "it-has-no-rule: needs a clause" in str(mistake)


class FakeWorld:
    """A world with a second instance."""

    async def second_instance(self) -> str:
        return "the other world"


def run(check: Check | InvalidCheck, monkeypatch: pytest.MonkeyPatch) -> list[dict[str, Any]]:
    """Run a check; return the arguments of each call of `serializable`."""
    calls: list[dict[str, Any]] = []

    async def record(world: Any, factory: RaceFactory, **options: Any) -> None:
        assert factory is new_race
        calls.append(options)

    monkeypatch.setattr(races, "serializable", record)
    assert isinstance(check, Check)
    assert check.function is not None
    asyncio.run(check.function(FakeWorld()))  # type: ignore[arg-type]
    return calls


def test_judges_the_pair_with_its_options(monkeypatch: pytest.MonkeyPatch) -> None:
    (options,) = run(declared()[0], monkeypatch)
    assert options["needs"] == "a-chair-is-sold"
    assert options["serial_outcomes"] == ONE_SUCCEEDS
    assert options["symmetric"] is True


def test_judges_each_race_across_two_instances(monkeypatch: pytest.MonkeyPatch) -> None:
    assert len(run(declared()[1], monkeypatch)) == 2
