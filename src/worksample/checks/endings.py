"""The verdict of a check by how it ended: normally, or by the exception that stopped it."""

from __future__ import annotations

import traceback
from collections.abc import Sequence

from worksample.checks.check_run import CheckRun
from worksample.checks.evidence import last_lines, with_exchanges
from worksample.checks.judging import Judging
from worksample.checks.model import Check, CheckResult, Finding, Verdict, culprit_of
from worksample.checks.outcome import CheckFailed, PreconditionFailed, Skipped, Undecided
from worksample.errors import StartFailed
from worksample.messages import message
from worksample.probes.exchange import Exchange

_TOO_MANY_REQUESTS = 429
# These stop a check for a reason of their own, also after remarks.
_INDEPENDENT_OF_REMARKS = (Skipped, TimeoutError, StartFailed)


def run_stopped_by(
    stopped: Exception | None, judging: Judging, exchanges: Sequence[Exchange], seconds: float
) -> CheckRun:
    """Return the run of the check of `judging` that `stopped` has ended; None if nothing did.

    `exchanges` are those of the check, `seconds` is its time limit.
    """
    check = judging.check
    match _without_remarks(stopped, judging):
        case None:
            return CheckRun(CheckResult(check, Verdict.PASS))
        case CheckFailed() as failure:
            return _failed(check, failure, exchanges)
        case PreconditionFailed() as precondition:
            return _blocked(check, precondition, exchanges)
        case Undecided() as undecided:
            return CheckRun(CheckResult(check, Verdict.UNDECIDED, reason=undecided.reason))
        case Skipped() as skipped:
            result = CheckResult(check, Verdict.BLOCKED, reason=skipped.reason, excused=True)
            return CheckRun(result)
        case TimeoutError():
            return _unfinished(check, exchanges, seconds)
        case StartFailed() as error:
            return CheckRun(CheckResult(check, Verdict.FAIL, (_restart_failed(error),)))
        case error:
            return CheckRun(CheckResult(check, Verdict.ERROR, reason=_place_of(error)))


def _without_remarks(stopped: Exception | None, judging: Judging) -> Exception | None:
    """Return what stopped the check, without findings that are remarks; None if nothing is left.

    A check that cannot go on after remarks passes: what has been tested so far decides.
    """
    if isinstance(stopped, CheckFailed):
        counted = judging.keep(stopped.findings)
        return CheckFailed(*counted) if counted else None
    if judging.only_remarks and not isinstance(stopped, _INDEPENDENT_OF_REMARKS):
        return None
    return stopped


def _failed(check: Check, failure: CheckFailed, exchanges: Sequence[Exchange]) -> CheckRun:
    findings = tuple(with_exchanges(each, exchanges) for each in failure.findings)
    if all(map(_is_rate_limited, findings)):
        return _undecided_by_rate_limit(check)
    return CheckRun(CheckResult(check, Verdict.FAIL, findings))


def _blocked(
    check: Check, precondition: PreconditionFailed, exchanges: Sequence[Exchange]
) -> CheckRun:
    finding = with_exchanges(precondition.finding, exchanges)
    if _is_rate_limited(finding):
        return _undecided_by_rate_limit(check)
    if precondition.needs == check.id:
        return CheckRun(CheckResult(check, Verdict.FAIL, (finding,)))
    result = CheckResult(check, Verdict.BLOCKED, blocked_by=precondition.needs)
    return CheckRun(result, precondition=finding, exact=precondition.exact)


def _unfinished(check: Check, exchanges: Sequence[Exchange], seconds: float) -> CheckRun:
    reason = message(
        "not finished after {seconds} s, in which the server answered {count} "
        "requests: too slow for a verdict",
        seconds=f"{seconds:.0f}",
        count=len(exchanges),
    )
    return CheckRun(CheckResult(check, Verdict.UNDECIDED, reason=reason), unfinished=True)


def _place_of(error: Exception) -> str:
    """Return what an internal error says, and where in Worksample it was raised."""
    where = traceback.extract_tb(error.__traceback__)[-1]
    return message(
        "{kind}: {error} ({function}, line {line})",
        kind=type(error).__name__,
        error=error,
        function=where.name,
        line=where.lineno,
    )


def _is_rate_limited(finding: Finding) -> bool:
    """Whether the culprit is a 429 that remained after all retries."""
    culprit = culprit_of(finding)
    return culprit is not None and culprit.status == _TOO_MANY_REQUESTS


def _undecided_by_rate_limit(check: Check) -> CheckRun:
    reason = (
        "the server's rate limiter still answered 429 after all retries: switch it off for this run"
    )
    return CheckRun(CheckResult(check, Verdict.UNDECIDED, reason=reason))


def _restart_failed(error: StartFailed) -> Finding:
    return Finding(
        expected="the server starts again",
        actual=error.message,
        hint=error.hint,
        log=last_lines(error.log),
    )
