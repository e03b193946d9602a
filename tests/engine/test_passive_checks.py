"""Tests of passive checks: what they receive, keep and report."""

from __future__ import annotations

from collections.abc import Iterable

from tests.engine.harness import EngineHarness, World
from worksample.checks import Finding, PassiveCheck, Verdict
from worksample.probes.exchange import Exchange


async def sending_100_requests(world: World) -> None:
    """Send 100 requests to 20 paths."""
    for number in range(100):
        await world.get(f"/{number % 20}")


def harness_with(passive_check: type[PassiveCheck], *, send: bool = True) -> EngineHarness:
    """Return a harness with one passive check, and a check that sends 100 requests if `send`."""
    harness = EngineHarness()
    harness.passive_check("passive", passive_check)
    if send:
        harness.check("sending", sending_100_requests)
    return harness


class Accepting(PassiveCheck):
    """Finds nothing."""

    def check_exchange(self, exchange: Exchange) -> Iterable[Finding]:
        """See `PassiveCheck`."""
        return ()


class RejectingEachPath(PassiveCheck):
    """Has a finding for every exchange; its cause is the path."""

    def check_exchange(self, exchange: Exchange) -> Iterable[Finding]:
        """See `PassiveCheck`."""
        yield Finding("no request", exchange.request.target, cause=exchange.request.target)


class RejectingAll(PassiveCheck):
    """Has a finding for every exchange, all of one cause."""

    def check_exchange(self, exchange: Exchange) -> Iterable[Finding]:
        """See `PassiveCheck`."""
        yield Finding("no request", exchange.request.target)


class Broken(PassiveCheck):
    """Raises."""

    def check_exchange(self, exchange: Exchange) -> Iterable[Finding]:
        """See `PassiveCheck`."""
        raise KeyError("name")


def test_passes_without_findings() -> None:
    found = harness_with(Accepting).run()["passive"]
    assert (found.verdict, found.requests) == (Verdict.PASS, 100)


def test_keeps_first_finding_of_each_cause() -> None:
    found = harness_with(RejectingAll).run()["passive"]
    assert found.verdict is Verdict.FAIL
    assert [finding.actual for finding in found.findings] == ["/0"]


def test_number_of_causes_is_bounded() -> None:
    found = harness_with(RejectingEachPath).run()["passive"]
    assert [finding.actual for finding in found.findings] == [f"/{n}" for n in range(12)]


def test_exception_is_error_and_other_checks_continue() -> None:
    found = harness_with(Broken).run()
    assert found["passive"].verdict is Verdict.ERROR
    assert found["passive"].reason == "KeyError: 'name'"
    assert found["sending"].verdict is Verdict.PASS


def test_blocked_without_exchanges() -> None:
    found = harness_with(Accepting, send=False).run()["passive"]
    assert (found.verdict, found.reason) == (Verdict.BLOCKED, "no request was sent in this run")
