"""Races between accounts: what each pair of requests is, and what is read afterwards."""

from __future__ import annotations

import asyncio
from types import SimpleNamespace
from typing import Any

import pytest

from worksample.checks import Check, CheckFailed, Race
from worksample.checks.pace import Pace
from worksample.suites import account_races
from worksample.suites.account_races import NAMES, SUITE
from worksample.suites.bursts import LEAST_BURST_SIZE, SMALL_BURST_SIZE, small_burst_size
from worksample.suites.races import ONE_SUCCEEDS
from worksample.suites.rival_registrations import Registrations, same_address, same_name

from .library import Library, LibraryAccounts, LibraryDatabase

CHECKS = {
    each.id: each
    for suite in (SUITE, NAMES)
    for each in suite.checks(LibraryAccounts, clause="M1", stage=6)
    if isinstance(each, Check)
}


async def one_after_the_other(
    check: str, world: Library, monkeypatch: pytest.MonkeyPatch
) -> tuple[list[int], Any, dict[str, Any]]:
    """Run a check with a judge that sends its requests in turn.

    Return both statuses, the state, and the options of `serializable`.
    """
    result: list[Any] = []

    async def judge(_: Any, new_race: Any, **options: Any) -> None:
        race: Race = await new_race()
        statuses = [(await race.first()).status, (await race.second()).status]
        result.extend((statuses, await race.read_state(), options))

    monkeypatch.setattr(account_races, "serializable", judge)
    world.context.database = LibraryDatabase(world)  # type: ignore[assignment]
    function = CHECKS[check].function
    assert function is not None
    await function(world)
    return result[0], result[1], result[2]


@pytest.mark.parametrize(
    ("check", "needs"),
    [
        ("an-address-is-given-to-one-of-two", "a-taken-address-is-refused-and-named"),
        ("two-spellings-at-once-are-one-account", "an-address-in-other-letters-is-taken"),
        ("a-name-is-given-to-one-of-two", "a-taken-card-is-refused"),
        ("a-name-is-given-once-by-two-copies", "readers-register"),
    ],
)
def test_one_of_two_rivals_gets_the_account(
    check: str, needs: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    world = Library()
    statuses, state, options = asyncio.run(one_after_the_other(check, world, monkeypatch))
    assert (statuses, state) == ([201, 422], {"accounts": 1})
    assert (options["needs"], options["serial_outcomes"]) == (needs, ONE_SUCCEEDS)
    assert len(world.accounts) == 1
    logins = [path for _, path, *_ in world.sent].count("/desk")
    assert logins == 1, "nobody signs in to an account that is nowhere in the database"


def test_second_copy_gets_the_second_request(monkeypatch: pytest.MonkeyPatch) -> None:
    world = Library()
    check = "a-name-is-given-once-by-two-copies"
    asyncio.run(one_after_the_other(check, world, monkeypatch))
    assert [path for _, path, *_ in world.sent].count("/readers") == 1


def test_counts_every_account_of_a_careless_product(monkeypatch: pytest.MonkeyPatch) -> None:
    world = Library()
    world.careless = True
    check = "a-name-is-given-to-one-of-two"
    statuses, state, _ = asyncio.run(one_after_the_other(check, world, monkeypatch))
    assert (statuses, state) == ([201, 201], {"accounts": 2})


def test_state_tells_whether_password_and_text_are_new(monkeypatch: pytest.MonkeyPatch) -> None:
    check = "a-new-password-survives-another-change"
    statuses, state, options = asyncio.run(one_after_the_other(check, Library(), monkeypatch))
    assert statuses == [200, 200]
    assert state == {"the new password signs in": True, "motto is new": True}
    assert options["needs"] == "readers-change"
    assert ("done", "refused") in options["serial_outcomes"]


def test_a_name_that_was_taken_by_a_change_cannot_be_registered(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    check = "renaming-and-registering-do-not-share-a-name"
    statuses, state, _ = asyncio.run(one_after_the_other(check, Library(), monkeypatch))
    assert statuses == [200, 422]
    assert state == {
        "the renamed account has the name": True,
        "the registered account signs in": False,
    }


def test_one_of_two_changes_gets_the_name(monkeypatch: pytest.MonkeyPatch) -> None:
    check = "a-name-is-changed-to-by-one-of-two"
    statuses, state, options = asyncio.run(one_after_the_other(check, Library(), monkeypatch))
    assert (statuses, state) == ([200, 422], {"owners of the name": 1})
    assert options["needs"] == "a-card-cannot-be-changed-to-a-taken-one"


@pytest.mark.parametrize(("rivals", "shared"), [(same_name, "card"), (same_address, "email")])
def test_rivals_share_one_field_only(rivals: Any, shared: str) -> None:
    registrations = rivals(Library(), 3)
    for field in ("card", "email", "password"):
        assert len({each[field] for each in registrations}) == (1 if field == shared else 3)


def test_burst_fails_when_two_get_the_prize() -> None:
    world = Library()
    burst = Registrations(world, same_address, "address")

    async def answers() -> list[Any]:
        return [await world.register(each) for each in same_address(world, 3)]

    asyncio.run(burst.judge(asyncio.run(answers())))
    world.careless = True
    with pytest.raises(CheckFailed, match="registrations that got the address"):
        asyncio.run(burst.judge(asyncio.run(answers())))


def test_burst_registers_one_thing_many_times() -> None:
    requests = asyncio.run(Registrations(Library(), same_name, "name").requests())
    assert {each.target for each in requests} == {"/readers"}
    assert len(requests) == SMALL_BURST_SIZE


@pytest.mark.parametrize(
    ("slow", "wired", "size"),
    [
        (0.0, True, SMALL_BURST_SIZE),
        (0.03, True, SMALL_BURST_SIZE),
        (0.3, True, 8),
        (5.0, True, LEAST_BURST_SIZE),
        (5.0, False, SMALL_BURST_SIZE),
    ],
)
def test_slow_server_gets_fewer_at_once_where_a_write_can_be_held(
    slow: float, wired: bool, size: int
) -> None:
    world: Any = Library()
    world.context.pace = Pace(slow=slow)
    world.context.lab = SimpleNamespace(wired=wired)
    assert small_burst_size(world) == size
