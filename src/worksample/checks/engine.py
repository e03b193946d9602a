"""The engine: asks many checks at once on one target, and survives what the target does.

together    most checks, at the same time, in the order of their stages; long ones beside quick ones
again       those whose answers came too late or broke off, alone
suspects    those that were being asked when the server stopped, alone, after a restart
alone       those that disturb or measure the target
labs        those that experiment, each in a copy of the server behind the wire
watches     judged over every exchange of the run
settled     whatever is blocked by a check that passed has found something itself
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Sequence
from dataclasses import replace
from typing import Protocol

from worksample.checks.check_runner import CheckRun, CheckRunner, WorldFactory
from worksample.checks.context import CheckContext
from worksample.checks.health import STAYS_UP, Health, Outage
from worksample.checks.lab_pool import LabPool
from worksample.checks.model import Aspect, Check, CheckResult, Finding, Verdict
from worksample.checks.passive_checks import PassiveCheckRunner
from worksample.probes.exchange import Exchange

WIDTH = 12
# Those that send hundreds of hostile requests get every third place while others wait: they would
# take all places for long, and what most servers fail would be said last.
LONG_EVERY = 3
_IN_VAIN = 4


class CheckListener(Protocol):
    """Who wants to hear how a run goes on."""

    def check_started(self, check: Check) -> None:
        """`check` is being asked now."""

    def check_finished(self, result: CheckResult) -> None:
        """`result` has come; a blocked check may still be settled otherwise in the end."""

    def request_finished(self, exchange: Exchange) -> None:
        """One more request has been answered."""


class NullListener:
    """A listener that does nothing."""

    def check_started(self, check: Check) -> None:
        """Do nothing."""

    def check_finished(self, result: CheckResult) -> None:
        """Do nothing."""

    def request_finished(self, exchange: Exchange) -> None:
        """Do nothing."""


class Engine:
    """Asks `checks` on `context`, `width` at a time; `make_world` builds one world for each."""

    def __init__(
        self,
        context: CheckContext,
        checks: Sequence[Check],
        make_world: WorldFactory,
        listener: CheckListener | None = None,
        width: int = WIDTH,
    ) -> None:
        self._arena = context
        self._asker = CheckRunner(context, make_world)
        self._listener: CheckListener = listener or NullListener()
        self._width = width
        active = [c for c in checks if c.function is not None]
        here = [c for c in active if not c.lab or context.labs is None]
        self._together = sorted((c for c in here if not _for_itself(c)), key=lambda c: c.stage)
        self._alone = sorted((c for c in here if _for_itself(c)), key=lambda c: c.stage)
        self._in_labs = sorted((c for c in active if c not in here), key=lambda c: c.stage)
        self._make_world = make_world
        self._watcher = PassiveCheckRunner(
            (c for c in checks if c.passive_check is not None), context
        )
        self._health = Health(context)
        self._asked: dict[str, CheckRun] = {}
        self._asked_alone: set[str] = set()

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
        while pending and not self._health.gave_up:
            suspects, pending = await self._ask_together(pending)
            if self._health.is_down():
                await self._health.restart_target(tuple(c.id for c in suspects))
            for check in suspects:
                await self._ask_alone(check, attempt=1)
        await self._ask_again()
        for check in self._alone:
            await self._ask_alone(check)
        for check in pending:
            self._keep(CheckRun(_unasked(check)))
        await self._ask_in_labs()

    async def _ask_in_labs(self) -> None:
        """Ask in labs, unless the server could not even be kept up here."""
        if self._health.gave_up:
            for check in self._in_labs:
                self._keep(CheckRun(_unasked(check)))
        elif self._in_labs:
            listener = self._listener
            labs = LabPool(
                self._arena,
                self._make_world,
                listener.check_started,
                self._keep,
                listener.request_finished,
            )
            await labs.run(self._in_labs)

    async def _ask_together(self, checks: list[Check]) -> tuple[list[Check], list[Check]]:
        """Ask `checks` at once; return those in question and those not begun if the target goes."""
        quick = deque(c for c in checks if c.aspect is not Aspect.CONTRACT)
        long = deque(c for c in checks if c.aspect is Aspect.CONTRACT)
        suspects: list[Check] = []

        async def work(first: deque[Check], then: deque[Check]) -> None:
            while not self._health.is_down() and (queue := first or then):
                check = queue.popleft()
                self._listener.check_started(check)
                asked = await self._asker.run(check)
                lost = await self._health.is_down_after(asked)
                if asked.result.verdict is not Verdict.PASS and lost:
                    suspects.append(check)
                else:
                    self._keep(asked)

        async with asyncio.TaskGroup() as group:
            for number in range(1, self._width + 1):
                queues = (long, quick) if number % LONG_EVERY == 0 else (quick, long)
                group.create_task(work(*queues))
        untouched = [check for check in checks if check in quick or check in long]
        return sorted(suspects, key=checks.index), untouched

    async def _ask_again(self) -> None:
        """Ask once more, alone, what was only too slow, or cut off by what others may have asked.

        A busy machine is not a finding. A cut that nobody repeats remains one: of the server.
        """
        asked = [a for name, a in self._asked.items() if name not in self._asked_alone]
        late = [a for a in asked if a.timed_out]
        cut = [a for a in asked if a.cut_off and not a.timed_out]
        await self._ask_each_again(cut)
        await self._ask_each_again(late)
        forgiven = [a for a in cut if self._asked[a.result.check.id].result.verdict is Verdict.PASS]
        if forgiven and not any(a.cut_off for a in self._asked.values()):
            self._health.dropped = [_dropped(each.blamed[0]) for each in forgiven]

    async def _ask_each_again(self, asked: list[CheckRun]) -> None:
        """Ask alone, one after the other, until it has been in vain some times in a row.

        Then it is the server, not the moment, and the first answers stand for the rest.
        """
        in_vain = 0
        for each in asked:
            if in_vain == _IN_VAIN:
                return
            await self._ask_alone(each.result.check, attempt=2)
            again = self._asked[each.result.check.id]
            in_vain = in_vain + 1 if again.timed_out or again.cut_off else 0

    async def _ask_alone(self, check: Check, attempt: int = 0) -> None:
        if self._health.gave_up:
            self._keep(CheckRun(_unasked(check)))
            return
        self._asked_alone.add(check.id)
        self._listener.check_started(check)
        self._arena.alone = True
        asked = await self._asker.run(check, attempt)
        gone = await self._health.is_down_after(asked)
        if gone and not check.alone:
            lost = await self._health.restart_target((check.id,))
            asked = CheckRun(_brought_down(asked, lost))
        elif gone:
            await self._health.restart_target((check.id,))
        self._keep(asked)

    def _keep(self, asked: CheckRun) -> None:
        self._asked[asked.result.check.id] = asked
        self._listener.check_finished(asked.result)

    def _settle(self, asked: CheckRun) -> CheckResult:
        """Turn a block by a check that passed (or was not asked) into a finding of its own."""
        result = asked.result
        if result.verdict is not Verdict.BLOCKED or asked.precondition is None:
            return result
        if self._explained(result):
            return result
        finding = replace(
            asked.precondition, step=True, because=self._only_a_step(result.blocked_by)
        )
        return replace(result, verdict=Verdict.FAIL, findings=(finding,), blocked_by="")

    def _only_a_step(self, needed: str) -> str:
        """Say that it is not the question in the title that was answered badly."""
        step = "this is only a step on the way to what is asked here"
        asked = self._asked.get(needed)
        if asked is None or asked.result.verdict is not Verdict.PASS:
            return step
        return f"{step}: “{asked.result.check.title}” passed with other values"

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
        self._health.check_exchange(exchange)
        self._watcher.check_exchange(exchange)
        self._listener.request_finished(exchange)


def _for_itself(check: Check) -> bool:
    return check.alone or check.lab


def _unasked(check: Check) -> CheckResult:
    return CheckResult(check, Verdict.BLOCKED, blocked_by=STAYS_UP.id)


def _dropped(finding: Finding) -> Finding:
    return replace(finding, expected="an answer to every request, whoever else is asking")


def _brought_down(asked: CheckRun, lost: Outage) -> CheckResult:
    """Blame the check's own requests: it was asked alone, and the server stopped."""
    finding = lost.finding
    if asked.blamed:
        told = asked.blamed[0]
        finding = replace(finding, exchanges=told.exchanges, culprit=told.culprit)
    return replace(asked.result, verdict=Verdict.FAIL, findings=(finding,), blocked_by="")
