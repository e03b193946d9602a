"""Tests of the engine with servers that die, stop responding or drop connections."""

from __future__ import annotations

import asyncio

import pytest

from tests.engine.harness import OK_RESPONSE, EngineHarness, FakeTarget, World, getting, passing
from tests.engine.test_scheduling import RecordingListener
from worksample.checks import STAYS_UP, CheckFailed, Finding, Verdict
from worksample.probes.exchange import Response, Trouble

PASS, FAIL, BLOCKED = Verdict.PASS, Verdict.FAIL, Verdict.BLOCKED


@pytest.fixture
def ping_results(monkeypatch: pytest.MonkeyPatch) -> list[bool]:
    """Whether the server is unresponsive at successive pings; False once the list is empty."""
    results: list[bool] = []

    async def ping(base_url: str, path: str) -> bool:
        return results.pop(0) if results else False

    monkeypatch.setattr("worksample.checks.health._is_unresponsive", ping)
    return results


def dying_on(target: FakeTarget, deadly: str = "/deadly") -> EngineHarness:
    """Return a harness whose target dies on GET `deadly` and is down until restarted."""

    def responder(path: str) -> Response | Trouble:
        if not target.alive:
            return Trouble.REFUSED
        if path == deadly:
            target.die()
            return Trouble.CLOSED
        return OK_RESPONSE

    return EngineHarness(responder, target)


def test_only_the_check_that_kills_the_server_fails(ping_results: list[bool]) -> None:
    harness = dying_on(FakeTarget())
    for name in "abc":
        harness.check(name, getting("/fine"))
    harness.check("killer", getting("/deadly"))
    for name in "def":
        harness.check(name, getting("/fine"))
    found = harness.run()
    assert {name: found[name].verdict for name in "abcdef"} == dict.fromkeys("abcdef", PASS)
    assert found["killer"].verdict is FAIL
    finding = found["killer"].findings[0]
    assert finding.actual == "the server process ended (exit code 3)"
    assert finding.exchanges[finding.culprit or 0].request.target == "/deadly"
    assert finding.log == "last log line"
    assert found[STAYS_UP.id].verdict is FAIL
    assert harness.target.restarts == 2


def test_gives_up_a_server_that_keeps_dying(ping_results: list[bool]) -> None:
    harness = dying_on(FakeTarget())
    for name in "abcdefgh":
        harness.check(name, getting("/deadly"))
    found = harness.run()
    verdicts = [found[name].verdict for name in "abcdefgh"]
    assert verdicts == [FAIL] * 4 + [BLOCKED] * 4
    assert {found[name].blocked_by for name in "efgh"} == {STAYS_UP.id}
    assert harness.target.restarts == 4


def test_gives_up_a_server_that_does_not_restart(ping_results: list[bool]) -> None:
    harness = dying_on(FakeTarget(starts=0))
    harness.width = 1
    harness.check("killer", getting("/deadly"))
    harness.check("later", getting("/fine"), stage=2)
    harness.check("last", passing, alone=True)
    found = harness.run()
    blocked = {name: found[name].blocked_by for name in ("killer", "later", "last")}
    assert blocked == dict.fromkeys(blocked, STAYS_UP.id)
    assert found[STAYS_UP.id].verdict is FAIL


def test_repeats_check_whose_connection_another_request_closed(ping_results: list[bool]) -> None:
    requested: list[str] = []

    def responder(path: str) -> Response | Trouble:
        requested.append(path)
        return Trouble.CLOSED if path == "/guilty" or requested.count(path) == 1 else OK_RESPONSE

    harness = EngineHarness(responder)
    harness.check("guilty", getting("/guilty"))
    harness.check("near", getting("/near"))
    found = harness.run()
    assert (found["guilty"].verdict, found["near"].verdict) == (FAIL, PASS)
    assert found[STAYS_UP.id].verdict is PASS


def test_unrepeatable_closed_connection_fails_stays_up(ping_results: list[bool]) -> None:
    requested: list[str] = []

    def responder(path: str) -> Response | Trouble:
        requested.append(path)
        return Trouble.CLOSED if len(requested) == 1 else OK_RESPONSE

    harness = EngineHarness(responder)
    harness.check("a", getting("/a"))
    harness.check("b", getting("/b"))
    found = harness.run()
    assert (found["a"].verdict, found["b"].verdict) == (PASS, PASS)
    assert found[STAYS_UP.id].verdict is FAIL
    assert found[STAYS_UP.id].findings[0].actual == str(Trouble.CLOSED)


