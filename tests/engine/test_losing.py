"""Servers that die, fall silent or drop connections: who is blamed, and who is not."""

from __future__ import annotations

import pytest

from tests.engine.stage import FINE, FakeTarget, Stage, World, asking, passing
from worksample.checks import STAYS_UP, Verdict
from worksample.probes.exchange import Response, Trouble

PASS, FAIL, BLOCKED = Verdict.PASS, Verdict.FAIL, Verdict.BLOCKED


@pytest.fixture
def knocking(monkeypatch: pytest.MonkeyPatch) -> list[bool]:
    """What a knock finds, one after the other: whether the server is dumb (never, when empty)."""
    found: list[bool] = []

    async def knock(base_url: str, path: str) -> bool:
        return found.pop(0) if found else False

    monkeypatch.setattr("worksample.checks.health._is_dumb", knock)
    return found


def mortal(target: FakeTarget, deadly: str = "/deadly") -> Stage:
    """Return a stage whose target dies when `deadly` is asked for, and refuses until restarted."""

    def answering(path: str) -> Response | Trouble:
        if not target.alive:
            return Trouble.REFUSED
        if path == deadly:
            target.die()
            return Trouble.CLOSED
        return FINE

    return Stage(answering, target)


def test_only_the_check_that_kills_the_server_is_blamed(knocking: list[bool]) -> None:
    stage = mortal(FakeTarget())
    for name in "abc":
        stage.check(name, asking("/fine"))
    stage.check("killer", asking("/deadly"))
    for name in "def":
        stage.check(name, asking("/fine"))
    found = stage.play()
    assert {name: found[name].verdict for name in "abcdef"} == dict.fromkeys("abcdef", PASS)
    assert found["killer"].verdict is FAIL
    finding = found["killer"].findings[0]
    assert finding.actual == "the server process ended (exit code 3)"
    assert finding.exchanges[finding.culprit or 0].request.target == "/deadly"
    assert finding.log == "the last words"
    assert found[STAYS_UP.id].verdict is FAIL
    assert stage.target.restarts == 2


def test_a_server_that_always_dies_is_given_up(knocking: list[bool]) -> None:
    stage = mortal(FakeTarget())
    for name in "abcdefgh":
        stage.check(name, asking("/deadly"))
    found = stage.play()
    verdicts = [found[name].verdict for name in "abcdefgh"]
    assert verdicts == [FAIL] * 4 + [BLOCKED] * 4
    assert {found[name].blocked_by for name in "efgh"} == {STAYS_UP.id}
    assert stage.target.restarts == 4


def test_a_server_that_does_not_start_again_is_given_up(knocking: list[bool]) -> None:
    stage = mortal(FakeTarget(starts=0))
    stage.width = 1
    stage.check("killer", asking("/deadly"))
    stage.check("later", asking("/fine"), stage=2)
    stage.check("last", passing, alone=True)
    found = stage.play()
    blocked = {name: found[name].blocked_by for name in ("killer", "later", "last")}
    assert blocked == dict.fromkeys(blocked, STAYS_UP.id)
    assert found[STAYS_UP.id].verdict is FAIL


def test_a_connection_cut_by_anothers_request_is_forgiven(knocking: list[bool]) -> None:
    asked: list[str] = []

    def answering(path: str) -> Response | Trouble:
        asked.append(path)
        return Trouble.CLOSED if path == "/guilty" or asked.count(path) == 1 else FINE

    stage = Stage(answering)
    stage.check("guilty", asking("/guilty"))
    stage.check("near", asking("/near"))
    found = stage.play()
    assert (found["guilty"].verdict, found["near"].verdict) == (FAIL, PASS)
    assert found[STAYS_UP.id].verdict is PASS


def test_a_cut_that_nobody_repeats_is_the_servers_finding(knocking: list[bool]) -> None:
    asked: list[str] = []

    def answering(path: str) -> Response | Trouble:
        asked.append(path)
        return Trouble.CLOSED if len(asked) == 1 else FINE

    stage = Stage(answering)
    stage.check("a", asking("/a"))
    stage.check("b", asking("/b"))
    found = stage.play()
    assert (found["a"].verdict, found["b"].verdict) == (PASS, PASS)
    assert found[STAYS_UP.id].verdict is FAIL
    assert found[STAYS_UP.id].findings[0].actual == str(Trouble.CLOSED)


def test_what_was_only_late_is_asked_again_and_forgiven(knocking: list[bool]) -> None:
    asked: list[str] = []

    def answering(path: str) -> Response | Trouble:
        asked.append(path)
        return Trouble.TIMEOUT if asked.count(path) == 1 else FINE

    stage = Stage(answering)
    for name in "abc":
        stage.check(name, asking(f"/{name}"))
    found = stage.play()
    assert {result.verdict for result in found.values()} == {PASS}


def test_late_again_and_again_is_not_waited_for_for_ever(knocking: list[bool]) -> None:
    asked: list[str] = []

    def answering(path: str) -> Response | Trouble:
        asked.append(path)
        return Trouble.TIMEOUT

    stage = Stage(answering)
    for name in "abcdefgh":
        stage.check(name, asking(f"/{name}"))
    found = stage.play()
    assert {found[name].verdict for name in "abcdefgh"} == {FAIL}
    assert len(asked) == 8 + 4


def test_a_server_that_answers_nobody_is_started_again(knocking: list[bool]) -> None:
    stage = Stage()

    def answering(path: str) -> Response | Trouble:
        return FINE if stage.target.restarts else Trouble.TIMEOUT

    knocking += [True]
    stage.answering = answering
    for name in "ab":
        stage.check(name, asking(f"/{name}"))
    found = stage.play()
    assert (found["a"].verdict, found["b"].verdict) == (PASS, PASS)
    assert found[STAYS_UP.id].findings[0].actual == "the server no longer answers"
    assert stage.target.restarts == 1


def test_a_check_that_disturbs_the_server_keeps_its_own_verdict(knocking: list[bool]) -> None:
    async def killing(world: World) -> None:
        stage.target.die()

    stage = Stage()
    stage.check("killing", killing, alone=True)
    stage.check("after", asking("/fine"), alone=True)
    found = stage.play()
    assert (found["killing"].verdict, found["after"].verdict) == (PASS, PASS)
    assert stage.target.restarts == 1
