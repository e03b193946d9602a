"""Put together what hostile inputs show: the kinds that fail in one way at one operation."""

from __future__ import annotations

from dataclasses import replace

from worksample.checks.error_log import kind_of
from worksample.checks.model import CheckResult, Finding
from worksample.checks.request_kinds import RequestKinds


def with_inputs_together(result: CheckResult, kinds: RequestKinds) -> CheckResult:
    """Return `result` with one finding for all inputs that failed in one way at one operation.

    It lists every kind of input, and shows the exchanges of the first. `kinds` names operations.
    """
    found: dict[tuple[str, ...], Finding] = {}
    for number, finding in enumerate(result.findings):
        key = _way(finding, kinds) if finding.inputs else (str(number),)
        first = found.setdefault(key, finding)
        if first is not finding:
            found[key] = replace(first, inputs=(*first.inputs, *finding.inputs))
    return replace(result, findings=tuple(map(_with_lines, found.values())))


def _way(finding: Finding, kinds: RequestKinds) -> tuple[str, ...]:
    """Return operation, status or trouble, the error that was logged, and what was expected."""
    exchange = finding.exchanges[finding.culprit or 0]
    outcome = str(exchange.status or exchange.trouble)
    expected = finding.expected.rpartition(": ")[2]
    operation = kinds.operation_of(exchange.request)
    return operation, outcome, kind_of(finding.error), expected


def _with_lines(finding: Finding) -> Finding:
    lines = finding.inputs if len(finding.inputs) > 1 else ()
    return replace(finding, details=(*lines, *finding.details))
