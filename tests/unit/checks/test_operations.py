"""Tests of `MissingOperations`: what a server's missing operations explain."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.engine.harness import FakeTarget
from worksample.checks import (
    Aspect,
    Check,
    CheckContext,
    CheckResult,
    Contract,
    Finding,
    StagedOperation,
    Verdict,
)
from worksample.checks.operations import MissingOperations
from worksample.probes.exchange import Exchange, Request, Response
from worksample.probes.http import HttpClient

WRITE = StagedOperation("write", 1, "writes")
READ = StagedOperation("read", 1, "reads")
OPERATIONS = {
    "/notes": {"post": {"operationId": "write", "responses": {}}},
    "/notes/{id}": {"get": {"operationId": "read", "responses": {}}},
}


def explained(*results: CheckResult) -> dict[str, str]:
    """Return for each check its verdict, or what blocks it."""
    client = HttpClient("http://127.0.0.1:1")
    context = CheckContext(client, FakeTarget(), Contract({"paths": OPERATIONS}, Path()), seed=1)
    missing = MissingOperations(context, (WRITE, READ), {each.check.id: each for each in results})
    found = [missing.explain(each) for each in results]
    return {each.check.id: each.blocked_by or each.verdict.value for each in found}


def failed(name: str, method: str, path: str, status: int) -> CheckResult:
    """Return the result of a check that failed because this request was answered `status`."""
    exchange = Exchange(Request(method, path), Response(status, (), b""), None, started=0.0)
    finding = Finding("status 200", str(status), exchanges=(exchange,), culprit=0)
    return CheckResult(check(name), Verdict.FAIL, findings=(finding,))


def blocked(name: str, by: str) -> CheckResult:
    """Return the result of a check that is blocked by the check `by`."""
    return CheckResult(check(name), Verdict.BLOCKED, blocked_by=by)


def check(name: str) -> Check:
    """Return a check with this id."""
    return Check(id=name, title=name, aspect=Aspect.BEHAVIOUR, clause="", why="", stage=1)


@pytest.mark.parametrize("status", [404, 405, 501])
def test_a_missing_operation_blocks_checks_that_failed_for_it(status: int) -> None:
    found = explained(
        failed("writes", "POST", "/notes", status), failed("keeps", "POST", "/notes", status)
    )
    assert found == {"writes": "fail", "keeps": "writes"}


def test_an_operation_that_answers_otherwise_is_not_missing() -> None:
    found = explained(
        failed("writes", "POST", "/notes", 500), failed("keeps", "POST", "/notes", 404)
    )
    assert found == {"writes": "fail", "keeps": "fail"}


def test_a_defect_of_another_operation_is_still_told() -> None:
    found = explained(
        failed("writes", "POST", "/notes", 404), failed("broken", "GET", "/notes/1", 500)
    )
    assert found == {"writes": "fail", "broken": "fail"}


def test_a_missing_operation_explains_those_whose_proof_it_blocks() -> None:
    found = explained(
        failed("writes", "POST", "/notes", 404),
        blocked("reads", by="writes"),
        failed("reads twice", "GET", "/notes/1", 404),
    )
    assert found == {"writes": "fail", "reads": "writes", "reads twice": "writes"}


def test_a_proof_that_fails_for_a_missing_operation_counts_as_blocked() -> None:
    found = explained(
        failed("writes", "POST", "/notes", 404),
        failed("reads", "POST", "/notes", 404),
        failed("reads twice", "GET", "/notes/1", 404),
    )
    assert found == {"writes": "fail", "reads": "writes", "reads twice": "writes"}


def test_a_proof_that_something_else_blocks_explains_nothing() -> None:
    found = explained(
        failed("writes", "POST", "/notes", 500),
        blocked("reads", by="writes"),
        failed("reads twice", "GET", "/notes/1", 404),
    )
    assert found == {"writes": "fail", "reads": "writes", "reads twice": "fail"}
