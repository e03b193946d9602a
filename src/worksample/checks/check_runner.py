"""Run one check once, and add to its result what the run shows beside the verdict."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from dataclasses import replace
from functools import cached_property
from typing import Any

from worksample.checks.check_run import CheckRun
from worksample.checks.context import CheckContext
from worksample.checks.endings import run_stopped_by
from worksample.checks.error_log import LoggedError
from worksample.checks.evidence import bounded, last_lines, remark_evidence, with_exchanges
from worksample.checks.judging import Judging
from worksample.checks.model import Check, CheckResult, Finding, Verdict, culprit_of
from worksample.checks.outcome import CheckFailed
from worksample.checks.shared_results import SharedResultPending
from worksample.checks.silences import Silences
from worksample.checks.working_requests import failed_exchange
from worksample.probes.exchange import Exchange, Request, Trouble
from worksample.probes.http import Session
from worksample.targets import ExternalTarget, Target
from worksample.targets.causes import database_cause

#: Seconds after which a check is stopped and undecided; a slow server gets more in proportion.
CHECK_TIMEOUT = 240.0

WorldFactory = Callable[[CheckContext, Session, Any], Any]


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
        return last_lines(self._text)

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
            requests=len(session.exchanges) + session.forgotten - session.recalled,
            findings=tuple([await self._evidence(f, log) for f in run.result.findings]),
            notes=tuple(getattr(world, "notes", ())),
            remarks=tuple(map(remark_evidence, judging.remarks)),
        )
        needed = run.precondition
        precondition = await self._evidence(needed, log) if needed else None
        detours = {
            each.needs: bounded(with_exchanges(each.finding, session.exchanges))
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
        function = judging.check.function
        assert function is not None
        try:
            with judging:
                async with asyncio.timeout(self._seconds):
                    await function(world)
        except SharedResultPending:
            raise
        except CheckFailed as failure:
            shown = _without_detours(session.exchanges, world)
            return run_stopped_by(failure, judging, shown, self._seconds)
        except Exception as error:
            return run_stopped_by(error, judging, session.exchanges, self._seconds)
        left_out = next(iter(getattr(world, "unprepared", ())), None)
        return run_stopped_by(left_out, judging, session.exchanges, self._seconds)

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
    return replace(finding, error=found.error, log=last_lines(found.log))


def _without_detours(exchanges: list[Exchange], world: Any) -> list[Exchange]:
    """Return `exchanges` without the requests that failed before another way worked.

    What fails after a detour has another cause.
    """
    found = [failed_exchange(each.finding) for each in getattr(world, "detours", ())]
    gone_round = {(each.request, each.started) for each in found if each is not None}
    return [each for each in exchanges if (each.request, each.started) not in gone_round]


def _not_sent_by_others(run: CheckRun) -> list[Exchange]:
    """Return the culprits that were not sent: an experiment that checks share may have left one."""
    culprits = map(culprit_of, run.findings)
    return [each for each in culprits if each and each.trouble is Trouble.NOT_SENT]


def _is_independent(finding: Finding, since: float) -> bool:
    """Whether the culprit was sent before `since`, or is a server error."""
    culprit = culprit_of(finding)
    if culprit is None or culprit.trouble is Trouble.NOT_SENT:
        return False
    return culprit.started < since or culprit.status >= 500
