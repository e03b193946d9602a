"""Run one check once and turn its outcome into a verdict."""

from __future__ import annotations

import asyncio
import time
import traceback
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

from worksample.checks.context import CheckContext
from worksample.checks.error_log import LoggedError
from worksample.checks.evidence import MAX_LINE, bounded, cut, remark_evidence
from worksample.checks.judging import Judging
from worksample.checks.model import Check, CheckResult, Finding, Verdict, culprit_of
from worksample.checks.outcome import CheckFailed, PreconditionFailed, Skipped, Undecided
from worksample.checks.silences import Silences
from worksample.checks.working_requests import failed_exchange
from worksample.errors import StartFailed
from worksample.messages import message
from worksample.probes.exchange import Exchange, Request, Trouble
from worksample.probes.http import Session
from worksample.targets import ExternalTarget, Target
from worksample.targets.causes import database_cause

#: Seconds after which a check is stopped and undecided; a slow server gets more in proportion.
CHECK_TIMEOUT = 240.0
_MAX_EXCHANGES = 12
_LOG_LINES = 25
_TOO_MANY_REQUESTS = 429
#: A 503 or 504 after at least so many seconds means that a time limit of the server expired.
_SERVER_TIMEOUT_SECONDS = 2.0
_SERVER_TIMEOUTS = (503, 504)
_CONNECTION_ERRORS = (Trouble.CLOSED, Trouble.REFUSED, Trouble.UNREACHABLE)

WorldFactory = Callable[[CheckContext, Session, Any], Any]


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


class _CheckLog:
    """What the server printed since `check` began, at position `mark`."""

    def __init__(self, target: Target | ExternalTarget, mark: int, check: Check) -> None:
        self._target, self._mark, self._check = target, mark, check

    @cached_property
    def _text(self) -> str:
        return self._target.printed(self._mark)

    @cached_property
    def last_lines(self) -> str:
        """Its last lines."""
        return _last_lines(self._text)

    @cached_property
    def database_cause(self) -> str:
        """What it says of the database; `alone` and `lab` checks may have stopped it themselves."""
        disturbed = self._check.alone or self._check.lab
        return database_cause(self._text, faults_injected=disturbed)


class CheckRunner:
    """Runs checks in one `CheckContext`; `make_world` makes a world for each run.

    A request that gets no answer by what is known of its kind (`silences`) is not sent.
    """

    def __init__(self, context: CheckContext, make_world: WorldFactory, silences: Silences) -> None:
        self._context = context
        self._make_world = make_world
        self._silences = silences

    async def run(self, check: Check, attempt: int = 0) -> CheckRun:
        """Run `check`; each `attempt` uses different random values."""
        session = self._context.session(check.id, attempt, self._is_pointless)
        world = self._make_world(self._context, session, self._context.rng(check.id, attempt))
        target = self._context.target
        log = _CheckLog(target, target.log.position, check)
        began = time.monotonic()
        judging = Judging(check, self._context.profile)
        run = await self._outcome(judging, world, session)
        not_sent = [*session.not_sent, *_not_sent_by_others(run)]
        if not_sent:
            run = self._without_verdict(run, not_sent[0])
        if run.findings:
            await target.flush_log()
        result = replace(
            run.result,
            seconds=time.monotonic() - began,
            requests=len(session.exchanges) + session.forgotten,
            findings=tuple([await self._evidence(f, log) for f in run.result.findings]),
            notes=tuple(getattr(world, "notes", ())),
            remarks=tuple(map(remark_evidence, judging.remarks)),
        )
        needed = run.precondition
        precondition = await self._evidence(needed, log) if needed else None
        detours = {
            each.needs: bounded(_with_exchanges(each.finding, session.exchanges))
            for each in getattr(world, "detours", ())
        }
        return replace(run, result=result, precondition=precondition, detours=detours)

    @property
    def _seconds(self) -> float:
        return CHECK_TIMEOUT * self._context.pace.patience

    def _is_pointless(self, request: Request) -> bool:
        if self._silences.cause(request):
            return True
        return not self._context.alone and self._silences.is_suspected(request)

    def _without_verdict(self, run: CheckRun, first: Exchange) -> CheckRun:
        """Return `run` blocked, since `first` and perhaps others were not sent.

        If it is proven that such requests get no answer, findings that do not depend on them stay.
        """
        run = replace(run, not_sent=first.request)
        if cause := self._silences.cause(first.request):
            own = tuple(f for f in run.result.findings if _is_independent(f, first.started))
            return replace(run, result=replace(run.result, findings=own)).blocked_for(cause)
        return replace(run, result=CheckResult(run.result.check, Verdict.BLOCKED))

    async def _outcome(self, judging: Judging, world: Any, session: Session) -> CheckRun:
        check = judging.check
        assert check.function is not None
        try:
            with judging:
                async with asyncio.timeout(self._seconds):
                    await check.function(world)
            for left_out in () if judging.only_remarks else getattr(world, "unprepared", ()):
                return _blocked(check, left_out, session.exchanges)
        except CheckFailed as failure:
            return _failed(judging, failure, session.exchanges)
        except PreconditionFailed as precondition:
            if judging.only_remarks:
                return _passed(check)
            return _blocked(check, precondition, session.exchanges)
        except Undecided as undecided:
            if judging.only_remarks:
                return _passed(check)
            return CheckRun(CheckResult(check, Verdict.UNDECIDED, reason=undecided.reason))
        except Skipped as skipped:
            reason = skipped.reason
            return CheckRun(CheckResult(check, Verdict.BLOCKED, reason=reason, excused=True))
        except TimeoutError:
            return _unfinished(check, session.exchanges, self._seconds)
        except StartFailed as error:
            return CheckRun(CheckResult(check, Verdict.FAIL, (_restart_failed(error),)))
        except Exception as error:
            if judging.only_remarks:
                return _passed(check)
            where = traceback.extract_tb(error.__traceback__)[-1]
            reason = message(
                "{kind}: {error} ({function}, line {line})",
                kind=type(error).__name__,
                error=error,
                function=where.name,
                line=where.lineno,
            )
            return CheckRun(CheckResult(check, Verdict.ERROR, reason=reason))
        return _passed(check)

    async def _evidence(self, finding: Finding, log: _CheckLog) -> Finding:
        return bounded(await self._with_log(finding, log))

    async def _with_log(self, finding: Finding, log: _CheckLog) -> Finding:
        """Add the server's log and its likely cause to a 5xx or a lost response.

        The log is that of the request alone where it can be told, and names its error.
        """
        failed = failed_exchange(finding)
        error = await self._context.errors.error_of(failed) if failed else None
        culprit = culprit_of(finding)
        if culprit is None or (culprit.response is not None and culprit.status < 500):
            return with_error(finding, error)
        hint = finding.hint or log.database_cause
        return with_error(replace(finding, log=log.last_lines, hint=hint), error)


