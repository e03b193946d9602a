"""Tests of the verdict for each way in which a check can end."""

from __future__ import annotations

import pytest

from tests.engine.harness import EngineHarness, World, failing, passing
from worksample.checks import CheckFailed, Finding, PreconditionFailed, Skipped, Undecided, Verdict
from worksample.errors import StartFailed
from worksample.probes.exchange import Response


def test_exception_in_check_is_error_with_location() -> None:
    async def raising(world: World) -> None:
        raise ZeroDivisionError("in the check")

    harness = EngineHarness()
    harness.check("a", raising)
    harness.check("b", passing)
    found = harness.run()
    assert found["a"].verdict is Verdict.ERROR
    assert found["a"].reason.startswith("ZeroDivisionError: in the check (raising, line ")
    assert found["b"].verdict is Verdict.PASS


def test_skipped_check_is_blocked_and_excused() -> None:
    async def impossible(world: World) -> None:
        raise Skipped("there is no database")

    harness = EngineHarness()
    harness.check("a", impossible)
    found = harness.run()["a"]
    assert (found.verdict, found.excused, found.blocked_by) == (Verdict.BLOCKED, True, "")
    assert found.reason == "there is no database"


def test_check_that_cannot_decide_is_undecided_and_runs_once() -> None:
    runs: list[World] = []

    async def measuring(world: World) -> None:
        runs.append(world)
        raise Undecided("there was no time for 3 more")

    harness = EngineHarness()
    harness.check("a", measuring)
    found = harness.run()["a"]
    assert (found.verdict, found.reason) == (Verdict.UNDECIDED, "there was no time for 3 more")
    assert len(runs) == 1


def test_start_failure_in_check_is_a_finding() -> None:
    async def restarting(world: World) -> None:
        raise StartFailed("the server ended before it was ready", log="already exists")

    harness = EngineHarness()
    harness.check("a", restarting, alone=True)
    found = harness.run()["a"]
    assert found.verdict is Verdict.FAIL
    assert found.findings[0].actual == "the server ended before it was ready"
    assert found.findings[0].log == "already exists"


def test_check_timeout_is_undecided(monkeypatch: pytest.MonkeyPatch) -> None:
    async def never_ending(world: World) -> None:
        while True:
            await world.get("/")

    monkeypatch.setattr("worksample.checks.check_runner.CHECK_TIMEOUT", 0.05)
    monkeypatch.setattr("worksample.checks.health._is_unresponsive", _responsive)
    harness = EngineHarness()
    harness.check("a", never_ending)
    assert harness.run()["a"].verdict is Verdict.UNDECIDED


def test_counts_requests_and_finding_holds_all_exchanges() -> None:
    async def sending(world: World) -> None:
        await world.get("/one")
        await world.get("/two")
        await failing()(world)

    harness = EngineHarness()
    harness.check("a", sending)
    found = harness.run()["a"]
    assert found.requests == 2
    assert [each.request.target for each in found.findings[0].exchanges] == ["/one", "/two"]


async def _responsive(base_url: str, path: str) -> bool:
    return False


def test_permanent_429_is_undecided() -> None:
    limited = Response(429, (), b"")

    async def expecting(world: World) -> None:
        exchange = await world.get("/")
        raise CheckFailed(Finding("status 200", "429", exchanges=(exchange,), culprit=0))

    async def requiring(world: World) -> None:
        exchange = await world.get("/")
        raise PreconditionFailed(
            "a", Finding("status 200", "429", exchanges=(exchange,), culprit=0)
        )

    harness = EngineHarness(lambda path: limited)
    harness.check("a", expecting)
    harness.check("b", requiring)
    found = harness.run()
    assert {found[name].verdict for name in "ab"} == {Verdict.UNDECIDED}
    assert "switch it off" in found["a"].reason
