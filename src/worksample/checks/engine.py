"""The engine: asks many checks at once on one target, and survives what the target does.

together    most checks, at the same time, in the order of their stages
again       those whose answers only came too late, alone
suspects    those that were being asked when the server stopped, alone, after a restart
alone       those that disturb or measure the target
watches     judged over every exchange of the run
settled     whatever is blocked by a check that passed has found something itself
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from typing import Protocol

from worksample.checks.arena import Arena
from worksample.checks.asking import Asked, Asker, WorldFactory
from worksample.checks.health import STAYS_UP, Health, Lost
from worksample.checks.model import Check, CheckResult, Verdict
from worksample.checks.watching import Watcher
from worksample.probes.exchange import Exchange

WIDTH = 12
_MOST_REPEATS = 6


class Listener(Protocol):
    """Who wants to hear how a run goes on."""

    def asking(self, check: Check) -> None:
        """`check` is being asked now."""

    def answered(self, result: CheckResult) -> None:
        """`result` has come; a blocked check may still be settled otherwise in the end."""

    def exchanged(self, exchange: Exchange) -> None:
        """One more request has been answered."""


class Silent:
    """A listener that does nothing."""

    def asking(self, check: Check) -> None:
        """Do nothing."""

    def answered(self, result: CheckResult) -> None:
        """Do nothing."""

    def exchanged(self, exchange: Exchange) -> None:
        """Do nothing."""


class Engine:
    """Asks `checks` on `arena`, `width` at a time; `make_world` builds one world for each."""

    def __init__(
        self,
        arena: Arena,
        checks: Sequence[Check],
        make_world: WorldFactory,
        listener: Listener | None = None,
        width: int = WIDTH,
    ) -> None:
        self._arena = arena
        self._asker = Asker(arena, make_world)
        self._listener: Listener = listener or Silent()
        self._width = width
        active = [c for c in checks if c.function is not None]
        self._together = sorted((c for c in active if not c.alone), key=lambda c: c.stage)
        self._alone = sorted((c for c in active if c.alone), key=lambda c: c.stage)
        self._watcher = Watcher((c for c in checks if c.watch is not None), arena)
        self._health = Health(arena)
        self._asked: dict[str, Asked] = {}

    async def run(self) -> list[CheckResult]:
        """Ask everything; return one result per check, and one on whether the server stayed up."""
        self._arena.client.on_exchange = self._exchanged
        try:
            await self._ask_all()
        finally:
            self._arena.client.on_exchange = None
        results = [self._settle(asked) for asked in self._asked.values()]
        return [self._health.result(), *results, *self._watcher.results()]

    async def _ask_all(self) -> None:
        pending = list(self._together)
        while pending and not self._health.hopeless:
            suspects, pending = await self._ask_together(pending)
            if self._health.lost():
                await self._health.revive(tuple(c.id for c in suspects))
            for check in suspects:
                await self._ask_alone(check, attempt=1)
        await self._ask_the_late_again()
        for check in self._alone:
            await self._ask_alone(check)
        for check in pending:
            self._keep(Asked(_unasked(check)))

    async def _ask_together(self, checks: list[Check]) -> tuple[list[Check], list[Check]]:
        """Ask `checks` at once; return those in question and those not begun if the target goes."""
        gate = asyncio.Semaphore(self._width)
        suspects: list[Check] = []
        untouched: list[Check] = []

        async def ask(check: Check) -> None:
            async with gate:
                if self._health.lost():
                    untouched.append(check)
                    return
                self._listener.asking(check)
                asked = await self._asker.ask(check)
                if asked.result.verdict is not Verdict.PASS and self._health.lost():
                    suspects.append(check)
                else:
                    self._keep(asked)

        async with asyncio.TaskGroup() as group:
            for check in checks:
                group.create_task(ask(check))
        return suspects, untouched

    async def _ask_the_late_again(self) -> None:
        """Ask once more, alone, what was only too slow: a busy machine is not a finding."""
        late = [a.result.check for a in self._asked.values() if a.timed_out]
        for check in late[:_MOST_REPEATS]:
            await self._ask_alone(check, attempt=2)

    async def _ask_alone(self, check: Check, attempt: int = 0) -> None:
        if self._health.hopeless:
            self._keep(Asked(_unasked(check)))
            return
        self._listener.asking(check)
        asked = await self._asker.ask(check, attempt)
        if self._health.lost() and not check.alone:
            lost = await self._health.revive((check.id,))
            asked = Asked(_brought_down(asked.result, lost))
        elif self._health.lost():
            await self._health.revive((check.id,))
        self._keep(asked)

    def _keep(self, asked: Asked) -> None:
        self._asked[asked.result.check.id] = asked
        self._listener.answered(asked.result)

    def _settle(self, asked: Asked) -> CheckResult:
        """Turn a block by a check that passed (or was not asked) into a finding of its own."""
        result = asked.result
        if result.verdict is not Verdict.BLOCKED or asked.given is None:
            return result
        if self._explained(result):
            return result
        return replace(result, verdict=Verdict.FAIL, findings=(asked.given,), blocked_by="")

    def _explained(self, result: CheckResult) -> bool:
        """Whether the chain of blocks ends at a check that did not pass for a reason of its own."""
        seen: set[str] = set()
        while result.verdict is Verdict.BLOCKED and result.blocked_by not in seen:
            seen.add(result.blocked_by)
            cause = self._asked.get(result.blocked_by)
            if cause is None:
                return result.blocked_by == STAYS_UP.id
            result = cause.result
        return result.verdict in (Verdict.FAIL, Verdict.ERROR)

    def _exchanged(self, exchange: Exchange) -> None:
        self._health.see(exchange)
        self._watcher.see(exchange)
        self._listener.exchanged(exchange)


def _unasked(check: Check) -> CheckResult:
    return CheckResult(check, Verdict.BLOCKED, blocked_by=STAYS_UP.id)


def _brought_down(result: CheckResult, lost: Lost) -> CheckResult:
    """Blame the check's own requests: it was asked alone, and the server stopped."""
    finding = lost.finding
    if result.findings:
        told = result.findings[0]
        finding = replace(finding, exchanges=told.exchanges, culprit=told.culprit)
    return replace(result, verdict=Verdict.FAIL, findings=(finding,), blocked_by="")