def with_error(finding: Finding, found: LoggedError | None) -> Finding:
    """Return `finding` with the error that the server logged for it, if it is known."""
    if found is None:
        return finding
    return replace(finding, error=found.error, log=_last_lines(found.log))


def _with_exchanges(finding: Finding, exchanges: list[Exchange]) -> Finding:
    """Give `finding` all exchanges of its check up to the culprit, unless it has several."""
    if len(finding.exchanges) > 1 or not exchanges:
        return finding
    culprit = finding.exchanges[0] if finding.exchanges else None
    index = _position(culprit, exchanges)
    until = exchanges if index is None else exchanges[: index + 1]
    kept = tuple(until[-_MAX_EXCHANGES:])
    return replace(finding, exchanges=kept, culprit=None if culprit is None else len(kept) - 1)


def _position(wanted: Exchange | None, exchanges: list[Exchange]) -> int | None:
    if wanted is None:
        return None
    for index, exchange in enumerate(exchanges):
        if exchange.request is wanted.request and exchange.started == wanted.started:
            return index
    return None


def _passed(check: Check) -> CheckRun:
    """Return a pass; a check that cannot go on after a remark ends so, too."""
    return CheckRun(CheckResult(check, Verdict.PASS))


def _failed(judging: Judging, failure: CheckFailed, exchanges: list[Exchange]) -> CheckRun:
    check = judging.check
    findings = tuple(_with_exchanges(each, exchanges) for each in judging.keep(failure.findings))
    if not findings:
        return _passed(check)
    if all(map(_is_rate_limited, findings)):
        return _undecided_by_rate_limit(check)
    return CheckRun(CheckResult(check, Verdict.FAIL, findings))


def _blocked(check: Check, precondition: PreconditionFailed, exchanges: list[Exchange]) -> CheckRun:
    finding = _with_exchanges(precondition.finding, exchanges)
    if _is_rate_limited(finding):
        return _undecided_by_rate_limit(check)
    if precondition.needs == check.id:
        return CheckRun(CheckResult(check, Verdict.FAIL, (finding,)))
    result = CheckResult(check, Verdict.BLOCKED, blocked_by=precondition.needs)
    return CheckRun(result, precondition=finding, exact=precondition.exact)


def _unfinished(check: Check, exchanges: list[Exchange], seconds: float) -> CheckRun:
    reason = message(
        "not finished after {seconds} s, in which the server answered {count} "
        "requests: too slow for a verdict",
        seconds=f"{seconds:.0f}",
        count=len(exchanges),
    )
    return CheckRun(CheckResult(check, Verdict.UNDECIDED, reason=reason), unfinished=True)


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
        log=_last_lines(error.log),
    )


def _is_timeout(finding: Finding) -> bool:
    """Whether no response came in time, or a 503 or 504 after a time limit of the server."""
    culprit = culprit_of(finding)
    if culprit is None:
        return False
    server_timeout = (
        culprit.status in _SERVER_TIMEOUTS and culprit.seconds >= _SERVER_TIMEOUT_SECONDS
    )
    return server_timeout or culprit.trouble is Trouble.TIMEOUT


def _is_blocked_without_cause(result: CheckResult) -> bool:
    return result.verdict is Verdict.BLOCKED and not (result.blocked_by or result.reason)


def _not_sent_by_others(run: CheckRun) -> list[Exchange]:
    """Return the culprits that were not sent: an experiment that checks share may have left one."""
    culprits = map(culprit_of, run.findings)
    return [each for each in culprits if each and each.trouble is Trouble.NOT_SENT]


def _has_no_answer(finding: Finding) -> bool:
    return _is_timeout(finding) or _trouble(finding) is Trouble.NOT_SENT


def _is_independent(finding: Finding, since: float) -> bool:
    """Whether the culprit was sent before `since`, or is a server error."""
    culprit = culprit_of(finding)
    if culprit is None or culprit.trouble is Trouble.NOT_SENT:
        return False
    return culprit.started < since or culprit.status >= 500


def _trouble(finding: Finding) -> Trouble | None:
    culprit = culprit_of(finding)
    return None if culprit is None else culprit.trouble


def _last_lines(text: str) -> str:
    return "\n".join(cut(line, MAX_LINE) for line in text.splitlines()[-_LOG_LINES:])
