"""Asking one check once: its world, its time, and what its outcome means."""

from __future__ import annotations

import asyncio
import time
import traceback
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from worksample.checks.context import CheckContext
from worksample.checks.model import Check, CheckResult, Finding, Verdict
from worksample.checks.outcome import CheckFailed, PreconditionFailed, Skipped
from worksample.errors import StartFailed
from worksample.probes.exchange import Exchange, Trouble
from worksample.probes.http import Session
from worksample.targets.causes import database_cause

CHECK_TIMEOUT = 240.0
_MOST_EXCHANGES = 12
_LOG_LINES = 25
_TOO_MANY = 429
#: A server that says that it is unavailable after so long ran into a time limit of its own.
_GAVE_UP_SECONDS = 2.0
_GAVE_UP = (503, 504)
_CUT = (Trouble.CLOSED, Trouble.REFUSED, Trouble.UNREACHABLE)

WorldFactory = Callable[[CheckContext, Session, Any], Any]


@dataclass(frozen=True, slots=True)
class CheckRun:
    """The result of asking once.

    `precondition` is what a blocked check took for granted in vain; `unfinished` says that every answer
    came, but too slowly for the check to come to its end.
    """

    result: CheckResult
    precondition: Finding | None = None
    unfinished: bool = False

    @property
    def timed_out(self) -> bool:
        """Whether it is only for want of time that the check did not pass."""
        return self.unfinished or any(_came_late(finding) for finding in self.blamed)

    @property
    def cut_off(self) -> bool:
        """Whether the check did not pass because a connection broke: perhaps another's doing."""
        return any(_trouble(finding) in _CUT for finding in self.blamed)

    @property
    def blamed(self) -> list[Finding]:
        """What kept the check from passing."""
        return [*self.result.findings, *([self.precondition] if self.precondition else [])]


class CheckRunner:
    """Asks checks on one arena."""

    def __init__(self, context: CheckContext, make_world: WorldFactory) -> None:
        self._arena = context
        self._make_world = make_world

    async def run(self, check: Check, attempt: int = 0) -> CheckRun:
        """Ask `check`; every attempt gets other random data."""
        session = Session(self._arena.client)
        world = self._make_world(self._arena, session, self._arena.rng(check.id, attempt))
        target = self._arena.target
        mark = target.log.position
        began = time.monotonic()
        asked = await self._outcome(check, world, session)
        if asked.blamed:
            await target.flush_log()
        result = replace(
            asked.result,
            seconds=time.monotonic() - began,
            requests=len(session.exchanges) + session.forgotten,
            findings=tuple(self._with_log(f, mark, check) for f in asked.result.findings),
            notes=tuple(getattr(world, "remarks", ())),
        )
        precondition = (
            self._with_log(asked.precondition, mark, check) if asked.precondition else None
        )
        return replace(asked, result=result, precondition=precondition)

    async def _outcome(self, check: Check, world: Any, session: Session) -> CheckRun:
        assert check.function is not None
        try:
            async with asyncio.timeout(CHECK_TIMEOUT):
                await check.function(world)
        except CheckFailed as failure:
            found = tuple(_with_story(f, session.exchanges) for f in failure.findings)
            if all(map(_shut_out, found)):
                return _undecided_for_limiter(check)
            return CheckRun(CheckResult(check, Verdict.FAIL, found))
        except PreconditionFailed as precondition:
            return _blocked(check, precondition, session.exchanges)
        except Skipped as excused:
            reason = excused.reason
            return CheckRun(CheckResult(check, Verdict.BLOCKED, reason=reason, excused=True))
        except TimeoutError:
            return _unfinished(check, session.exchanges)
        except StartFailed as error:
            return CheckRun(CheckResult(check, Verdict.FAIL, (_does_not_start(error),)))
        except Exception as error:
            where = traceback.extract_tb(error.__traceback__)[-1]
            reason = f"{type(error).__name__}: {error} ({where.name}, line {where.lineno})"
            return CheckRun(CheckResult(check, Verdict.ERROR, reason=reason))
        return CheckRun(CheckResult(check, Verdict.PASS))

    def _with_log(self, finding: Finding, mark: int, check: Check) -> Finding:
        """Add what the server printed, where it is the server that broke, and what that tells.

        A check that is asked alone may have taken the database away itself.
        """
        culprit = _culprit(finding)
        if culprit is None or (culprit.response is not None and culprit.status < 500):
            return finding
        log = self._arena.target.printed(mark)
        hint = finding.hint or database_cause(log, faults_injected=check.alone or check.lab)
        return replace(finding, log=_last_lines(log), hint=hint)


