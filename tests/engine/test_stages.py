"""Tests of checks that meet operations of later stages, and of operations that are not there."""

from __future__ import annotations

import pytest

from tests.engine.harness import (
    OK_RESPONSE,
    CheckFunction,
    EngineHarness,
    World,
    blocked_by,
    failing,
    passing,
    reading,
)
from worksample.checks import CheckResult, StagedOperation
from worksample.probes.exchange import Response

OPERATIONS = (StagedOperation("list", 1, "lists"), StagedOperation("paint", 2, "paints"))


def harness(**answers: int) -> EngineHarness:
    """Return a harness whose operations answer 200, or the status in `answers`."""

    def respond(path: str) -> Response:
        status = answers.get(path.strip("/"), 200)
        return OK_RESPONSE if status == 200 else Response(status, (), b"{}")

    found = EngineHarness(respond, operations=OPERATIONS)
    found.check("lists", reading("list"))
    found.check("paints", reading("paint"), stage=2)
    return found


def unless_stage_one(check_function: CheckFunction, seen: list[int]) -> CheckFunction:
    """Return `check_function` for runs that ask all stages; notes the stage of each run."""

    async def function(world: World) -> None:
        seen.append(world.context.stage)
        if world.context.stage != 1:
            await check_function(world)

    return function


def verdict(result: CheckResult) -> str:
    return f"{result.verdict} {result.blocked_by}".strip()


@pytest.mark.parametrize("status", [404, 405, 501])
def test_missing_operation_fails_one_check_and_blocks_the_others(status: int) -> None:
    toy = harness(paint=status)
    for name in ("dries", "shines"):
        toy.check(name, reading("paint"), stage=3)
    found = toy.run()
    assert verdict(found["paints"]) == "fail"
    assert verdict(found["dries"]) == verdict(found["shines"]) == "blocked paints"


def test_operation_that_answers_500_is_not_missing() -> None:
    toy = harness(paint=500)
    toy.check("dries", reading("paint"), stage=3)
    assert verdict(toy.run()["dries"]) == "fail"


def test_refusal_of_one_check_is_a_failure_if_the_operation_is_there() -> None:
    toy = harness(paint=404)
    toy.checks.pop()
    toy.check("paints", passing, stage=2)
    toy.check("dries", reading("paint"), stage=3)
    assert verdict(toy.run()["dries"]) == "fail"


def test_check_that_a_later_stage_blocks_runs_again_without_later_operations() -> None:
    toy, seen = harness(paint=404), list[int]()
    toy.check("sorts", unless_stage_one(blocked_by("paints"), seen))
    sorts = toy.run()["sorts"]
    assert verdict(sorts) == "pass"
    assert seen == [0, 1]
    assert sorts.notes == (
        "passed as far as stage 1 goes; the rest needs “paints” of stage 2, which fails",
    )


def test_check_that_meets_a_missing_later_operation_runs_again_without_it() -> None:
    toy, seen = harness(paint=404), list[int]()
    toy.check("sorts", unless_stage_one(reading("paint"), seen))
    assert verdict(toy.run()["sorts"]) == "pass"
    assert seen == [0, 1]


def test_defect_of_an_early_stage_shows_behind_a_missing_later_operation() -> None:
    async def sorts(world: World) -> None:
        await (failing("unsorted") if world.context.stage == 1 else blocked_by("paints"))(world)

    toy = harness(paint=404)
    toy.check("sorts", sorts)
    result = toy.run()["sorts"]
    assert [finding.actual for finding in result.findings] == ["unsorted"]


def test_check_that_its_own_stage_blocks_does_not_run_again() -> None:
    toy, seen = harness(paint=404), list[int]()
    toy.check("dries", unless_stage_one(blocked_by("paints"), seen), stage=2)
    assert verdict(toy.run()["dries"]) == "blocked paints"
    assert seen == [0]


def test_later_operations_are_asked_again_after_the_repetition() -> None:
    toy, seen = harness(paint=404), list[int]()
    toy.check("sorts", unless_stage_one(blocked_by("paints"), []))
    toy.check("load", unless_stage_one(passing, seen), alone=True)
    toy.run()
    assert seen == [0]
