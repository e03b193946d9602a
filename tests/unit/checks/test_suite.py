"""Tests of `Suite`: a toy suite and a toy adapter make checks."""

from __future__ import annotations

import asyncio
from typing import Any, Protocol

import pytest

from worksample.checks import (
    Aspect,
    Check,
    InvalidCheck,
    PassiveCheck,
    StagedOperation,
    Suite,
    Words,
)


class Door(Protocol):
    """What the toy suite needs: a door that may be locked, and has a colour."""

    colour: str

    async def is_locked(self) -> bool:
        """Return whether nobody can open it."""


SUITE = Suite[Door](
    "doors", Door, aspect=Aspect.SECURITY, skills=("security-practices",), cites="CWE-284"
)


@SUITE.check(title="The door is locked", why="Somebody comes in.", hint="Turn the key.")
async def the_door_is_locked(world: Any, door: Door) -> None:
    assert await door.is_locked()


@SUITE.check(title="The door is green", why="It looks better.", cites="RAL 6018", lab=True)
async def the_door_is_green(world: Any, door: Door) -> None:
    assert door.colour == "green"


PASSIVE = Suite[Door]("walls", Door, aspect=Aspect.CONTRACT, skills=("api-design",))


@PASSIVE.passive_check(title="Walls stand", why="Roofs need them.")
class WallsStand(PassiveCheck):
    def __init__(self, context: Any, door: Door) -> None:
        super().__init__(context)
        self.door = door


class BackDoor:
    """A toy adapter."""

    colour = "green"

    def __init__(self, world: Any) -> None:
        self.world = world

    async def is_locked(self) -> bool:
        return bool(self.world == "at night")


def valid(declared: list[Check | InvalidCheck]) -> list[Check]:
    assert all(isinstance(each, Check) for each in declared), declared
    return [each for each in declared if isinstance(each, Check)]


def test_makes_a_check_of_every_template() -> None:
    locked, green = valid(SUITE.checks(BackDoor, clause="S1", stage=3))
    assert (locked.id, locked.title, locked.hint) == (
        "the-door-is-locked", "The door is locked", "Turn the key.",
    )  # fmt: skip
    assert (locked.stage, locked.clause, locked.aspect) == (3, "S1", Aspect.SECURITY)
    assert (locked.skills, locked.cites, locked.since) == (SUITE.skills, "CWE-284", "1.0")
    assert (green.cites, green.lab, locked.lab) == ("RAL 6018", True, False)


def test_makes_a_new_adapter_for_each_run() -> None:
    locked = valid(SUITE.checks(BackDoor, clause="S1", stage=3))[0]
    assert locked.function is not None
    asyncio.run(_run(locked, "at night"))
    with pytest.raises(AssertionError):
        asyncio.run(_run(locked, "at noon"))


async def _run(check: Check, world: Any) -> None:
    assert check.function is not None
    await check.function(world)


def test_makes_a_passive_check_with_context_and_adapter() -> None:
    check = valid(PASSIVE.checks(BackDoor, clause="S1", stage=1))[0]
    assert check.passive_check is not None
    made = check.passive_check("context")
    assert (check.id, made.context, made.door.world) == ("walls-stand", "context", "context")


def test_challenge_overrides_words_of_one_check() -> None:
    said = Words(id="the-hatch-is-locked", title="The hatch is locked", hint="", clause="S2")
    checks = SUITE.checks(BackDoor, clause="S1", stage=3, words={"the-door-is-locked": said})
    locked, green = valid(checks)
    assert (locked.id, locked.title, locked.hint, locked.clause) == (
        "the-hatch-is-locked", "The hatch is locked", "", "S2",
    )  # fmt: skip
    assert (locked.why, green.clause) == ("Somebody comes in.", "S1")


def test_leaves_out_what_the_brief_does_not_demand() -> None:
    checks = valid(SUITE.checks(BackDoor, clause="S1", stage=3, without=["the-door-is-green"]))
    assert [each.id for each in checks] == ["the-door-is-locked"]


def test_stage_is_that_of_the_last_operation() -> None:
    operations = (StagedOperation("open", 2), StagedOperation("close", 4))
    check = valid(SUITE.checks(BackDoor, clause="S1", operations=operations))[0]
    assert (check.stage, check.operations) == (4, ("open", "close"))


def test_operations_of_one_check_replace_the_common_stage() -> None:
    said = {"the-door-is-green": Words(operations=[StagedOperation("paint", 5)])}
    locked, green = valid(SUITE.checks(BackDoor, clause="S1", stage=3, words=said))
    assert (locked.stage, green.stage) == (3, 5)


def test_declares_a_single_check_of_a_template() -> None:
    declared = the_door_is_locked.declare(BackDoor, id="the-gate", clause="S1", stage=1)
    assert [each.id for each in valid(declared)] == ["the-gate"]


def test_source_is_the_line_of_the_challenge() -> None:
    checks = valid(SUITE.checks(BackDoor, clause="S1", stage=3))
    assert {each.source.rpartition(":")[0] for each in checks} == {__file__}


def test_reports_adapter_that_lacks_a_member_with_its_line() -> None:
    class Wall:
        def __init__(self, world: Any) -> None:
            self.world = world

    mistakes = [
        each.message
        for each in SUITE.checks(Wall, clause="S1", stage=3)  # type: ignore[arg-type]
        if isinstance(each, InvalidCheck)
    ]
    assert [message.split("`")[1] for message in mistakes] == ["colour", "is_locked"]
    assert "Wall" in mistakes[0] and "doors" in mistakes[0]


def test_examines_the_return_type_of_a_factory() -> None:
    def factory(world: Any) -> str:
        return "no door"

    declared = SUITE.checks(factory, clause="S1", stage=3)  # type: ignore[arg-type]
    assert sum(isinstance(each, InvalidCheck) for each in declared) == 2


def test_reports_words_for_a_check_that_does_not_exist() -> None:
    declared = SUITE.checks(BackDoor, clause="S1", stage=3, words={"no-such": Words(title="x")})
    mistakes = [each for each in declared if isinstance(each, InvalidCheck)]
    assert [each.message for each in mistakes] == ["doors has no check no-such"]


def test_reports_check_without_clause_or_stage() -> None:
    mistakes = [each for each in SUITE.checks(BackDoor, clause="S1") if type(each) is InvalidCheck]
    assert [each.message for each in mistakes] == [
        "the-door-is-locked: needs a stage (or operations)",
        "the-door-is-green: needs a stage (or operations)",
    ]


def test_reports_unknown_attributes() -> None:
    declared = [
        *SUITE.checks(BackDoor, clause="S1", stage=1, colour="red"),
        *the_door_is_locked.declare(BackDoor, clause="S1", stage=1, size=3),
    ]
    mistakes = [each.message for each in declared if isinstance(each, InvalidCheck)]
    assert [message.partition(";")[0] for message in mistakes] == [
        "a check has no `colour`", "a check has no `size`",
    ]  # fmt: skip
