"""`CheckRun`: one execution of a check, and what kept the check from passing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from worksample.checks.model import CheckResult, Finding, Verdict, culprit_of
from worksample.probes.exchange import Request, Trouble

#: A 503 or 504 after at least so many seconds means that a time limit of the server expired.
_SERVER_TIMEOUT_SECONDS = 2.0
_SERVER_TIMEOUTS = (503, 504)
_CONNECTION_ERRORS = (Trouble.CLOSED, Trouble.REFUSED, Trouble.UNREACHABLE)


@dataclass(frozen=True, slots=True)
class CheckRun:
    """One execution of a check.

    `precondition` is the finding of the failed precondition of a blocked check, `exact` whether the
    check that blocks it sends such a request (see `PreconditionFailed`). `detours` holds, by
    the id of the check that tests it, the finding of each precondition that failed but was then
    met in another way. `unfinished` says that the check reached `CHECK_TIMEOUT` although the server
    answered every request. `not_sent` is the first request that was not sent because such requests
    seem to get no answer: unless a check has proven that, this is no verdict.
    """

    result: CheckResult
    precondition: Finding | None = None
    exact: bool = True
    detours: Mapping[str, Finding] = field(default_factory=dict)
    unfinished: bool = False
    not_sent: Request | None = None

    @property
    def timed_out(self) -> bool:
        """Whether the check did not pass because the server was too slow."""
        return self.unfinished or any(_is_timeout(finding) for finding in self.findings)

    @property
    def unanswered(self) -> Request | None:
        """The first request that had no answer in time, if that is why the check did not pass."""
        culprits = (culprit_of(finding) for finding in self.findings if _is_timeout(finding))
        return next((each.request for each in culprits if each is not None), None)

    @property
    def is_postponed(self) -> bool:
        """Whether the check has no verdict yet, for a request that was not sent."""
        result = self.result
        return self.not_sent is not None and _is_blocked_without_cause(result)

    def blocked_for(self, cause: str) -> CheckRun:
        """Return this run blocked by the check `cause`, but with the findings it does not explain.

        It explains that requests had no answer in time, or were not sent.
        """
        own = tuple(each for each in self.result.findings if not _has_no_answer(each))
        if own or self.result.check.id == cause:
            return replace(self, result=replace(self.result, findings=own or self.result.findings))
        result = replace(self.result, verdict=Verdict.BLOCKED, findings=(), blocked_by=cause)
        return replace(self, result=result, precondition=next(iter(self.findings), None))

    @property
    def cut_off(self) -> bool:
        """Whether the check did not pass because of a broken connection.

        Another check's request may have broken it.
        """
        return any(_trouble(finding) in _CONNECTION_ERRORS for finding in self.findings)

    @property
    def findings(self) -> list[Finding]:
        """Everything that kept the check from passing, a failed precondition included."""
        return [*self.result.findings, *([self.precondition] if self.precondition else [])]


def _is_timeout(finding: Finding) -> bool:
    """Whether no response came in time, or a 503 or 504 after a time limit of the server."""
    culprit = culprit_of(finding)
    if culprit is None:
        return False
    server_timeout = (
        culprit.status in _SERVER_TIMEOUTS and culprit.seconds >= _SERVER_TIMEOUT_SECONDS
    )
    return server_timeout or culprit.trouble is Trouble.TIMEOUT


def _has_no_answer(finding: Finding) -> bool:
    return _is_timeout(finding) or _trouble(finding) is Trouble.NOT_SENT


def _trouble(finding: Finding) -> Trouble | None:
    culprit = culprit_of(finding)
    return None if culprit is None else culprit.trouble


def _is_blocked_without_cause(result: CheckResult) -> bool:
    return result.verdict is Verdict.BLOCKED and not (result.blocked_by or result.reason)
