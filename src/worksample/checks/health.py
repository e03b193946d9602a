"""Health of the target during a run: outages, restarts, and the check `STAYS_UP`."""

from __future__ import annotations

import asyncio
from collections import deque
from dataclasses import dataclass
from urllib.parse import urlsplit

from worksample.checks.check_run import CheckRun
from worksample.checks.context import CheckContext
from worksample.checks.evidence import MAX_LINE, cut
from worksample.checks.model import Aspect, Check, CheckResult, Finding, Verdict
from worksample.checks.quiet import QuietWait
from worksample.checks.silent_server import silence
from worksample.errors import StartFailed
from worksample.messages import message
from worksample.probes.exchange import Exchange, Request, Trouble
from worksample.probes.http import HttpClient
from worksample.targets import Target

STAYS_UP = Check(
    id="the-server-stays-up",
    title="The server stays up and goes on answering, whatever it is asked",
    aspect=Aspect.BEHAVIOUR,
    stage=1,
    clause="",
    why="A server that one request can stop is down for everybody, and stays so until someone "
    "notices.",
    skills=("debugging",),
)

_MAX_RESTARTS = 4
_MAX_FINDINGS = 3
_LOG_LINES = 30
_EXIT_VISIBLE_SECONDS = 0.5
_PING_TIMEOUT = 15.0
_NO_RESPONSE = (Trouble.TIMEOUT, Trouble.REFUSED, Trouble.UNREACHABLE)


@dataclass(frozen=True, slots=True)
class Outage:
    """One outage of the target; `suspects` are the ids of the checks that ran at the time."""

    finding: Finding
    suspects: tuple[str, ...]


class Health:
    """Tracks whether the target is up, and restarts it.

    `gave_up` becomes true when the target cannot be restarted or goes down too often; it is true
    from the start if the target answers no plain read. `dropped` holds findings about connections
    that broke without an outage.
    """

    def __init__(self, context: CheckContext) -> None:
        self._context = context
        self._last: deque[Exchange] = deque(maxlen=6)
        self.outages: list[Outage] = []
        self.dropped: list[Finding] = []
        self._unresponsive = False
        self._pinging: asyncio.Task[bool] | None = None
        self.gave_up = bool(context.unanswered)
        if context.unanswered:
            self.outages.append(Outage(silence(context.unanswered), ()))
        self.until_quiet = QuietWait(context.target)
        self._answered = 0

    def record(self, exchange: Exchange) -> None:
        """Remember `exchange` as evidence if it has no response."""
        if exchange.trouble is not None:
            self._last.append(exchange)
        else:
            self._answered += 1

    def is_down(self) -> bool:
        """Return whether the target has exited or does not respond."""
        return not self._context.target.alive or self._unresponsive

    async def is_down_after(self, run: CheckRun) -> bool:
        """Return whether the target is down after `run`.

        The connections of a process close before its exit is visible, so this waits a moment for
        the exit if a connection broke. If a response is missing, the target is pinged; if it
        answers nothing else meanwhile, it is pinged again once it has finished its work.
        """
        target = self._context.target
        if run.cut_off and isinstance(target, Target) and target.alive:
            await target.wait(_EXIT_VISIBLE_SECONDS)
        if (run.timed_out or run.cut_off) and not self.is_down():
            await self._ping()
        return self.is_down()

    async def _ping(self) -> None:
        """Send a request on a new connection; concurrent callers share one ping."""
        target, base = self._context.target, self._context.client.base_url
        path = target.ready if isinstance(target, Target) else urlsplit(target.base_url).path
        if self._pinging is None or self._pinging.done():
            self._pinging = asyncio.create_task(self._is_unresponsive(base, path or "/"))
        self._unresponsive = await asyncio.shield(self._pinging) or self._unresponsive

    async def _is_unresponsive(self, base: str, path: str) -> bool:
        answered = self._answered
        if not await _is_unresponsive(base, path) or self._answered > answered:
            return False
        await self.until_quiet()
        return await _is_unresponsive(base, path)

    async def restart_target(self, suspects: tuple[str, ...]) -> Outage:
        """Restart the target after an outage and return the outage.

        Sets `gave_up` if there were too many outages, the target does not start, or it is not
        controlled by Worksample. `suspects` are the ids of the checks that were running.
        """
        outage = Outage(self._finding(), suspects)
        self.outages.append(outage)
        self._unresponsive = False
        self._last.clear()
        target = self._context.target
        if not isinstance(target, Target) or len(self.outages) > _MAX_RESTARTS:
            self.gave_up = True
            return outage
        try:
            await target.restart()
        except StartFailed:
            self.gave_up = True
        return outage

    def result(self) -> CheckResult:
        """Return the result of `STAYS_UP`."""
        findings = [*(outage.finding for outage in self.outages), *self.dropped]
        if not findings:
            return CheckResult(STAYS_UP, Verdict.PASS)
        return CheckResult(STAYS_UP, Verdict.FAIL, tuple(findings[:_MAX_FINDINGS]))

    def _finding(self) -> Finding:
        target = self._context.target
        log, actual = target.printed(), "the server no longer answers"
        if not target.alive:
            actual = message("the server process ended ({exit})", exit=target.exit_description)
        return Finding(
            expected="the server keeps running and responding",
            actual=actual,
            exchanges=tuple(self._last),
            log="\n".join(cut(each, MAX_LINE) for each in log.splitlines()[-_LOG_LINES:]),
            cause="the server stops",
        )


async def _is_unresponsive(base_url: str, path: str) -> bool:
    client = HttpClient(base_url)
    try:
        exchange = await client.send(Request("GET", path), fresh=True, timeout=_PING_TIMEOUT)
    finally:
        await client.aclose()
    return exchange.trouble in _NO_RESPONSE
