"""Hostile inputs that fail in one way at one operation are one finding, which lists them all."""

from __future__ import annotations

from pathlib import Path

from tests.support import reports
from worksample.checks import CheckResult, Contract, Finding
from worksample.checks.inputs import with_inputs_together
from worksample.checks.request_kinds import RequestKinds

NUL, LONG = "app/db.py:3: DataError: NUL", "app/db.py:3: TooLong: 255"


def hostile(name: str, target: str = "/api/users", status: int = 500, error: str = "") -> Finding:
    shown = reports.exchange(target=target, status=status)
    expected = f"POST {target} with {name}: 4xx"
    return Finding(expected, "", exchanges=(shown,), culprit=0, inputs=(name,), error=error)


def together(*findings: Finding) -> CheckResult:
    kinds = RequestKinds(Contract({"paths": {}}, Path()), "/api")
    return with_inputs_together(reports.failed(reports.check("hostile"), *findings), kinds)


def inputs(*findings: Finding) -> list[tuple[str, ...]]:
    result = together(*findings)
    return [each.inputs for each in result.findings]


def test_every_kind_of_input_is_named_on_a_line_of_its_own() -> None:
    found = [hostile(f"kind {number}") for number in range(12)]
    result = together(*found)
    [finding] = result.findings
    assert finding.details == finding.inputs == tuple(f"kind {n}" for n in range(12))
    assert finding.exchanges == found[0].exchanges


def test_other_operation_status_or_error_is_another_finding() -> None:
    assert inputs(
        hostile("a"), hostile("b", "/api/articles"), hostile("c", status=200), hostile("d")
    ) == [("a", "d"), ("b",), ("c",)]
    assert inputs(hostile("a", error=NUL), hostile("b", error=LONG), hostile("c", error=NUL)) == [
        ("a", "c"),
        ("b",),
    ]


def test_other_findings_stay_as_they_are() -> None:
    assert inputs(Finding("a", "b"), Finding("a", "b")) == [(), ()]
