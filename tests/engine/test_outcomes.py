"""What a check raises, and the verdict that it becomes."""

from __future__ import annotations

import pytest

from tests.engine.harness import EngineHarness, World, failing, passing
from worksample.checks import CheckFailed, Finding, PreconditionFailed, Skipped, Verdict
from worksample.errors import StartFailed
from worksample.probes.exchange import Response


def test_exception_in_check_is_error_with_location() -> None:
    async def slipping(world: World) -> None:
        raise ZeroDivisionError("the author slipped")

    stage = EngineHarness()
    stage.check("a", slipping)
    stage.check("b", passing)
    found = stage.run()
    assert found["a"].verdict is Verdict.ERROR
    assert found["a"].reason.startswith("ZeroDivisionError: the author slipped (slipping, line ")
    assert found["b"].verdict is Verdict.PASS


def test_skipped_check_is_blocked_and_excused() -> None:
    async def impossible(world: World) -> None:
        raise Skipped("there is no database")

    stage = EngineHarness()
    stage.check("a", impossible)
    found = stage.run()["a"]
    assert (found.verdict, found.excused, found.blocked_by) == (Verdict.BLOCKED, True, "")
    assert found.reason == "there is no database"


def test_start_failure_in_check_is_a_finding() -> None:
    async def restarting(world: World) -> None:
        raise StartFailed("the server ended before it was ready", log="already exists")

    stage = EngineHarness()
    stage.check("a", restarting, alone=True)
    found = stage.run()["a"]
    assert found.verdict is Verdict.FAIL
    assert found.findings[0].actual == "the server ended before it was ready"
    assert found.findings[0].log == "already exists"


def test_check_timeout_is_undecided(monkeypatch: pytest.MonkeyPatch) -> None:
    async def dawdling(world: World) -> None:
        while True:
            await world.ask("/")

    monkeypatch.setattr("worksample.checks.check_runner.LONGEST_CHECK", 0.05)
    monkeypatch.setattr("worksample.checks.health._is_dumb", _responsive)
    stage = EngineHarness()
    stage.check("a", dawdling)
    assert stage.run()["a"].verdict is Verdict.UNDECIDED


def test_counts_requests_and_finding_holds_all_exchanges() -> None:
    async def story(world: World) -> None:
        await world.ask("/one")
        await world.ask("/two")
        await failing()(world)

    stage = EngineHarness()
    stage.check("a", story)
    found = stage.run()["a"]
    assert found.requests == 2
    assert [each.request.target for each in found.findings[0].exchanges] == ["/one", "/two"]


async def _responsive(base_url: str, path: str) -> bool:
    return False


def test_permanent_429_is_undecided() -> None:
    shut = Response(429, (), b"")

    async def expecting(world: World) -> None:
        exchange = await world.ask("/")
        raise CheckFailed(Finding("status 200", "429", exchanges=(exchange,), culprit=0))

    async def taking(world: World) -> None:
        exchange = await world.ask("/")
        raise PreconditionFailed(
            "a", Finding("status 200", "429", exchanges=(exchange,), culprit=0)
        )

    stage = EngineHarness(lambda path: shut)
    stage.check("a", expecting)
    stage.check("b", taking)
    found = stage.run()
    assert {found[name].verdict for name in "ab"} == {Verdict.UNDECIDED}
    assert "switch it off" in found["a"].reason
