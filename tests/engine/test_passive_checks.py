"""Watches: they see everything, say each kind once, and do not stop a run when they break."""

from __future__ import annotations

from collections.abc import Iterable

from tests.engine.harness import EngineHarness, World
from worksample.checks import Finding, PassiveCheck, Verdict
from worksample.probes.exchange import Exchange


async def sending_100_requests(world: World) -> None:
    """Ask for a hundred things."""
    for number in range(100):
        await world.ask(f"/{number % 20}")


def harness_with(passive_check: type[PassiveCheck], *, ask: bool = True) -> EngineHarness:
    """Return a stage with one watch, and a check that asks much."""
    stage = EngineHarness()
    stage.passive_check("watch", passive_check)
    if ask:
        stage.check("asking", sending_100_requests)
    return stage


class Accepting(PassiveCheck):
    """Finds nothing wrong."""

    def check_exchange(self, exchange: Exchange) -> Iterable[Finding]:
        """See `PassiveCheck`."""
        return ()


class RejectingEachPath(PassiveCheck):
    """Finds every path wrong; a path is a kind."""

    def check_exchange(self, exchange: Exchange) -> Iterable[Finding]:
        """See `PassiveCheck`."""
        yield Finding("silence", exchange.request.target, cause=exchange.request.target)


class RejectingAll(PassiveCheck):
    """Finds the same wrong with everything."""

    def check_exchange(self, exchange: Exchange) -> Iterable[Finding]:
        """See `PassiveCheck`."""
        yield Finding("silence", exchange.request.target)


class Broken(PassiveCheck):
    """Cannot see."""

    def check_exchange(self, exchange: Exchange) -> Iterable[Finding]:
        """See `PassiveCheck`."""
        raise KeyError("eyes")


def test_passes_without_findings() -> None:
    found = harness_with(Accepting).run()["watch"]
    assert (found.verdict, found.requests) == (Verdict.PASS, 100)


def test_keeps_first_finding_of_each_cause() -> None:
    found = harness_with(RejectingAll).run()["watch"]
    assert found.verdict is Verdict.FAIL
    assert [finding.actual for finding in found.findings] == ["/0"]


def test_number_of_causes_is_bounded() -> None:
    found = harness_with(RejectingEachPath).run()["watch"]
    assert [finding.actual for finding in found.findings] == [f"/{n}" for n in range(12)]


def test_exception_is_error_and_other_checks_continue() -> None:
    found = harness_with(Broken).run()
    assert found["watch"].verdict is Verdict.ERROR
    assert found["watch"].reason == "KeyError: 'eyes'"
    assert found["asking"].verdict is Verdict.PASS


def test_blocked_without_exchanges() -> None:
    found = harness_with(Accepting, ask=False).run()["watch"]
    assert (found.verdict, found.reason) == (Verdict.BLOCKED, "nothing was asked in this run")
