"""Passive checks: checks that inspect every exchange of a run and send no requests."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from worksample.checks.context import CheckContext
from worksample.checks.evidence import bounded, remark_evidence
from worksample.checks.judging import Judging
from worksample.checks.model import Check, CheckResult, Finding, Verdict
from worksample.probes.exchange import Exchange

_MAX_CAUSES = 12


class PassiveCheck:
    """Base of passive checks; a challenge decorates its subclasses with `@passive_check`.

    One instance inspects all exchanges of one run.
    """

    def __init__(self, context: CheckContext) -> None:
        self.context = context

    def check_exchange(self, exchange: Exchange) -> Iterable[Finding]:
        """Yield a finding for each defect of `exchange`.

        Only the first finding of each `cause` and `clause` is kept.
        """
        raise NotImplementedError


class PassiveCheckRunner:
    """Runs `checks` on every exchange and keeps the first finding of each cause."""

    def __init__(self, checks: Iterable[Check], context: CheckContext) -> None:
        self._context = context
        self._kept: dict[str, dict[tuple[str, str], Finding]] = {}
        self._broken: dict[str, str] = {}
        self._instances: list[tuple[Check, Any]] = []
        for check in checks:
            assert check.passive_check is not None
            self._instances.append((check, check.passive_check(context)))
            self._kept[check.id] = {}
        self.seen = 0

    def check_exchange(self, exchange: Exchange) -> None:
        """Pass `exchange` to every passive check."""
        self.seen += 1
        for check, instance in self._instances:
            kept = self._kept[check.id]
            if len(kept) >= _MAX_CAUSES or check.id in self._broken:
                continue
            try:
                with Judging(check, self._context.profile):
                    for finding in instance.check_exchange(exchange):
                        key = (finding.clause, finding.cause or finding.expected)
                        if key not in kept:
                            kept[key] = replace(bounded(finding), observed=True)
            except Exception as error:
                self._broken[check.id] = f"{type(error).__name__}: {error}"

    def results(self) -> list[CheckResult]:
        """Return the result of each passive check."""
        return [self._result(check) for check, _ in self._instances]

    def _result(self, check: Check) -> CheckResult:
        judging = Judging(check, self._context.profile)
        findings = judging.keep(self._kept[check.id].values())
        remarks = tuple(map(remark_evidence, judging.remarks))
        if findings:
            return CheckResult(check, Verdict.FAIL, findings, requests=self.seen, remarks=remarks)
        if check.id in self._broken:
            return CheckResult(check, Verdict.ERROR, reason=self._broken[check.id])
        if not self.seen:
            return CheckResult(check, Verdict.BLOCKED, reason="no request was sent in this run")
        return CheckResult(check, Verdict.PASS, requests=self.seen, remarks=remarks)
