"""The engine: runs all checks of a run on one target, which may hang, crash or drop connections.

The phases, in order:

1. Most checks run concurrently, ordered by stage; when all of them have ended, the hostile ones,
   so that nothing which a weak server stores of their requests disturbs the others.
2. If the target goes down, it is restarted, and the checks that were running then run again, each
   alone, to find the one that brings it down.
3. Checks that timed out or lost their connection run again alone, and so do checks that a check
   of a later stage blocks, without the operations of later stages. Requests of a kind that gets no
   answer are not waited for in one check after the other (see `silences`): checks that need one
   wait until it is known what it does alone; then they run, or are blocked.
4. Checks that disturb or measure the target (`alone`) run one by one. Then requests that were
   answered 5xx are sent again, alone, to find the error that the server logs for each.
5. `lab` checks run in copies of the target (see `lab_pool`).
6. Passive checks report on all exchanges of the run.
7. A check that is blocked by a check that passed becomes a failure, and a check that fails for an
   operation that the server does not have is blocked by the check that proves that operation.

The schedule of the run decides the order within a phase, and may end a phase early. A check that
did not end by then, or that would have to run again, has no result.

What breaks only rules that the run's profile leaves out fails and blocks nothing (see `judging`).
"""

from __future__ import annotations

import asyncio
import itertools
from collections import defaultdict, deque
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Protocol

from worksample.checks.asking_again import find_errors
from worksample.checks.check_run import CheckRun
from worksample.checks.check_runner import CheckRunner, WorldFactory
from worksample.checks.context import CheckContext
from worksample.checks.error_log import kind_of
from worksample.checks.health import STAYS_UP, Health, Outage
from worksample.checks.inputs import with_inputs_together
from worksample.checks.lab_pool import LabPool
from worksample.checks.model import Check, CheckResult, Finding, Verdict, culprit_of
from worksample.checks.operations import (
    MissingOperations,
    StagedOperation,
    may_be_missing,
    same_answer,
)
from worksample.checks.passive_checks import PassiveCheckRunner
from worksample.checks.request_kinds import RequestKinds
from worksample.checks.schedule import Phase, Schedule
from worksample.checks.silences import Silences
from worksample.checks.working_requests import WorkingRequests
from worksample.messages import message
from worksample.probes.exchange import Exchange

#: How many checks run at the same time.
WIDTH = 12
_MAX_FUTILE_REPEATS = 4
# Checks that waited because the server seemed to be overloaded run so many at a time. Their values
# differ from those of earlier attempts, which are 0 to 2.
_FEW = 4
_FIRST_POSTPONED_ATTEMPT = 3


class CheckListener(Protocol):
    """Receives the progress of a run."""

    def check_started(self, check: Check) -> None:
        """`check` begins."""

    def check_finished(self, result: CheckResult) -> None:
        """A check has ended; a check that is blocked may still become a failure in the end."""

    def check_postponed(self, check: Check) -> None:
        """A check has ended, but may be asked again or be explained by another: wait for it."""

    def request_finished(self, exchange: Exchange) -> None:
        """A request has been answered or has failed."""


