"""Tests of the engine with servers that leave requests of a kind without an answer."""

from __future__ import annotations

import pytest

from tests.engine.harness import OK_RESPONSE, EngineHarness, World, getting
from tests.engine.test_labs import LabFactory
from tests.engine.test_server_failures import ping_results
from worksample.checks import STAYS_UP, CheckFailed, CheckResult, Finding, Verdict
from worksample.probes.exchange import Response, Trouble

__all__ = ["ping_results"]
PASS, FAIL, BLOCKED = Verdict.PASS, Verdict.FAIL, Verdict.BLOCKED
pytestmark = pytest.mark.usefixtures("ping_results")


class Requests:
    """Answers all but the first `times` requests for `/silent`; `paths` records all requests."""

    def __init__(self, times: int = 1000) -> None:
        self.times = times
        self.paths: list[str] = []

    def __call__(self, path: str) -> Response | Trouble:
        """Return the answer to GET `path`."""
        self.paths.append(path)
        silent = path == "/silent" and self.paths.count(path) <= self.times
        return Trouble.TIMEOUT if silent else OK_RESPONSE


def verdicts(found: dict[str, CheckResult], names: str) -> list[Verdict]:
    return [found[name].verdict for name in names]


def test_asks_no_further_once_two_checks_alone_had_no_answer() -> None:
    requests = Requests()
    harness = EngineHarness(requests, width=2)
    for name in "abcdef":
        harness.check(name, getting("/silent"))
    harness.check("other", getting("/fine"))
    found = harness.run()
    assert verdicts(found, "abcdef") == [FAIL, FAIL, *[BLOCKED] * 4]
    assert {found[name].blocked_by for name in "cdef"} == {"a"}
    assert found["other"].verdict is PASS
    assert requests.paths.count("/silent") == 2 + 2


def test_asks_everything_when_the_server_answers_alone() -> None:
    requests = Requests(times=2)
    harness = EngineHarness(requests, width=2)
    for name in "abcdef":
        harness.check(name, getting("/silent"))
    assert verdicts(harness.run(), "abcdef") == [PASS] * 6


def test_a_check_that_waited_draws_other_values() -> None:
    drawn: list[float] = []

    async def drawing(world: World) -> None:
        drawn.append(world.rng.random())
        await world.expect("/silent")

    harness = EngineHarness(Requests(times=2), width=2)
    for name in "ab":
        harness.check(name, getting("/silent"))
    harness.check("drawing", drawing)
    assert harness.run()["drawing"].verdict is PASS
    assert len(drawn) == len(set(drawn)) == 2


def test_a_failure_after_a_request_that_was_not_sent_does_not_last() -> None:
    async def careless(world: World) -> None:
        stored = await world.get("/silent")
        exchange = await world.get("/fine")
        if stored.response is None:
            raise CheckFailed(Finding("what was stored", "", exchanges=(exchange,), culprit=0))

    harness = EngineHarness(Requests(times=2), width=2)
    for name in "ab":
        harness.check(name, getting("/silent"))
    harness.check("careless", careless)
    assert harness.run()["careless"].verdict is PASS


def test_labs_do_not_wait_for_what_is_known() -> None:
    requests = Requests()
    harness = EngineHarness(requests, width=2)
    for name in "ab":
        harness.check(name, getting("/silent"))
    harness.check("in a lab", getting("/silent"), lab=True)
    harness.labs = LabFactory(harness).open
    found = harness.run()
    assert (found["in a lab"].verdict, found["in a lab"].blocked_by) == (BLOCKED, "a")
    assert requests.paths.count("/silent") == 2 + 2


def test_what_is_answered_in_another_kind_of_request_is_asked() -> None:
    def responder(path: str) -> Response | Trouble:
        return Trouble.TIMEOUT if path == "/silent?q=a%00" else OK_RESPONSE

    harness = EngineHarness(responder, width=1)
    for name in "ab":
        harness.check(name, getting("/silent?q=a%00"))
    harness.check("c", getting("/silent?q=b"))
    harness.check("d", getting("/silent?q=b%00"))
    found = harness.run()
    assert verdicts(found, "abc") == [FAIL, FAIL, PASS]
    assert found["d"].blocked_by == "a"


def test_a_server_that_answers_no_plain_read_is_asked_nothing_else() -> None:
    requests = Requests()
    harness = EngineHarness(requests, unanswered=("/", "/read"))
    harness.check("a", getting("/fine"))
    found = harness.run()
    assert found["a"].blocked_by == STAYS_UP.id
    assert found[STAYS_UP.id].findings[0].actual == f"GET /read: {Trouble.TIMEOUT}"
    assert not requests.paths
