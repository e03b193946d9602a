"""Run `lab` checks, each in a copy of the server behind the wire, in a few labs concurrently.

A lab is opened when it is first needed and restored after each check; a lab that cannot be restored
is closed and replaced. Each begins with what was prepared once (see `original_lab`), or empty. If a
lab cannot start while the target runs (both need the same port, their own or that of a service),
the target is stopped. If no second lab can start, one lab runs all checks.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable, Sequence
from contextlib import AsyncExitStack, suppress
from dataclasses import replace
from typing import Any

from worksample.checks.check_run import CheckRun
from worksample.checks.check_runner import CheckRunner, WorldFactory
from worksample.checks.context import CheckContext
from worksample.checks.model import Check, CheckResult, Verdict
from worksample.checks.original_lab import OriginalLab, open_original
from worksample.checks.shared_results import SharedResultPending
from worksample.checks.silences import Silences
from worksample.errors import StartFailed
from worksample.messages import message
from worksample.probes.exchange import Exchange
from worksample.targets import ExternalTarget, Lab, Target

MAX_LABS = 4
#: On a server that is slow to answer even a plain read, checks wait more than they compute.
MAX_SLOW_LABS = 10
#: So many of these labs begin with so many of the last and shortest checks, which compute while the
#: longest ones wait. The others stay for the end, when they fill what the long ones leave.
_BACKWARDS, _SHORT_FIRST = 4, 5
_MAX_BROKEN_LABS = 3
_MAX_FUTILE_REPEATS = 3
_DIALECT_TIMEOUT = 30.0

OnStart = Callable[[Check], None]
OnFinish = Callable[[CheckRun], None]
OnExchange = Callable[[Exchange], None]


class LabPool:
    """Runs checks in labs of `context`, a few at a time.

    Calls `on_start` before and `on_finish` after each check, and `on_exchange` for each request.
    A check that times out, or that measures and does not pass (see `Check.repeated_alone`), is
    postponed and runs a second time, with no other lab beside it; only that run counts. What such
    checks share is made once more, not for each. If `in_order`, a check waits for such a result
    that another one is making, instead of giving way.
    """

    def __init__(
        self,
        context: CheckContext,
        make_world: WorldFactory,
        silences: Silences,
        on_start: OnStart,
        on_postpone: OnStart,
        on_finish: OnFinish,
        on_exchange: OnExchange,
        in_order: bool = False,
    ) -> None:
        self._context, self._make_world, self._silences = context, make_world, silences
        self._on_start, self._on_postpone = on_start, on_postpone
        self._on_finish, self._on_exchange = on_finish, on_exchange
        self._in_order = in_order
        self._max_labs = _max_labs(context)
        self._opening_first = asyncio.Lock()
        self._open_labs = self._broken_labs = self._futile_repeats = 0
        self._awaited: dict[str, asyncio.Future[Any]] = {}
        self._postponed: dict[str, CheckRun] = {}
        self._made_again: dict[str, asyncio.Future[Any]] = {}
        self._error: StartFailed | None = None
        self._original: OriginalLab | None = None
        self._prepared = False
        #: Labs that are open and in which no check runs, each with what closes it.
        self._free: list[tuple[Lab, AsyncExitStack]] = []

    async def prepare(self, checks: Sequence[Check], stack: AsyncExitStack) -> None:
        """Prepare the original of the labs in which `checks` will run, and open them, once.

        `stack` closes them. The target may be asked meanwhile.
        """
        if not checks or self._prepared or self._max_labs == 1:
            return
        self._prepared = True
        self._original = await open_original(self._context, self._make_world, len(checks), stack)
        stack.push_async_callback(self._close_free)
        if self._original is not None:
            concurrent = sum(not check.alone for check in checks)
            count = min(self._max_labs, concurrent)
            await asyncio.gather(*(self._open_ahead(self._original) for _ in range(count)))

    async def _open_ahead(self, original: OriginalLab) -> None:
        """Open a lab for later; if it does not start now, it may without the target."""
        async with AsyncExitStack() as stack:
            if lab := await original.copy(self._context, stack):
                await self._welcome(lab, stack)
                self._free.append((lab, stack.pop_all()))

    async def _close_free(self) -> None:
        while self._free:
            await self._free.pop()[1].aclose()

    async def run(self, checks: Sequence[Check], stack: AsyncExitStack) -> None:
        """Run `checks`; postponed and `alone` checks come last, one by one, in a single lab.

        `stack` closes what is still open.
        """
        stack.push_async_callback(self._close_free)
        await self.prepare(checks, stack)
        if _has_fixed_port(self._context.target):
            await self._stop_target()
        concurrent = deque(check for check in checks if not check.alone)
        forwards = self._max_labs
        if forwards > MAX_LABS and not self._in_order:
            forwards -= _BACKWARDS
        try:
            async with asyncio.TaskGroup() as group:
                for number in range(min(self._max_labs, len(concurrent))):
                    short_first = 0 if number < forwards else _SHORT_FIRST
                    group.create_task(self._work(concurrent, short_first))
        except ExceptionGroup as failed:
            raise failed.exceptions[0] from None
        alone = deque(check for check in checks if check.id in self._postponed)
        alone.extend(check for check in checks if check.alone)
        await self._work(alone)

    async def _next(self, queue: deque[Check], backwards: bool) -> Check | None:
        """Remove and return the next check whose shared result nobody else is making.

        Waits for such a result if there are no other checks; None if `queue` is empty.
        """
        while queue:
            order = reversed(queue) if backwards else iter(queue)
            if (check := next(filter(self._is_ready, order), None)) is not None:
                queue.remove(check)
                return check
            pending = {self._awaited[check.id] for check in queue}
            await asyncio.wait(pending, return_when=asyncio.FIRST_COMPLETED)
        return None

    def _is_ready(self, check: Check) -> bool:
        awaited = self._awaited.get(check.id)
        return awaited is None or awaited.done()

    async def _work(self, queue: deque[Check], short_first: int = 0) -> None:
        """Run checks until `queue` is empty, in one lab after another if labs break.

        The first `short_first` of them are taken from its end.

        Stops early if no further lab can be opened; the open ones run the remaining checks. If
        none can be opened at all, the remaining checks are blocked.
        """
        while queue:
            if self._error is not None:
                self._block_all(queue, self._error)
                return
            async with AsyncExitStack() as stack:
                lab = await self._open(stack)
                if lab is not None and await self._use(lab, queue, short_first):
                    self._keep_one(lab, stack)
                elif lab is None and self._open_labs:
                    return

    def _keep_one(self, lab: Lab, stack: AsyncExitStack) -> None:
        """Keep one lab open for the checks that come last; others would take time from them."""
        if not self._free:
            self._free.append((lab, stack.pop_all()))

    async def _open(self, stack: AsyncExitStack) -> Lab | None:
        """Open a lab; None if it does not start.

        The first lab is opened while no other is: only the target can then be in its way.
        """
        if self._free:
            lab, closing = self._free.pop()
            stack.push_async_callback(closing.aclose)
            return lab
        async with self._opening_first:
            if not self._open_labs:
                return await self._open_first(stack)
        try:
            return await self._enter(stack)
        except StartFailed:
            return None

    async def _open_first(self, stack: AsyncExitStack) -> Lab | None:
        while True:
            try:
                return await self._enter(stack)
            except StartFailed as error:
                if not _is_running(self._context.target):
                    self._error = error
                    return None
                await self._stop_target()

    async def _enter(self, stack: AsyncExitStack) -> Lab:
        assert self._context.labs is not None
        original = self._original
        lab = await original.copy(self._context, stack) if original else None
        if lab is None:
            self._original = None
            lab = await stack.enter_async_context(self._context.labs())
        await self._welcome(lab, stack)
        return lab

    async def _welcome(self, lab: Lab, stack: AsyncExitStack) -> None:
        """Count a new lab as open until `stack` closes it, and have its server use the wire."""
        self._open_labs += 1
        stack.callback(self._on_close, lab)
        if not lab.wired:
            await self._send_first_requests(lab)

    def _on_close(self, lab: Lab) -> None:
        self._open_labs -= 1
        for wire in lab.wires.values():
            for trouble in wire.problems:
                self._context.note(trouble)

    async def _send_first_requests(self, lab: Lab) -> None:
        """Detect the dialect: a server that connects to its database lazily then uses the wire."""
        context = self._context.for_lab(lab)
        world = self._make_world(context, context.session(), context.rng("waking a lab"))
        try:
            with suppress(Exception):
                async with asyncio.timeout(_DIALECT_TIMEOUT * context.pace.patience):
                    await world.detect_dialect(world)
        finally:
            await context.close()

    async def _use(self, lab: Lab, queue: deque[Check], short_first: int) -> bool:
        """Run checks in `lab` until `queue` is empty or the lab cannot be restored.

        Returns whether further checks can run in it.

        A check for which another one is just making a shared result is put back into the queue.
        """
        usable, left = True, short_first
        while usable and (check := await self._next(queue, left > 0)) is not None:
            left -= 1
            first = self._postponed.pop(check.id, None)
            if first and first.timed_out and self._futile_repeats == _MAX_FUTILE_REPEATS:
                self._on_finish(first)
                continue
            self._on_start(check)
            run = None
            try:
                run = await (self._repeat(lab, check) if first else self._first_run(lab, check))
            except SharedResultPending as pending:
                self._awaited[check.id] = pending.result
                queue.append(check)
            usable = await self._restore(lab)
            if run is None:
                continue
            if first is None and (run.timed_out or _needs_quiet(run)):
                self._postpone(run, queue)
            else:
                self._on_finish(run)
        return usable

    def _postpone(self, run: CheckRun, queue: deque[Check]) -> None:
        check = run.result.check
        self._postponed[check.id] = run
        self._on_postpone(check)
        if check.alone:
            queue.append(check)

    async def _first_run(self, lab: Lab, check: Check) -> CheckRun:
        context = replace(self._context, waits_for_shared=self._in_order)
        return await self._run(context, lab, check)

    async def _repeat(self, lab: Lab, check: Check) -> CheckRun:
        """Run `check` again without the shared results, which may be too slow themselves."""
        context = replace(self._context, shared=self._made_again)
        run = await self._run(context, lab, check, attempt=1)
        self._context.shared.update(self._made_again)
        self._futile_repeats = self._futile_repeats + 1 if run.timed_out else 0
        return run

    async def _run(
        self, context: CheckContext, lab: Lab, check: Check, attempt: int = 0
    ) -> CheckRun:
        lab_context = context.for_lab(lab)

        def record(exchange: Exchange) -> None:
            lab_context.errors.record(exchange)
            self._on_exchange(exchange)

        lab_context.client.on_exchange = record
        try:
            return await CheckRunner(lab_context, self._make_world, self._silences).run(
                check, attempt
            )
        finally:
            await lab_context.close()

    async def _restore(self, lab: Lab) -> bool:
        """Restore the lab for the next check; return False if that fails.

        After `_MAX_BROKEN_LABS` failures no further lab is opened.
        """
        try:
            await lab.restore()
        except StartFailed as error:
            self._context.note(
                message("a copy of the server did not start again: {reason}", reason=error.message)
            )
            self._broken_labs += 1
            if self._broken_labs > _MAX_BROKEN_LABS:
                self._error = error
            return False
        return True

    async def _stop_target(self) -> None:
        if isinstance(self._context.target, Target):
            await self._context.target.stop()

    def _block_all(self, queue: deque[Check], error: StartFailed) -> None:
        reason = message(
            "the copy of the server for this check did not start: {reason}", reason=error.message
        )
        while queue:
            check = queue.popleft()
            self._on_start(check)
            self._on_finish(CheckRun(CheckResult(check, Verdict.BLOCKED, reason=reason)))


def _needs_quiet(run: CheckRun) -> bool:
    """Whether the check may have failed because of those that ran beside it."""
    return run.result.check.repeated_alone and run.result.verdict is not Verdict.PASS


def _max_labs(context: CheckContext) -> int:
    if _has_fixed_port(context.target):
        return 1
    return MAX_SLOW_LABS if context.pace.is_slow else MAX_LABS


def _has_fixed_port(target: Target | ExternalTarget) -> bool:
    return isinstance(target, Target) and target.built.settings.has_fixed_port


def _is_running(target: Target | ExternalTarget) -> bool:
    return isinstance(target, Target) and target.alive
