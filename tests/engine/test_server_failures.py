"""Servers that die, fall silent or drop connections: who is blamed, and who is not."""

from __future__ import annotations

import pytest

from tests.engine.harness import OK_RESPONSE, EngineHarness, FakeTarget, World, asking, passing
from worksample.checks import STAYS_UP, Verdict
from worksample.probes.exchange import Response, Trouble

PASS, FAIL, BLOCKED = Verdict.PASS, Verdict.FAIL, Verdict.BLOCKED


@pytest.fixture
def ping_results(monkeypatch: pytest.MonkeyPatch) -> list[bool]:
    """What a knock finds, one after the other: whether the server is dumb (never, when empty)."""
    found: list[bool] = []

    async def knock(base_url: str, path: str) -> bool:
        return found.pop(0) if found else False

    monkeypatch.setattr("worksample.checks.health._is_dumb", knock)
    return found


def dying_on(target: FakeTarget, deadly: str = "/deadly") -> EngineHarness:
    """Return a stage whose target dies when `deadly` is asked for, and refuses until restarted."""

    def responder(path: str) -> Response | Trouble:
        if not target.alive:
            return Trouble.REFUSED
        if path == deadly:
            target.die()
            return Trouble.CLOSED
        return OK_RESPONSE

    return EngineHarness(responder, target)


def test_only_the_check_that_kills_the_server_fails(ping_results: list[bool]) -> None:
    stage = dying_on(FakeTarget())
    for name in "abc":
        stage.check(name, asking("/fine"))
    stage.check("killer", asking("/deadly"))
    for name in "def":
        stage.check(name, asking("/fine"))
    found = stage.run()
    assert {name: found[name].verdict for name in "abcdef"} == dict.fromkeys("abcdef", PASS)
    assert found["killer"].verdict is FAIL
    finding = found["killer"].findings[0]
    assert finding.actual == "the server process ended (exit code 3)"
    assert finding.exchanges[finding.culprit or 0].request.target == "/deadly"
    assert finding.log == "the last words"
    assert found[STAYS_UP.id].verdict is FAIL
    assert stage.target.restarts == 2


def test_gives_up_a_server_that_keeps_dying(ping_results: list[bool]) -> None:
    stage = dying_on(FakeTarget())
    for name in "abcdefgh":
        stage.check(name, asking("/deadly"))
    found = stage.run()
    verdicts = [found[name].verdict for name in "abcdefgh"]
    assert verdicts == [FAIL] * 4 + [BLOCKED] * 4
    assert {found[name].blocked_by for name in "efgh"} == {STAYS_UP.id}
    assert stage.target.restarts == 4


def test_gives_up_a_server_that_does_not_restart(ping_results: list[bool]) -> None:
    stage = dying_on(FakeTarget(starts=0))
    stage.width = 1
    stage.check("killer", asking("/deadly"))
    stage.check("later", asking("/fine"), stage=2)
    stage.check("last", passing, alone=True)
    found = stage.run()
    blocked = {name: found[name].blocked_by for name in ("killer", "later", "last")}
    assert blocked == dict.fromkeys(blocked, STAYS_UP.id)
    assert found[STAYS_UP.id].verdict is FAIL


def test_repeats_check_whose_connection_another_request_closed(ping_results: list[bool]) -> None:
    asked: list[str] = []

    def responder(path: str) -> Response | Trouble:
        asked.append(path)
        return Trouble.CLOSED if path == "/guilty" or asked.count(path) == 1 else OK_RESPONSE

    stage = EngineHarness(responder)
    stage.check("guilty", asking("/guilty"))
    stage.check("near", asking("/near"))
    found = stage.run()
    assert (found["guilty"].verdict, found["near"].verdict) == (FAIL, PASS)
    assert found[STAYS_UP.id].verdict is PASS


def test_unrepeatable_closed_connection_fails_stays_up(ping_results: list[bool]) -> None:
    asked: list[str] = []

    def responder(path: str) -> Response | Trouble:
        asked.append(path)
        return Trouble.CLOSED if len(asked) == 1 else OK_RESPONSE

    stage = EngineHarness(responder)
    stage.check("a", asking("/a"))
    stage.check("b", asking("/b"))
    found = stage.run()
    assert (found["a"].verdict, found["b"].verdict) == (PASS, PASS)
    assert found[STAYS_UP.id].verdict is FAIL
    assert found[STAYS_UP.id].findings[0].actual == str(Trouble.CLOSED)


def test_repeats_timed_out_checks(ping_results: list[bool]) -> None:
    asked: list[str] = []

    def responder(path: str) -> Response | Trouble:
        asked.append(path)
        return Trouble.TIMEOUT if asked.count(path) == 1 else OK_RESPONSE

    stage = EngineHarness(responder)
    for name in "abc":
        stage.check(name, asking(f"/{name}"))
    found = stage.run()
    assert {result.verdict for result in found.values()} == {PASS}


def test_stops_repeating_after_consecutive_timeouts(ping_results: list[bool]) -> None:
    asked: list[str] = []

    def responder(path: str) -> Response | Trouble:
        asked.append(path)
        return Trouble.TIMEOUT

    stage = EngineHarness(responder)
    for name in "abcdefgh":
        stage.check(name, asking(f"/{name}"))
    found = stage.run()
    assert {found[name].verdict for name in "abcdefgh"} == {FAIL}
    assert len(asked) == 8 + 4


def test_restarts_an_unresponsive_server(ping_results: list[bool]) -> None:
    stage = EngineHarness()

    def responder(path: str) -> Response | Trouble:
        return OK_RESPONSE if stage.target.restarts else Trouble.TIMEOUT

    ping_results += [True]
    stage.responder = responder
    for name in "ab":
        stage.check(name, asking(f"/{name}"))
    found = stage.run()
    assert (found["a"].verdict, found["b"].verdict) == (PASS, PASS)
    assert found[STAYS_UP.id].findings[0].actual == "the server no longer answers"
    assert stage.target.restarts == 1


def test_alone_check_that_stops_the_server_keeps_its_verdict(ping_results: list[bool]) -> None:
    async def killing(world: World) -> None:
        stage.target.die()

    stage = EngineHarness()
    stage.check("killing", killing, alone=True)
    stage.check("after", asking("/fine"), alone=True)
    found = stage.run()
    assert (found["killing"].verdict, found["after"].verdict) == (PASS, PASS)
    assert stage.target.restarts == 1
