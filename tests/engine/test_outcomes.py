"""What a check raises, and the verdict that it becomes."""

from __future__ import annotations

import pytest

from tests.engine.stage import Stage, World, failing, passing
from worksample.checks import Excused, Finding, GivenFailed, Unmet, Verdict
from worksample.errors import StartFailed
from worksample.probes.exchange import Response


def test_an_error_in_a_check_is_ours_and_says_where() -> None:
    async def slipping(world: World) -> None:
        raise ZeroDivisionError("the author slipped")

    stage = Stage()
    stage.check("a", slipping)
    stage.check("b", passing)
    found = stage.play()
    assert found["a"].verdict is Verdict.ERROR
    assert found["a"].reason.startswith("ZeroDivisionError: the author slipped (slipping, line ")
    assert found["b"].verdict is Verdict.PASS


def test_an_excused_check_is_blocked_and_does_not_count() -> None:
    async def impossible(world: World) -> None:
        raise Excused("there is no database")

    stage = Stage()
    stage.check("a", impossible)
    found = stage.play()["a"]
    assert (found.verdict, found.excused, found.blocked_by) == (Verdict.BLOCKED, True, "")
    assert found.reason == "there is no database"


def test_a_server_that_cannot_be_started_again_is_a_finding_not_an_error() -> None:
    async def restarting(world: World) -> None:
        raise StartFailed("the server ended before it was ready", log="already exists")

    stage = Stage()
    stage.check("a", restarting, alone=True)
    found = stage.play()["a"]
    assert found.verdict is Verdict.FAIL
    assert found.findings[0].actual == "the server ended before it was ready"
    assert found.findings[0].log == "already exists"


def test_a_check_that_does_not_end_is_undecided(monkeypatch: pytest.MonkeyPatch) -> None:
    async def dawdling(world: World) -> None:
        while True:
            await world.ask("/")

    monkeypatch.setattr("worksample.checks.asking.LONGEST_CHECK", 0.05)
    monkeypatch.setattr("worksample.checks.health._is_dumb", _answers)
    stage = Stage()
    stage.check("a", dawdling)
    assert stage.play()["a"].verdict is Verdict.UNDECIDED


def test_requests_are_counted_and_findings_tell_the_story() -> None:
    async def story(world: World) -> None:
        await world.ask("/one")
        await world.ask("/two")
        await failing()(world)

    stage = Stage()
    stage.check("a", story)
    found = stage.play()["a"]
    assert found.requests == 2
    assert [each.request.target for each in found.findings[0].exchanges] == ["/one", "/two"]


async def _answers(base_url: str, path: str) -> bool:
    return False


def test_a_limiter_that_lets_nothing_through_leaves_the_question_open() -> None:
    shut = Response(429, (), b"")

    async def expecting(world: World) -> None:
        exchange = await world.ask("/")
        raise Unmet(Finding("status 200", "429", exchanges=(exchange,), culprit=0))

    async def taking(world: World) -> None:
        exchange = await world.ask("/")
        raise GivenFailed("a", Finding("status 200", "429", exchanges=(exchange,), culprit=0))

    stage = Stage(lambda path: shut)
    stage.check("a", expecting)
    stage.check("b", taking)
    found = stage.play()
    assert {found[name].verdict for name in "ab"} == {Verdict.UNDECIDED}
    assert "switch it off" in found["a"].reason
