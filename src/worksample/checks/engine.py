"""The engine: runs all checks of a run on one target, which may hang, crash or drop connections.

The phases, in order:

1. What checks need is prepared, while none of them runs. Then most checks run concurrently, long
   ones first and the others by stage; when all of them have ended, the hostile ones, so that
   nothing which a weak server stores of their requests disturbs the others. Meanwhile the copies
   of the target are prepared.
2. If the target goes down, it is restarted, and the checks that were running then run again, each
   alone, to find the one that brings it down (see `target_runner`).
3. Checks that timed out or lost their connection run again alone (see `repeats`), and so do checks
   that a check of a later stage blocks, without the operations of later stages (see `own_stage`).
   Requests of a kind that gets no answer are not waited for in one check after the other (see
   `silences`): checks that need one wait until it is known what it does alone; then they run, or
   are blocked (see `postponed`).
4. Checks that disturb or measure the target (`alone`) run one by one. Then requests that were
   answered 5xx are sent again, alone, to find the error that the server logs for each.
5. `lab` checks run in copies of the target (see `lab_pool`).
6. Passive checks report on all exchanges of the run.
7. A check that is blocked by a check that passed becomes a failure, and a check that fails for an
   operation that the server does not have is blocked by the check that proves that operation
   (see `settling`).

The schedule of the run decides the order within a phase, and may end a phase early. A check that
did not end by then, or that would have to run again, has no result.

What breaks only rules that the run's profile leaves out fails and blocks nothing (see `judging`).
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from contextlib import AsyncExitStack

from worksample.checks.asking_again import find_errors
from worksample.checks.check_runner import CheckRunner, WorldFactory
from worksample.checks.context import CheckContext
from worksample.checks.health import Health
from worksample.checks.inputs import with_inputs_together
from worksample.checks.kept_runs import KeptRuns
from worksample.checks.lab_pool import LabPool
from worksample.checks.listener import CheckListener, NullListener
from worksample.checks.model import Check, CheckResult
from worksample.checks.operations import StagedOperation
from worksample.checks.own_stage import run_up_to_own_stage
from worksample.checks.passive_checks import PassiveCheckRunner
from worksample.checks.postponed import run_postponed
from worksample.checks.preparing_servers import prepared_for
from worksample.checks.repeats import Repeats
from worksample.checks.request_kinds import RequestKinds
from worksample.checks.schedule import Phase, Schedule, cancel
from worksample.checks.settling import settled_results
from worksample.checks.silences import Silences
from worksample.checks.target_runner import WIDTH, TargetRunner
from worksample.checks.working_requests import WorkingRequests
from worksample.probes.exchange import Exchange

#: How many hostile checks run at the same time.
HOSTILE_WIDTH = 16


class Engine:
    """Runs `checks` on the target of `context`, at most `width` at the same time.

    `make_world` makes a world for each run of a check. `operations` are those of the challenge.
    `schedule` says in which order the checks are asked, and until when.
    """

    def __init__(
        self,
        context: CheckContext,
        checks: Sequence[Check],
        make_world: WorldFactory,
        listener: CheckListener | None = None,
        width: int = WIDTH,
        operations: Sequence[StagedOperation] = (),
        schedule: Schedule | None = None,
    ) -> None:
        self._context, self._make_world, self._operations = context, make_world, operations
        self._listener: CheckListener = listener or NullListener()
        self._schedule = schedule or Schedule()
        self._kinds = RequestKinds(context.contract, context.dialect.prefix)
        self._silences = Silences(self._kinds, context.client.limits.timeout)
        self._working = WorkingRequests(self._kinds)
        self._health = Health(context)
        self._kept = KeptRuns(self._listener)
        self._runner = TargetRunner(
            context,
            CheckRunner(context, make_world, self._silences),
            self._health,
            self._kept,
            self._listener,
            self._schedule,
            width,
        )
        #: All at once: the longest would otherwise begin last, when others have ended.
        self._hostile_width = width if width < WIDTH else HOSTILE_WIDTH
        self._repeats = Repeats(self._runner, self._kept, self._silences, self._health)
        passive = (c for c in checks if c.passive_check is not None)
        self._passive = PassiveCheckRunner(passive, context)
        self._labs = LabPool(
            context,
            make_world,
            self._silences,
            on_start=self._listener.check_started,
            on_postpone=self._listener.check_postponed,
            on_finish=self._kept.keep,
            on_exchange=self._listener.request_finished,
            in_order=self._schedule.in_order,
        )
        self._arrange([c for c in checks if c.function is not None])

    def _arrange(self, checks: Sequence[Check]) -> None:
        """Decide which checks each phase runs, and in which order."""
        active = self._schedule.arrange(checks)
        here = [c for c in active if not c.lab or self._context.labs is None]
        beside_others = [c for c in here if not _is_exclusive(c)]
        in_order = self._schedule.in_order
        self._concurrent = [c for c in beside_others if in_order or not c.hostile]
        self._hostile = [c for c in beside_others if not in_order and c.hostile]
        self._alone = [c for c in here if _is_exclusive(c)]
        self._in_labs = self._schedule.arrange_for_labs([c for c in active if c not in here])

    async def run(self) -> list[CheckResult]:
        """Run all checks; return the result of each that ended, and always one for `STAYS_UP`."""
        self._context.client.on_exchange = self._on_exchange
        try:
            await self._run_all()
        finally:
            self._context.client.on_exchange = None
        up, passive = self._health.result(), self._passive.results()
        for result in (up, *passive):
            self._listener.check_finished(result)
        results = [up, *self._settled().values(), *passive]
        explained = map(self._working.explained, results)
        return [with_inputs_together(result, self._kinds) for result in explained]

    async def _run_all(self) -> None:
        self._schedule.begin(
            {
                Phase.CONCURRENT: [*self._concurrent, *self._hostile],
                Phase.ALONE: self._alone,
                Phase.LABS: self._in_labs,
            }
        )
        async with AsyncExitStack() as stack:
            await self._run_phases(stack)

    async def _run_phases(self, stack: AsyncExitStack) -> None:
        await self._prepare()
        await self._run_beside_others(stack)
        self._begin(Phase.ALONE)
        for check in self._alone:
            await self._runner.run_alone(check)
        asking = find_errors(self._context, self._kept.by_id)
        found = await self._schedule.within(Phase.ALONE, asking)
        self._kept.by_id = found or self._kept.by_id
        self._begin(Phase.LABS)
        await self._run_in_labs(stack)

    async def _prepare(self) -> None:
        if self._health.gave_up:
            return
        checks = len(self._concurrent) + len(self._hostile)
        preparing = prepared_for(checks, self._context, self._make_world)
        found = await self._schedule.within(Phase.CONCURRENT, preparing)
        self._context.server_state["prepared"] = found or ()

    def _begin(self, phase: Phase) -> None:
        """Begin the next phase; results for several checks that were not finished are forgotten."""
        self._runner.phase = phase
        shared = self._context.shared
        for name in [name for name, found in shared.items() if found.cancelled()]:
            del shared[name]

    async def _run_beside_others(self, stack: AsyncExitStack) -> None:
        """Run the checks of the first phase, and again those whose results may not last."""
        await self._runner.run_beside_others(self._concurrent)
        await self._run_hostile(stack)
        await self._repeats.run_slow_and_cut_off()
        await run_postponed(self._runner, self._kept, self._silences, self._repeats)
        await run_up_to_own_stage(self._settled(), self._context, self._runner, self._kept)
        self._kept.report_rest(self._settled(), time_is_up=self._runner.time_is_up)

    async def _run_hostile(self, stack: AsyncExitStack) -> None:
        """Run the hostile checks; prepare the labs meanwhile, which have servers of their own."""
        if not self._hostile:
            return
        running = self._runner.run_beside_others(self._hostile, width=self._hostile_width)
        hostile = asyncio.create_task(running)
        try:
            if not self._health.gave_up:
                await self._labs.prepare(self._in_labs, stack)
            await hostile
        finally:
            await cancel(hostile)

    async def _run_in_labs(self, stack: AsyncExitStack) -> None:
        if self._health.gave_up:
            self._kept.block_for_outage(self._in_labs)
        elif self._in_labs and not self._runner.time_is_up:
            await self._schedule.within(Phase.LABS, self._labs.run(self._in_labs, stack))

    def _settled(self) -> dict[str, CheckResult]:
        """Return the results by check id, as they stand now."""
        return settled_results(self._kept.by_id, self._context, self._kinds, self._operations)

    def _on_exchange(self, exchange: Exchange) -> None:
        self._health.record(exchange)
        self._context.errors.record(exchange)
        self._working.record(exchange)
        self._silences.record(exchange)
        self._passive.check_exchange(exchange)
        self._listener.request_finished(exchange)


def _is_exclusive(check: Check) -> bool:
    return check.alone or check.lab
