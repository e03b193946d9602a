"""Whether the target is still there, and what is done when it is not."""

from __future__ import annotations

import asyncio
from collections import deque
from dataclasses import dataclass
from urllib.parse import urlsplit

from worksample.checks.check_runner import CheckRun
from worksample.checks.context import CheckContext
from worksample.checks.model import Aspect, Check, CheckResult, Finding, Verdict
from worksample.errors import StartFailed
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

_MOST_REVIVALS = 4
_MOST_FINDINGS = 3
_LOG_LINES = 30
_DEATH_SHOWS_WITHIN = 0.5
_PATIENCE = 30.0
_NOTHING_CAME = (Trouble.TIMEOUT, Trouble.REFUSED, Trouble.UNREACHABLE)


@dataclass(frozen=True, slots=True)
class Outage:
    """One time that the target was lost."""

    finding: Finding
    suspects: tuple[str, ...]


class Health:
    """Follows every exchange; knows when the target died or fell silent, and starts it again."""

    def __init__(self, context: CheckContext) -> None:
        self._arena = context
        self._last: deque[Exchange] = deque(maxlen=6)
        self.outages: list[Outage] = []
        self.dropped: list[Finding] = []
        self._unresponsive = False
        self._pinging: asyncio.Task[bool] | None = None
        self.gave_up = False

    def check_exchange(self, exchange: Exchange) -> None:
        """Remember answers that never came."""
        if exchange.trouble is not None:
            self._last.append(exchange)

    def is_down(self) -> bool:
        """Return whether the target has died or has stopped answering."""
        return not self._arena.target.alive or self._unresponsive

    async def is_down_after(self, asked: CheckRun) -> bool:
        """Return whether the target is lost, now that `asked` has come.

        The connections of a dying process close before its end can be seen: it gets a moment.
        Where an answer did not come, we see whether anything else is still answered.
        """
        target = self._arena.target
        if asked.cut_off and isinstance(target, Target) and target.alive:
            await target.wait(_DEATH_SHOWS_WITHIN)
        if (asked.timed_out or asked.cut_off) and not self.is_down():
            await self._ping()
        return self.is_down()

    async def _ping(self) -> None:
        """Ask for anything at all, on a new connection; all who wonder wait for one answer."""
        target, base = self._arena.target, self._arena.client.base_url
        path = target.ready if isinstance(target, Target) else urlsplit(target.base_url).path
        if self._pinging is None or self._pinging.done():
            self._pinging = asyncio.create_task(_is_unresponsive(base, path or "/"))
        self._unresponsive = await asyncio.shield(self._pinging) or self._unresponsive

    async def restart_target(self, suspects: tuple[str, ...]) -> Outage:
        """Start the lost target again; after too many times, or in vain, it is hopeless."""
        lost = Outage(self._finding(), suspects)
        self.outages.append(lost)
        self._unresponsive = False
        self._last.clear()
        target = self._arena.target
        if not isinstance(target, Target) or len(self.outages) > _MOST_REVIVALS:
            self.gave_up = True
            return lost
        try:
            await target.restart()
        except StartFailed:
            self.gave_up = True
        return lost

    def result(self) -> CheckResult:
        """Return the verdict on whether the server stayed up."""
        findings = [*(loss.finding for loss in self.outages), *self.dropped]
        if not findings:
            return CheckResult(STAYS_UP, Verdict.PASS)
        return CheckResult(STAYS_UP, Verdict.FAIL, tuple(findings[:_MOST_FINDINGS]))

    def _finding(self) -> Finding:
        target = self._arena.target
        if not target.alive:
            actual = f"the server process ended ({target.exit_description})"
        else:
            actual = "the server no longer answers"
        return Finding(
            expected="a server that goes on answering",
            actual=actual,
            exchanges=tuple(self._last),
            log="\n".join(target.printed().splitlines()[-_LOG_LINES:]),
            cause="the server stops",
        )


async def _is_unresponsive(base_url: str, path: str) -> bool:
    client = HttpClient(base_url)
    try:
        exchange = await client.send(Request("GET", path), fresh=True, timeout=_PATIENCE)
    finally:
        await client.aclose()
    return exchange.trouble in _NOTHING_CAME
