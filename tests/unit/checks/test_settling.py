"""What becomes of blocks and detours once it is known which checks failed."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import cast

from tests.support import reports
from worksample.checks import BRIEF, CheckContext, CheckResult, Contract, Finding, Verdict
from worksample.checks.check_run import CheckRun
from worksample.checks.dialect import Dialect
from worksample.checks.request_kinds import RequestKinds
from worksample.checks.settling import settled_results
from worksample.probes.exchange import Exchange, Request, Response

OPERATION = {"operationId": "profile", "responses": {}}
CONTRACT = Contract({"paths": {"/profiles/{name}": {"get": OPERATION}}}, Path())
CONTEXT = cast(
    CheckContext, SimpleNamespace(contract=CONTRACT, dialect=Dialect(prefix=""), profile=BRIEF)
)


def refused(path: str, status: int = 422) -> Finding:
    shown = Exchange(Request("GET", path), Response(status, (), b"{}"))
    return Finding("200", str(status), exchanges=(shown,), culprit=0)


def passed(name: str, *remarks: Finding) -> CheckRun:
    return CheckRun(CheckResult(reports.check(name), Verdict.PASS, remarks=remarks))


def failed(name: str, finding: Finding) -> CheckRun:
    return CheckRun(CheckResult(reports.check(name), Verdict.FAIL, (finding,)))


def blocked(name: str, by: str, finding: Finding, *, exact: bool = True) -> CheckRun:
    result = CheckResult(reports.check(name), Verdict.BLOCKED, blocked_by=by)
    return CheckRun(result, precondition=finding, exact=exact)


def settled(*runs: CheckRun) -> dict[str, CheckResult]:
    by_id = {run.result.check.id: run for run in runs}
    return settled_results(by_id, CONTEXT, RequestKinds(CONTRACT, ""), ())


def test_block_by_a_check_that_passed_is_a_failed_step() -> None:
    found = settled(passed("a"), blocked("b", "a", refused("/profiles/x1")))["b"]
    assert (found.verdict, found.blocked_by, found.findings[0].step) == (Verdict.FAIL, "", True)
    assert found.findings[0].because.endswith("“A” passed with other values")


def test_block_that_ends_at_a_failure_stays() -> None:
    step = refused("/profiles/x1")
    found = settled(failed("a", step), blocked("b", "a", step), blocked("c", "b", step))
    assert [(found[name].verdict, found[name].blocked_by) for name in "bc"] == [
        (Verdict.BLOCKED, "a"),
        (Verdict.BLOCKED, "b"),
    ]


def test_checks_that_block_each_other_fail() -> None:
    step = refused("/profiles/x1")
    found = settled(blocked("a", "b", step), blocked("b", "a", step))
    assert {result.verdict for result in found.values()} == {Verdict.FAIL}


def test_another_check_that_got_this_answer_from_the_operation_explains_the_block() -> None:
    """The names are words: the contract tells that it is one operation."""
    runs = passed("a"), failed("b", refused("/profiles/anna"))
    found = settled(*runs, blocked("c", "a", refused("/profiles/bob"), exact=False))
    assert (found["c"].verdict, found["c"].blocked_by) == (Verdict.BLOCKED, "b")
    found = settled(*runs, blocked("c", "a", refused("/profiles/bob", 403), exact=False))
    assert found["c"].verdict is Verdict.FAIL


def test_refusal_that_is_only_remarked_on_excuses() -> None:
    remarked = passed("a", refused("/profiles/anna"))
    found = settled(remarked, blocked("b", "a", refused("/profiles/bob")))["b"]
    assert (found.verdict, found.excused, found.blocked_by) == (Verdict.BLOCKED, True, "")


def test_detour_round_a_check_that_passed_is_a_failure() -> None:
    step = refused("/profiles/x1")
    result = CheckResult(reports.check("b"), Verdict.PASS)
    detour = CheckRun(result, detours={"a": step})
    assert settled(passed("a"), detour)["b"].verdict is Verdict.FAIL
    assert settled(failed("a", step), detour)["b"].verdict is Verdict.PASS
    assert settled(detour)["b"].verdict is Verdict.PASS