def _with_story(finding: Finding, exchanges: list[Exchange]) -> Finding:
    """Let `finding` tell the whole story of its check, up to the exchange to blame."""
    if len(finding.exchanges) > 1 or not exchanges:
        return finding
    culprit = finding.exchanges[0] if finding.exchanges else None
    index = _position(culprit, exchanges)
    story = exchanges if index is None else exchanges[: index + 1]
    kept = tuple(story[-_MOST_EXCHANGES:])
    return replace(finding, exchanges=kept, culprit=None if culprit is None else len(kept) - 1)


def _position(wanted: Exchange | None, exchanges: list[Exchange]) -> int | None:
    if wanted is None:
        return None
    for index, exchange in enumerate(exchanges):
        if exchange.request is wanted.request and exchange.started == wanted.started:
            return index
    return None


def _blocked(check: Check, precondition: PreconditionFailed, exchanges: list[Exchange]) -> CheckRun:
    finding = _with_story(precondition.finding, exchanges)
    if _shut_out(finding):
        return _undecided_for_limiter(check)
    if precondition.needs == check.id:
        return CheckRun(CheckResult(check, Verdict.FAIL, (finding,)))
    return CheckRun(
        CheckResult(check, Verdict.BLOCKED, blocked_by=precondition.needs), precondition=finding
    )


def _unfinished(check: Check, exchanges: list[Exchange]) -> CheckRun:
    """Slowness alone is no breach of a clause that does not speak of it: nothing is decided."""
    reason = (
        f"not finished after {CHECK_TIMEOUT:.0f} s, in which the server gave {len(exchanges)} "
        "answers: too slow to be judged"
    )
    return CheckRun(CheckResult(check, Verdict.UNDECIDED, reason=reason), unfinished=True)


def _shut_out(finding: Finding) -> bool:
    """Whether it is the server's own limiter that stood in the way, after all our waiting."""
    culprit = _culprit(finding)
    return culprit is not None and culprit.status == _TOO_MANY


def _undecided_for_limiter(check: Check) -> CheckRun:
    reason = (
        "the server's own limiter (429) let nothing through, however long we waited: "
        "switch it off for this run"
    )
    return CheckRun(CheckResult(check, Verdict.UNDECIDED, reason=reason))


def _does_not_start(error: StartFailed) -> Finding:
    return Finding(
        expected="a server that can be started again",
        actual=error.message,
        hint=error.hint,
        log=_last_lines(error.log),
    )


def _culprit(finding: Finding) -> Exchange | None:
    return None if finding.culprit is None else finding.exchanges[finding.culprit]


def _came_late(finding: Finding) -> bool:
    """Whether no answer came in time, or one that says that the server's own time was up."""
    culprit = _culprit(finding)
    if culprit is None:
        return False
    gave_up = culprit.status in _GAVE_UP and culprit.seconds >= _GAVE_UP_SECONDS
    return gave_up or culprit.trouble is Trouble.TIMEOUT


def _trouble(finding: Finding) -> Trouble | None:
    culprit = _culprit(finding)
    return None if culprit is None else culprit.trouble


def _last_lines(text: str) -> str:
    return "\n".join(text.splitlines()[-_LOG_LINES:])