def test_repeats_timed_out_checks(ping_results: list[bool]) -> None:
    requested: list[str] = []

    def responder(path: str) -> Response | Trouble:
        requested.append(path)
        return Trouble.TIMEOUT if requested.count(path) == 1 else OK_RESPONSE

    harness = EngineHarness(responder)
    for name in "abc":
        harness.check(name, getting(f"/{name}"))
    found = harness.run()
    assert {result.verdict for result in found.values()} == {PASS}


def test_reports_no_failure_that_may_not_last(ping_results: list[bool]) -> None:
    """A timeout is reported once the check ran again, a 404 once it is known what is missing."""
    requested: list[str] = []

    def responder(path: str) -> Response | Trouble:
        requested.append(path)
        if path == "/slow" and requested.count(path) == 1:
            return Trouble.TIMEOUT
        return Response(404, (), b"") if path == "/missing" else OK_RESPONSE

    async def missing(world: World) -> None:
        exchange = await world.get("/missing")
        raise CheckFailed(Finding("status 200", "404", exchanges=(exchange,), culprit=0))

    listener = RecordingListener()
    harness = EngineHarness(responder, listener=listener)
    harness.check("slow", getting("/slow"))
    harness.check("missing", missing)
    harness.check("fine", getting("/fine"))
    found = harness.run()
    assert (found["slow"].verdict, found["missing"].verdict) == (PASS, FAIL)
    assert set(listener.postponed) == {"slow", "missing"}
    assert listener.finished[:3] == ["fine", "slow", "missing"]


def test_stops_repeating_after_consecutive_timeouts(ping_results: list[bool]) -> None:
    requested: list[str] = []

    def responder(path: str) -> Response | Trouble:
        requested.append(path)
        return Trouble.TIMEOUT

    harness = EngineHarness(responder)
    for name in "abcdefgh":
        harness.check(name, getting(f"/{name}"))
    found = harness.run()
    assert {found[name].verdict for name in "abcdefgh"} == {FAIL}
    assert len(requested) == 8 + 4


def test_restarts_an_unresponsive_server(ping_results: list[bool]) -> None:
    harness = EngineHarness()

    def responder(path: str) -> Response | Trouble:
        return OK_RESPONSE if harness.target.restarts else Trouble.TIMEOUT

    ping_results += [True, True]
    harness.responder = responder
    for name in "ab":
        harness.check(name, getting(f"/{name}"))
    found = harness.run()
    assert (found["a"].verdict, found["b"].verdict) == (PASS, PASS)
    assert found[STAYS_UP.id].findings[0].actual == "the server no longer answers"
    assert harness.target.restarts == 1


def test_pings_a_busy_server_again_once_it_has_finished(ping_results: list[bool]) -> None:
    requested: list[str] = []

    def responder(path: str) -> Response | Trouble:
        requested.append(path)
        return Trouble.TIMEOUT if len(requested) == 1 else OK_RESPONSE

    harness = EngineHarness(responder)
    harness.target.busy = 7
    ping_results += [True, False]
    harness.check("a", getting("/a"))
    found = harness.run()
    assert (found["a"].verdict, found[STAYS_UP.id].verdict) == (PASS, PASS)
    assert harness.target.busy < 0
    assert not harness.target.restarts


def test_alone_check_that_stops_the_server_keeps_its_verdict(ping_results: list[bool]) -> None:
    async def killing(world: World) -> None:
        harness.target.die()

    harness = EngineHarness()
    harness.check("killing", killing, alone=True)
    harness.check("after", getting("/fine"), alone=True)
    found = harness.run()
    assert (found["killing"].verdict, found["after"].verdict) == (PASS, PASS)
    assert harness.target.restarts == 1


def test_a_server_that_answers_others_is_up(monkeypatch: pytest.MonkeyPatch) -> None:
    pinged, answered = asyncio.Event(), asyncio.Event()
    pings: list[str] = []

    async def ping(base_url: str, path: str) -> bool:
        pings.append(path)
        pinged.set()
        await answered.wait()
        return len(pings) == 1

    async def answers(world: World) -> None:
        await pinged.wait()
        await world.get("/fine")
        answered.set()

    monkeypatch.setattr("worksample.checks.health._is_unresponsive", ping)
    harness = EngineHarness(lambda path: Trouble.TIMEOUT if path == "/slow" else OK_RESPONSE)
    harness.check("slow", getting("/slow"))
    harness.check("answers", answers)
    harness.run()
    assert len(pings) == 2
    assert not harness.target.restarts
