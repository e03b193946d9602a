"""Whether the target is still there, and what is done when it is not."""

from __future__ import annotations

import asyncio
from collections import deque
from dataclasses import dataclass
from urllib.parse import urlsplit

from worksample.checks.arena import Arena
from worksample.checks.asking import Asked
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
class Lost:
    """One time that the target was lost."""

    finding: Finding
    suspects: tuple[str, ...]


class Health:
    """Follows every exchange; knows when the target died or fell silent, and starts it again."""

    def __init__(self, arena: Arena) -> None:
        self._arena = arena
        self._last: deque[Exchange] = deque(maxlen=6)
        self.losses: list[Lost] = []
        self.dropped: list[Finding] = []
        self._dumb = False
        self._knocking: asyncio.Task[bool] | None = None
        self.hopeless = False

    def see(self, exchange: Exchange) -> None:
        """Remember answers that never came."""
        if exchange.trouble is not None:
            self._last.append(exchange)

    def lost(self) -> bool:
        """Return whether the target has died or has stopped answering."""
        return not self._arena.target.alive or self._dumb

    async def lost_after(self, asked: Asked) -> bool:
        """Return whether the target is lost, now that `asked` has come.

        The connections of a dying process close before its end can be seen: it gets a moment.
        Where an answer did not come, we see whether anything else is still answered.
        """
        target = self._arena.target
        if asked.cut_off and isinstance(target, Target) and target.alive:
            await target.wait(_DEATH_SHOWS_WITHIN)
        if (asked.timed_out or asked.cut_off) and not self.lost():
            await self._knock()
        return self.lost()

    async def _knock(self) -> None:
        """Ask for anything at all, on a new connection; all who wonder wait for one answer."""
        target, base = self._arena.target, self._arena.client.base_url
        path = target.ready if isinstance(target, Target) else urlsplit(target.base_url).path
        if self._knocking is None or self._knocking.done():
            self._knocking = asyncio.create_task(_is_dumb(base, path or "/"))
        self._dumb = await asyncio.shield(self._knocking) or self._dumb

    async def revive(self, suspects: tuple[str, ...]) -> Lost:
        """Start the lost target again; after too many times, or in vain, it is hopeless."""
        lost = Lost(self._finding(), suspects)
        self.losses.append(lost)
        self._dumb = False
        self._last.clear()
        target = self._arena.target
        if not isinstance(target, Target) or len(self.losses) > _MOST_REVIVALS:
            self.hopeless = True
            return lost
        try:
            await target.restart()
        except StartFailed:
            self.hopeless = True
        return lost

    def result(self) -> CheckResult:
        """Return the verdict on whether the server stayed up."""
        findings = [*(loss.finding for loss in self.losses), *self.dropped]
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


async def _is_dumb(base_url: str, path: str) -> bool:
    client = HttpClient(base_url)
    try:
        exchange = await client.send(Request("GET", path), fresh=True, timeout=_PATIENCE)
    finally:
        await client.aclose()
    return exchange.trouble in _NOTHING_CAME
