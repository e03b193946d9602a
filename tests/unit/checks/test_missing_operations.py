"""Tests of what a missing operation explains in the findings of other checks."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import cast

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
from worksample.checks.dialect import Dialect
from worksample.checks.operations import MissingOperations
from worksample.probes.exchange import Exchange, Request, Response

OPERATIONS = (StagedOperation("list", 1, "lists"), StagedOperation("paint", 2, "paints"))
GETS = {each.id: {"operationId": each.id, "responses": {}} for each in OPERATIONS}
CONTRACT = Contract({"paths": {f"/{name}": {"get": get} for name, get in GETS.items()}}, Path())


def finding(path: str, status: int, *, culprit: int | None = 0) -> Finding:
    """Return a finding that shows GET `path` answered with `status`."""
    exchange = Exchange(Request("GET", path), Response(status, (), b"{}"))
    return Finding("200", str(status), exchanges=(exchange,), culprit=culprit)


def failed(name: str, *findings: Finding) -> CheckResult:
    check = Check(id=name, title=name, aspect=Aspect.BEHAVIOUR, stage=1, clause="", why="")
    return CheckResult(check, Verdict.FAIL, findings=findings)


def explained(result: CheckResult, *proofs: CheckResult, prefix: str = "") -> CheckResult:
    """Return `result` as it is explained by the results of the checks that prove operations."""
    context = SimpleNamespace(contract=CONTRACT, dialect=Dialect(prefix=prefix))
    results = {each.check.id: each for each in proofs}
    missing = MissingOperations(cast(CheckContext, context), OPERATIONS, results)
    return missing.explain(result)


def test_blocks_check_whose_only_finding_is_explained() -> None:
    paint = finding("/paint", 404)
    found = explained(failed("dries", paint), failed("paints", paint))
    assert (found.verdict, found.blocked_by, found.findings) == (Verdict.BLOCKED, "paints", ())


def test_keeps_findings_that_are_not_explained() -> None:
    paint, other = finding("/paint", 404), finding("/list", 500)
    found = explained(failed("dries", paint, other), failed("paints", paint))
    assert (found.verdict, found.findings) == (Verdict.FAIL, (other,))


def test_never_explains_the_check_that_proves_the_operation() -> None:
    proof = failed("paints", finding("/paint", 404))
    assert explained(proof, proof) == proof


def test_finding_without_a_culprit_is_not_explained() -> None:
    result = failed("dries", finding("/paint", 404, culprit=None))
    assert explained(result, failed("paints", finding("/paint", 404))) == result


def test_path_outside_the_contract_is_not_explained() -> None:
    result = failed("dries", finding("/varnish", 404))
    assert explained(result, failed("paints", finding("/paint", 404))) == result


def test_operation_whose_proof_was_not_selected_is_not_missing() -> None:
    result = failed("dries", finding("/paint", 404))
    assert explained(result) == result


def test_proof_that_fails_at_another_operation_does_not_explain() -> None:
    result = failed("dries", finding("/paint", 404))
    assert explained(result, failed("paints", finding("/list", 404))) == result


def test_finds_operations_below_the_prefix_of_the_server() -> None:
    paint = finding("/v1/paint", 501)
    found = explained(failed("dries", paint), failed("paints", paint), prefix="/v1")
    assert found.blocked_by == "paints"