class NullListener:
    """A `CheckListener` that does nothing."""

    def check_started(self, check: Check) -> None:
        """Do nothing."""

    def check_finished(self, result: CheckResult) -> None:
        """Do nothing."""

    def check_postponed(self, check: Check) -> None:
        """Do nothing."""

    def request_finished(self, exchange: Exchange) -> None:
        """Do nothing."""


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
        self._context = context
        limit = context.client.limits.timeout
        self._kinds = RequestKinds(context.contract, context.dialect.prefix)
        self._silences = Silences(self._kinds, limit)
        self._runner = CheckRunner(context, make_world, self._silences)
        self._operations = operations
        self._asked_stage = context.stage
        self._listener: CheckListener = listener or NullListener()
        self._width = width
        self._schedule = schedule or Schedule()
        active = self._schedule.arrange([c for c in checks if c.function is not None])
        here = [c for c in active if not c.lab or context.labs is None]
        self._concurrent = [c for c in here if not _is_exclusive(c)]
        self._hostile: list[Check] = []
        if not self._schedule.in_order:
            self._hostile = [c for c in self._concurrent if c.hostile]
            self._concurrent = [c for c in self._concurrent if not c.hostile]
        self._alone = [c for c in here if _is_exclusive(c)]
        self._in_labs = [c for c in active if c not in here]
        self._phase = Phase.CONCURRENT
        self._make_world = make_world
        passive = (c for c in checks if c.passive_check is not None)
        self._passive = PassiveCheckRunner(passive, context)
        self._health = Health(context)
        self._working = WorkingRequests(self._kinds)
        self._runs: dict[str, CheckRun] = {}
        self._ran_alone: set[str] = set()
        self._postponed: dict[str, CheckRun] = {}

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
        results = [up, *self._settle_all().values(), *passive]
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
        await self._run_beside_others(self._concurrent)
        await self._run_beside_others(self._hostile)
        await self._repeat_slow_and_cut_off()
        await self._run_postponed()
        settled = await self._repeat_up_to_own_stage(self._settle_all())
        self._report_postponed(settled)
        self._begin(Phase.ALONE)
        for check in self._alone:
            await self._run_alone(check)
        asking = find_errors(self._context, self._runs)
        self._runs = await self._schedule.within(self._phase, asking) or self._runs
        self._begin(Phase.LABS)
        await self._run_in_labs()

    def _begin(self, phase: Phase) -> None:
        """Begin the next phase; results for several checks that were not finished are forgotten."""
        self._phase = phase
        shared = self._context.shared
        for name in [name for name, found in shared.items() if found.cancelled()]:
            del shared[name]

    def _is_over(self) -> bool:
        return self._health.gave_up or self._schedule.is_over(self._phase)

    async def _ask(self, check: Check, attempt: int = 0) -> tuple[CheckRun, bool] | None:
        """Run `check`; return the run, and whether the target is down after it.

        None if the phase is over before that is known.
        """
        return await self._schedule.within(self._phase, self._ask_and_look(check, attempt))

    async def _ask_and_look(self, check: Check, attempt: int) -> tuple[CheckRun, bool]:
        run = await self._runner.run(check, attempt)
        return run, await self._health.is_down_after(run)

    async def _run_beside_others(
        self, checks: Sequence[Check], attempt: int = 0, width: int = 0
    ) -> None:
        """Run `checks` concurrently; restart the target when it is down, and find out why."""
        pending = list(checks)
        while pending and not self._is_over():
            suspects, pending = await self._run_concurrently(pending, attempt, width)
            if self._health.is_down():
                await self._health.restart_target(tuple(c.id for c in suspects))
            for check in suspects:
                await self._run_alone(check, attempt=1)
        for check in pending if self._health.gave_up else ():
            self._keep(CheckRun(_not_run(check)))

    async def _run_in_labs(self) -> None:
        if self._health.gave_up:
            for check in self._in_labs:
                self._keep(CheckRun(_not_run(check)))
        elif self._in_labs and not self._is_over():
            pool = LabPool(
                self._context,
                self._make_world,
                self._silences,
                on_start=self._listener.check_started,
                on_postpone=self._listener.check_postponed,
                on_finish=self._keep,
                on_exchange=self._listener.request_finished,
                in_order=self._schedule.in_order,
            )
            await self._schedule.within(Phase.LABS, pool.run(self._in_labs))

    async def _run_concurrently(
        self, checks: list[Check], attempt: int, width: int
    ) -> tuple[list[Check], list[Check]]:
        """Run `checks`, `width` at a time, until all have ended, the target is down, or time is up.

        Returns the checks that did not pass while the target went down, and those not begun.
        """
        queue = deque(checks)
        suspects: list[Check] = []
        self._context.alone = False

        async def work() -> None:
            while queue and not (self._health.is_down() or self._is_over()):
                check = queue.popleft()
                self._listener.check_started(check)
                asked = await self._ask(check, attempt)
                if asked is None:
                    return
                run, down = asked
                if run.result.verdict is not Verdict.PASS and down:
                    suspects.append(check)
                else:
                    self._keep_for_now(run)

        async with asyncio.TaskGroup() as group:
            for _ in range(width or self._width):
                group.create_task(work())
        return sorted(suspects, key=checks.index), list(queue)

    async def _repeat_slow_and_cut_off(self) -> None:
        """Run checks again, alone, that timed out or lost their connection.

        The load of the other checks, or a request of theirs, may have been the cause. If a
        connection broke and no check can repeat that, `STAYS_UP` fails for it.
        """
        runs = [run for name, run in self._runs.items() if name not in self._ran_alone]
        slow = sorted((run for run in runs if run.timed_out), key=_is_blocked)
        cut_off = [run for run in runs if run.cut_off and not run.timed_out]
        await self._repeat(cut_off)
        await self._repeat(slow)
        repaired = [run for run in cut_off if self._passed(run.result.check.id)]
        if repaired and not any(run.cut_off for run in self._runs.values()):
            self._health.dropped = [_dropped(run.findings[0]) for run in repaired]

    async def _repeat(self, runs: list[CheckRun]) -> None:
        """Run these checks again, alone, but those that a known cause explains.

        After `_MAX_FUTILE_REPEATS` in a row that fail in the same way, the server itself is slow
        or broken, and the first results of the remaining checks stand.
        """
        futile = 0
        for run in runs:
            if self._is_blocked_by_silence(run):
                continue
            if futile == _MAX_FUTILE_REPEATS or self._schedule.is_over(self._phase):
                return
            await self._wait_until_quiet()
            await self._run_alone(run.result.check, attempt=2)
            repeated = self._runs[run.result.check.id]
            self._note_silence(repeated)
            futile = futile + 1 if repeated.timed_out or repeated.cut_off else 0

    def _is_blocked_by_silence(self, run: CheckRun) -> bool:
        """Block a run for a request that is proven to get no answer; return whether it is so."""
        request = run.not_sent or run.unanswered
        cause = self._silences.cause(request) if request else ""
        if cause:
            self._keep(run.blocked_for(cause))
        return bool(cause)

    def _note_silence(self, run: CheckRun) -> None:
        """Note the request for which a check that ran alone had no answer."""
        if run.unanswered is not None:
            cause = self._runs.get(run.result.blocked_by, run)
            failed = cause if cause.result.verdict is Verdict.FAIL else run
            self._silences.record_alone(run.unanswered, failed.result.check.id)

    async def _run_postponed(self) -> None:
        """Run the checks for which a request was not sent, or block them.

        One of them runs alone, until it is known whether its request gets an answer then. If so,
        the others run beside each other again, but fewer at a time.
        """
        attempts = itertools.count(_FIRST_POSTPONED_ATTEMPT)
        while waiting := [run for run in self._runs.values() if run.is_postponed]:
            if self._schedule.is_over(self._phase):
                return
            waiting = [run for run in waiting if not self._is_blocked_by_silence(run)]
            unclear = [run for run in waiting if self._is_suspected(run)]
            for run in unclear[:1]:
                await self._wait_until_quiet()
                await self._run_alone(run.result.check, next(attempts))
                self._note_silence(self._runs[run.result.check.id])
            clear = [run.result.check for run in waiting if run not in unclear]
            await self._run_beside_others(clear, next(attempts), _FEW)
            await self._repeat_slow_and_cut_off()

    async def _wait_until_quiet(self) -> None:
        await self._schedule.within(self._phase, self._health.until_quiet())

    def _is_suspected(self, run: CheckRun) -> bool:
        return run.not_sent is not None and self._silences.is_suspected(run.not_sent)

    async def _repeat_up_to_own_stage(
        self, settled: Mapping[str, CheckResult]
    ) -> Mapping[str, CheckResult]:
        """Run checks again that a check of a later stage blocks, without the later operations.

        What a learner has built so far is thus judged, whatever is still to be built. Takes and
        returns the results as they stand before and after.
        """
        blocked: dict[int, list[tuple[Check, Check]]] = defaultdict(list)
        for result in settled.values():
            cause = settled.get(result.blocked_by)
            if cause is not None and cause.check.stage > result.check.stage:
                blocked[result.check.stage].append((result.check, cause.check))
        for stage, checks in blocked.items():
            self._context.stage = stage
            for check, cause_check in checks:
                await self._run_alone(check, attempt=1)
                self._remark_on_later_stage(check, cause_check)
        self._context.stage = self._asked_stage
        return self._settle_all() if blocked else settled

    def _remark_on_later_stage(self, check: Check, cause: Check) -> None:
        """Add a note to the result of a check that passes without what later stages build."""
        run = self._runs[check.id]
        if run.result.verdict is Verdict.PASS:
            remark = message(
                "passed as far as stage {stage} goes; the rest needs “{title}” of stage {later}, "
                "which fails",
                stage=check.stage,
                title=cause.title,
                later=cause.stage,
            )
            result = replace(run.result, notes=(*run.result.notes, remark))
            self._runs[check.id] = replace(run, result=result)

    async def _run_alone(self, check: Check, attempt: int = 0) -> None:
        if self._health.gave_up:
            self._keep(CheckRun(_not_run(check)))
            return
        if self._is_over():
            return
        self._ran_alone.add(check.id)
        self._listener.check_started(check)
        self._context.alone = True
        asked = await self._ask(check, attempt)
        if asked is None:
            return
        run, down = asked
        if down and not check.alone:
            outage = await self._health.restart_target((check.id,))
            run = CheckRun(_brought_down(run, outage))
        elif down:
            await self._health.restart_target((check.id,))
        self._keep(run)

    def _keep_for_now(self, run: CheckRun) -> None:
        """Keep a run that others ran beside; a failure that may not last is reported later."""
        check = run.result.check
        if run.timed_out or run.cut_off or run.is_postponed or may_be_missing(run.result):
            self._runs[check.id] = self._postponed[check.id] = run
            self._listener.check_postponed(check)
        else:
            self._keep(run)

    def _report_postponed(self, settled: Mapping[str, CheckResult]) -> None:
        """Report the results of postponed checks that did not run again, as they stand now.

        If there was no time to run one again that was slow, cut off or postponed, it has no result.
        """
        over = self._schedule.is_over(self._phase)
        for name, run in self._postponed.items():
            if over and (run.timed_out or run.cut_off or run.is_postponed):
                del self._runs[name]
                continue
            failed = run.result.verdict is Verdict.FAIL
            self._listener.check_finished(settled[name] if failed else run.result)
        self._postponed.clear()

    def _keep(self, run: CheckRun) -> None:
        self._runs[run.result.check.id] = run
        self._postponed.pop(run.result.check.id, None)
        self._listener.check_finished(run.result)

    def _passed(self, check_id: str) -> bool:
        run = self._runs.get(check_id)
        return run is not None and run.result.verdict is Verdict.PASS

    def _settle_all(self) -> dict[str, CheckResult]:
        """Return the results by check id, as they stand once it is known what blocks what."""
        settled = {name: self._settle(run) for name, run in self._runs.items()}
        missing = MissingOperations(self._context, self._operations, settled)
        return {name: missing.explain(result) for name, result in settled.items()}

    def _settle(self, run: CheckRun) -> CheckResult:
        """Turn a block or a detour because of a check that passed into a failure.

        The same goes for a block by a check that did not run.
        """
        result = run.result
        if result.verdict is Verdict.PASS:
            return self._settle_detours(run)
        if result.verdict is not Verdict.BLOCKED or run.precondition is None:
            return result
        if self._is_explained(result.blocked_by):
            return result
        if self._is_remarked(run.precondition, result.blocked_by):
            return self._excuse(result)
        if not run.exact and (told := self._failed_alike(run.precondition)):
            return replace(result, blocked_by=told)
        return self._failed_step(result, run.precondition, result.blocked_by)

    def _failed_alike(self, finding: Finding) -> str:
        """Return the first check that failed for such an answer to the same operation, or empty.

        One for which the server logged the same error comes first, one of hostile requests last.
        """
        results = sorted((run.result for run in self._runs.values()), key=lambda r: r.check.stage)
        failures = [(r.check.id, each) for r in results for each in r.findings]
        alike = [(name, each) for name, each in failures if same_answer(each, finding, self._kinds)]
        alike.sort(key=lambda pair: (not _same_error(pair[1], finding), bool(pair[1].inputs)))
        return alike[0][0] if alike else ""

    def _settle_detours(self, run: CheckRun) -> CheckResult:
        """Fail a check that met a precondition only in another way, unless that is explained."""
        for needed, finding in run.detours.items():
            explained = needed not in self._runs or self._is_explained(needed)
            explained = explained or bool(self._failed_alike(finding))
            if not explained and not self._is_remarked(finding, needed):
                return self._failed_step(run.result, finding, needed)
        return run.result

    def _failed_step(self, result: CheckResult, finding: Finding, needed: str) -> CheckResult:
        """Return a failure: `finding` tells of a step that the check `needed` does not explain."""
        told = replace(finding, step=True, because=self._explain_step(needed))
        return replace(result, verdict=Verdict.FAIL, findings=(told,), blocked_by="")

    def _is_remarked(self, finding: Finding, needed: str) -> bool:
        """Whether the check `needed` met the same refusal, and it is only a remark there."""
        run = self._runs.get(needed)
        met = () if run is None else run.result.remarks
        refusal = self._refusal(finding)
        return refusal is not None and any(refusal == self._refusal(each) for each in met)

    def _refusal(self, finding: Finding) -> tuple[str, int] | None:
        """Return the operation and the status of the culprit, None if there is no culprit."""
        culprit = culprit_of(finding)
        return (self._kinds.operation_of(culprit.request), culprit.status) if culprit else None

    def _excuse(self, result: CheckResult) -> CheckResult:
        reason = message(
            "not asked: it needs what “{title}” only remarks on, judged by {profile}",
            title=self._runs[result.blocked_by].result.check.title,
            profile=self._context.profile.title,
        )
        return replace(result, blocked_by="", reason=reason, excused=True)

    def _explain_step(self, needed: str) -> str:
        """Return why a failed step counts although the check `needed`, which tests it, passed."""
        step = "this request only prepares what the check tests"
        if not self._passed(needed):
            return step
        return message(
            "{step}: “{title}” passed with other values",
            step=step,
            title=self._runs[needed].result.check.title,
        )

    def _is_explained(self, check_id: str) -> bool:
        """Whether the chain of blocks from a check ends at a failure or an internal error."""
        seen: set[str] = set()
        while check_id not in seen:
            seen.add(check_id)
            if (cause := self._runs.get(check_id)) is None:
                return check_id == STAYS_UP.id
            if cause.result.verdict is not Verdict.BLOCKED:
                return cause.result.verdict in (Verdict.FAIL, Verdict.ERROR)
            check_id = cause.result.blocked_by
        return False

    def _on_exchange(self, exchange: Exchange) -> None:
        self._health.record(exchange)
        self._context.errors.record(exchange)
        self._working.record(exchange)
        self._silences.record(exchange)
        self._passive.check_exchange(exchange)
        self._listener.request_finished(exchange)


def _same_error(one: Finding, other: Finding) -> bool:
    """Whether the server logged the same type of error at the same place for both."""
    kinds = [kind_of(each.error).rpartition("/")[2] for each in (one, other) if each.error]
    return len(kinds) == 2 and kinds[0] == kinds[1]


def _is_exclusive(check: Check) -> bool:
    return check.alone or check.lab


def _is_blocked(run: CheckRun) -> bool:
    return run.result.verdict is Verdict.BLOCKED


def _not_run(check: Check) -> CheckResult:
    return CheckResult(check, Verdict.BLOCKED, blocked_by=STAYS_UP.id)


def _dropped(finding: Finding) -> Finding:
    return replace(finding, expected="a response to every request, also under concurrent requests")


def _brought_down(run: CheckRun, outage: Outage) -> CheckResult:
    """Return a failure with the check's own exchanges: only they were sent before the outage."""
    finding = outage.finding
    if run.findings:
        own = run.findings[0]
        finding = replace(finding, exchanges=own.exchanges, culprit=own.culprit)
    return replace(run.result, verdict=Verdict.FAIL, findings=(finding,), blocked_by="")
