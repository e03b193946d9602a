"""Tests of profiles: a broken rule that is left out is a remark, which fails and blocks nothing."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable

import pytest

from tests.engine.harness import OK_RESPONSE, CheckFunction, EngineHarness, World, failing, passing
from worksample.checks import (
    BRIEF,
    CheckFailed,
    CheckResult,
    Finding,
    PassiveCheck,
    PreconditionFailed,
    Profile,
    StagedOperation,
    Verdict,
    expect,
    rule,
)
from worksample.checks.judging import Judging, unjudged_context
from worksample.probes.exchange import Exchange, Request, Response, Trouble

PUBLIC = Profile("public", "the public specification", frozenset({"B1"}))


def run(
    check_function: CheckFunction,
    *,
    clause: str = "A1",
    status: int = 422,
    profile: Profile = PUBLIC,
) -> CheckResult:
    """Run one check whose further rule, called "more", is B1; every request gets `status`."""
    response = Response(status, (), b"{}")
    harness = EngineHarness(responder=lambda path: response, profile=profile)
    harness.check("one", check_function, clause=clause, rules=(("more", "B1"),))
    return harness.run()["one"]


def clauses(findings: Iterable[Finding]) -> list[str]:
    return [each.clause for each in findings]


@pytest.mark.parametrize(
    ("clause", "profile", "verdict"),
    [("B1", PUBLIC, Verdict.PASS), ("A1", PUBLIC, Verdict.FAIL), ("B1", BRIEF, Verdict.FAIL)],
)
def test_failure_is_a_remark_if_its_rule_is_left_out(
    clause: str, profile: Profile, verdict: Verdict
) -> None:
    found = run(failing(), clause=clause, profile=profile)
    assert found.verdict is verdict
    told = found.remarks if verdict is Verdict.PASS else found.findings
    assert [each.actual for each in told] == ["nothing"]


def test_check_goes_on_after_a_remark() -> None:
    async def two_mistakes(world: World) -> None:
        expect(1, "the first").equals(2)
        expect(3, "the second").equals(4)

    found = run(two_mistakes, clause="B1")
    assert found.verdict is Verdict.PASS
    assert [each.expected for each in found.remarks] == ["the first: 2", "the second: 4"]


def test_the_same_remark_is_kept_once() -> None:
    async def the_same(world: World) -> None:
        for value in range(9):
            expect(value, "the value").equals("ten")

    assert len(run(the_same, clause="B1").remarks) == 1


def test_block_of_a_rule_that_is_left_out_ends_and_the_check_goes_on() -> None:
    seen: list[object] = []

    async def both_rules(world: World) -> None:
        with rule("more") as more:
            expect(1, "more").equals(2)
            seen.append("in the block")
        seen.append(more.broken)
        expect(5, "its own").equals(6)

    found = run(both_rules)
    assert (found.verdict, seen) == (Verdict.FAIL, [True])
    assert clauses(found.remarks) == ["B1"]
    assert [each.expected for each in found.findings] == ["its own: 6"]


def test_finding_in_the_block_of_a_rule_names_the_rule() -> None:
    async def breaks_more(world: World) -> None:
        with rule("more"):
            expect(1, "more").equals(2)

    found = run(breaks_more, profile=BRIEF)
    assert (found.verdict, clauses(found.findings)) == (Verdict.FAIL, ["B1"])


def test_block_without_a_failure_is_not_broken() -> None:
    async def keeps_all(world: World) -> None:
        with rule("more") as more:
            expect(1, "more").equals(1)
        assert not more.broken

    found = run(keeps_all)
    assert (found.verdict, found.remarks) == (Verdict.PASS, ())


def test_rule_that_the_check_does_not_name_is_its_own() -> None:
    async def breaks_other(world: World) -> None:
        with rule("other"):
            expect(1, "other").equals(2)

    assert run(breaks_other, clause="A1").verdict is Verdict.FAIL
    assert run(breaks_other, clause="B1").verdict is Verdict.PASS


def test_precondition_in_the_block_of_a_rule_that_is_left_out_is_a_remark() -> None:
    async def prepares(world: World) -> None:
        with rule("more"):
            raise PreconditionFailed("one", Finding("a second one", "refused"))

    found = run(prepares)
    assert (found.verdict, clauses(found.remarks)) == (Verdict.PASS, ["B1"])
    assert run(prepares, profile=BRIEF).verdict is Verdict.FAIL


@pytest.mark.parametrize("answer", [Response(500, (), b""), Trouble.CLOSED])
def test_server_that_fails_is_no_remark(answer: Response | Trouble) -> None:
    harness = EngineHarness(responder=lambda path: answer, profile=PUBLIC)
    harness.check("one", lambda world: world.expect_ok("/one"), clause="B1")
    found = harness.run()["one"]
    assert (found.verdict, found.remarks) == (Verdict.FAIL, ())


def test_rate_limit_is_no_remark() -> None:
    found = run(lambda world: world.expect_ok("/one"), clause="B1", status=429)
    assert (found.verdict, found.remarks) == (Verdict.UNDECIDED, ())


@pytest.mark.parametrize("error", [KeyError("x"), PreconditionFailed("two", Finding("a", "b"))])
def test_check_that_cannot_go_on_after_a_remark_passes(error: Exception) -> None:
    async def stumbles(world: World) -> None:
        expect(1, "the first").equals(2)
        raise error

    found = run(stumbles, clause="B1")
    assert (found.verdict, len(found.remarks)) == (Verdict.PASS, 1)


def test_refusal_that_is_a_remark_of_the_needed_check_excuses_the_check_it_blocks() -> None:
    async def needs(world: World) -> None:
        try:
            await world.expect_ok("/base")
        except CheckFailed as failure:
            raise PreconditionFailed("base", failure.findings[0]) from None

    harness = EngineHarness(responder=lambda path: Response(422, (), b"{}"), profile=PUBLIC)
    harness.check("base", lambda world: world.expect_ok("/base"), clause="B1")
    harness.check("dependent", needs, clause="A1")
    found = harness.run()["dependent"]
    assert (found.verdict, found.excused, found.blocked_by) == (Verdict.BLOCKED, True, "")
    assert "“base”" in found.reason


def test_another_refusal_than_the_remark_fails_the_check_that_it_blocks() -> None:
    async def needs(world: World) -> None:
        try:
            await world.expect_ok("/other")
        except CheckFailed as failure:
            raise PreconditionFailed("base", failure.findings[0]) from None

    harness = EngineHarness(responder=lambda path: Response(422, (), b"{}"), profile=PUBLIC)
    harness.check("base", lambda world: world.expect_ok("/base"), clause="B1")
    harness.check("dependent", needs, clause="A1")
    assert harness.run()["dependent"].verdict is Verdict.FAIL


def test_missing_operation_is_no_remark_and_blocks() -> None:
    missing = Response(404, (), b"{}")
    operations = (StagedOperation("paint", 1, "paints"),)
    harness = EngineHarness(responder=lambda path: missing, profile=PUBLIC, operations=operations)
    harness.check("paints", lambda world: world.expect_ok("/paint"), clause="A1")
    harness.check("dries", lambda world: world.expect_ok("/paint"), clause="B1")
    found = harness.run()["dries"]
    assert (found.verdict, found.blocked_by, found.remarks) == (Verdict.BLOCKED, "paints", ())


class RejectsTwoRules(PassiveCheck):
    """Has two findings of one cause for every exchange, one of a rule that may be left out."""

    def check_exchange(self, exchange: Exchange) -> Iterable[Finding]:
        """See `PassiveCheck`."""
        yield Finding("no more", "more", cause="all", clause="B1")
        if exchange.request.target == "/2":
            yield Finding("no request", "a request", cause="all")


@pytest.mark.parametrize(("path", "verdict"), [("/1", Verdict.PASS), ("/2", Verdict.FAIL)])
def test_passive_check_keeps_remarks_and_failures_apart(path: str, verdict: Verdict) -> None:
    harness = EngineHarness(responder=lambda path: OK_RESPONSE, profile=PUBLIC)
    harness.passive_check("passive", RejectsTwoRules, clause="A1")
    harness.check("sending", lambda world: world.expect_ok(path))
    found = harness.run()["passive"]
    assert (found.verdict, clauses(found.remarks)) == (verdict, ["B1"])


def test_failure_in_what_checks_share_is_raised_to_each_of_them() -> None:
    async def shared() -> None:
        expect(1, "the survey").equals(2)

    async def begun_by_a_check_that_only_remarks() -> None:
        harness = EngineHarness()
        harness.check("one", passing, clause="B1")
        with Judging(harness.checks[0], PUBLIC) as judging:
            task = asyncio.create_task(shared(), context=unjudged_context())
            with pytest.raises(CheckFailed):
                await task
        assert judging.remarks == []

    asyncio.run(begun_by_a_check_that_only_remarks())


def test_remark_keeps_only_the_exchange_that_shows_it() -> None:
    long = "x" * 100_000

    async def asks_much(world: World) -> None:
        for path in ("/1", "/2"):
            await world.get(path)
        request = Request("POST", "/3", body=long.encode())
        shown = await world.session.exchange(request)
        finding = Finding(long, long, exchanges=(shown,), culprit=0)
        raise CheckFailed(finding)

    [remark] = run(asks_much, clause="B1").remarks
    [exchange] = remark.exchanges
    assert (exchange.request.target, remark.culprit) == ("/3", 0)
    assert len(exchange.request.body) + len(remark.expected) + len(remark.actual) < 20_000
