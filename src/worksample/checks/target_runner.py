"""Run checks on the target, beside each other or alone, and restart it when it goes down."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import replace

from worksample.checks.check_run import CheckRun
from worksample.checks.check_runner import CheckRunner
from worksample.checks.context import CheckContext
from worksample.checks.health import Health, Outage
from worksample.checks.kept_runs import KeptRuns
from worksample.checks.listener import CheckListener
from worksample.checks.model import Check, CheckResult, Verdict
from worksample.checks.schedule import Phase, Schedule

#: How many checks run at the same time.
WIDTH = 12
#: So many more run on a slow server, of the short ones: they wait for its answers, while long ones
#: wait for their turn to have a password hashed.
MORE_SHORT = 6


class TargetRunner:
    """Runs checks on the target of `context` and keeps their runs, as long as `schedule` allows.

    `phase` is the current one of the run; `ran_alone` holds the ids of the checks that ran alone.
    """

    def __init__(
        self,
        context: CheckContext,
        runner: CheckRunner,
        health: Health,
        kept: KeptRuns,
        listener: CheckListener,
        schedule: Schedule,
        width: int = WIDTH,
    ) -> None:
        self._context, self._runner, self._health = context, runner, health
        self._kept, self._listener, self._schedule = kept, listener, schedule
        self._width = width
        self.phase = Phase.CONCURRENT
        self.ran_alone: set[str] = set()

    @property
    def time_is_up(self) -> bool:
        """Whether the schedule lets no further check of the phase begin."""
        return self._schedule.is_over(self.phase)

    @property
    def is_over(self) -> bool:
        """Whether no further check of the phase runs: time is up, or the target is down."""
        return self._health.gave_up or self.time_is_up

    async def wait_until_quiet(self) -> None:
        """Wait until the target has finished what it was asked before, or the phase is over."""
        await self._schedule.within(self.phase, self._health.until_quiet())

    async def run_beside_others(
        self, checks: Sequence[Check], attempt: int = 0, width: int = 0
    ) -> None:
        """Run `checks` concurrently; restart the target when it is down, and find out why."""
        pending = list(checks)
        while pending and not self.is_over:
            suspects, pending = await self._run_concurrently(pending, attempt, width)
            if self._health.is_down():
                await self._health.restart_target(tuple(c.id for c in suspects))
            for check in suspects:
                await self.run_alone(check, attempt=1)
        if self._health.gave_up:
            self._kept.block_for_outage(pending)

    async def run_alone(self, check: Check, attempt: int = 0) -> None:
        """Run `check` with nothing beside it; if the target is down after it, it is the cause."""
        if self._health.gave_up:
            self._kept.block_for_outage([check])
            return
        if self.time_is_up:
            return
        self.ran_alone.add(check.id)
        self._listener.check_started(check)
        self._context.alone = True
        asked = await self._ask(check, attempt)
        if asked is None:
            return
        run, down = asked
        if down:
            outage = await self._health.restart_target((check.id,))
            run = run if check.alone else CheckRun(_brought_down(run, outage))
        self._kept.keep(run)

    async def _run_concurrently(
        self, checks: list[Check], attempt: int, width: int
    ) -> tuple[list[Check], list[Check]]:
        """Run `checks`, `width` at a time, until all have ended, the target is down, or time is up.

        Returns the checks that did not pass while the target went down, and those not begun.
        """
        queue = deque(checks)
        suspects: list[Check] = []
        self._context.alone = False

        async def work(take: Callable[[deque[Check]], Check | None] = deque.popleft) -> None:
            while queue and not (self._health.is_down() or self.is_over):
                check = take(queue)
                if check is None:
                    return
                self._listener.check_started(check)
                asked = await self._ask(check, attempt)
                if asked is None:
                    return
                run, down = asked
                if run.result.verdict is not Verdict.PASS and down:
                    suspects.append(check)
                else:
                    self._kept.keep_for_now(run)

        async with asyncio.TaskGroup() as group:
            for _ in range(width or self._width):
                group.create_task(work())
            for _ in range(self._more_short(width)):
                group.create_task(work(self._take_short))
        return sorted(suspects, key=checks.index), list(queue)

    def _more_short(self, width: int) -> int:
        """Return how many short checks run besides, unless the width is given."""
        usual = width == 0 and self._width == WIDTH and not self._schedule.in_order
        return MORE_SHORT if usual and self._context.pace.is_slow else 0

    def _take_short(self, queue: deque[Check]) -> Check | None:
        """Remove and return the first check that is not long; None if there is none."""
        found = next((check for check in queue if not self._schedule.is_long(check)), None)
        if found is not None:
            queue.remove(found)
        return found

    async def _ask(self, check: Check, attempt: int = 0) -> tuple[CheckRun, bool] | None:
        """Run `check`; return the run, and whether the target is down after it.

        None if the phase is over before that is known.
        """
        return await self._schedule.within(self.phase, self._ask_and_look(check, attempt))

    async def _ask_and_look(self, check: Check, attempt: int) -> tuple[CheckRun, bool]:
        run = await self._runner.run(check, attempt)
        return run, await self._health.is_down_after(run)


def _brought_down(run: CheckRun, outage: Outage) -> CheckResult:
    """Return a failure with the check's own exchanges: only they were sent before the outage."""
    finding = outage.finding
    if run.findings:
        own = run.findings[0]
        finding = replace(finding, exchanges=own.exchanges, culprit=own.culprit)
    return replace(run.result, verdict=Verdict.FAIL, findings=(finding,), blocked_by="")
