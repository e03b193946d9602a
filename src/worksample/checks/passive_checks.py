"""Watches: checks that judge every exchange of a run as it passes."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from worksample.checks.context import CheckContext
from worksample.checks.model import Check, CheckResult, Finding, Verdict
from worksample.probes.exchange import Exchange

_MOST_KINDS = 12


class PassiveCheck:
    """One watch in one run; a challenge subclasses it and decorates the class with `@passive_check`."""

    def __init__(self, context: CheckContext) -> None:
        self.context = context

    def check_exchange(self, exchange: Exchange) -> Iterable[Finding]:
        """Yield a finding for everything wrong with `exchange`; `cause` tells kinds apart."""
        raise NotImplementedError


class PassiveCheckRunner:
    """Runs all watches of a run and keeps the first finding of every kind."""

    def __init__(self, checks: Iterable[Check], context: CheckContext) -> None:
        self._kept: dict[str, dict[str, Finding]] = {}
        self._broken: dict[str, str] = {}
        self._watches: list[tuple[Check, Any]] = []
        for check in checks:
            assert check.passive_check is not None
            self._watches.append((check, check.passive_check(context)))
            self._kept[check.id] = {}
        self.seen = 0

    def check_exchange(self, exchange: Exchange) -> None:
        """Show `exchange` to every watch."""
        self.seen += 1
        for check, passive_check in self._watches:
            kept = self._kept[check.id]
            if len(kept) >= _MOST_KINDS or check.id in self._broken:
                continue
            try:
                for finding in passive_check.check_exchange(exchange):
                    kept.setdefault(finding.cause or finding.expected, finding)
            except Exception as error:
                self._broken[check.id] = f"{type(error).__name__}: {error}"

    def results(self) -> list[CheckResult]:
        """Return what each watch has to say in the end."""
        return [self._result(check) for check, _ in self._watches]

    def _result(self, check: Check) -> CheckResult:
        findings = tuple(self._kept[check.id].values())
        if findings:
            return CheckResult(check, Verdict.FAIL, findings, requests=self.seen)
        if check.id in self._broken:
            return CheckResult(check, Verdict.ERROR, reason=self._broken[check.id])
        if not self.seen:
            return CheckResult(check, Verdict.BLOCKED, reason="nothing was asked in this run")
        return CheckResult(check, Verdict.PASS, requests=self.seen)
