"""Lab checks: each has a copy of the server behind the wire for itself, a few at a time.

A lab is opened when it is first needed and brought in order after each check; one that cannot be
is closed, and another opened. Where a copy will not start beside the first server, the first one
is stopped for it; where it will not start beside another copy, one copy answers everything.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable, Sequence
from contextlib import AsyncExitStack, suppress
from dataclasses import replace

from worksample.checks.check_runner import CheckRun, CheckRunner, WorldFactory
from worksample.checks.context import CheckContext
from worksample.checks.model import Check, CheckResult, Verdict
from worksample.errors import StartFailed
from worksample.probes.exchange import Exchange
from worksample.probes.http import Session
from worksample.targets import ExternalTarget, Lab, Target

# Every other one begins at the end, where checks mostly wait for what takes its time: so those that
# compute and those that wait go on side by side.
MAX_LABS = 4
_MOST_RUINED = 3
_ENOUGH_IN_VAIN = 3
_LONGEST_WAKING = 30.0

Begin = Callable[[Check], None]
Keep = Callable[[CheckRun], None]
Hear = Callable[[Exchange], None]


class LabPool:
    """Asks lab checks; `begin` hears of each before, `keep` after it was asked.

    `exchanged` hears of every exchange. What only came too late is asked once more.
    """

    def __init__(
        self,
        context: CheckContext,
        make_world: WorldFactory,
        begin: Begin,
        keep: Keep,
        exchanged: Hear,
        lanes: int = MAX_LABS,
    ) -> None:
        self._arena, self._make_world = context, make_world
        self._begin, self._keep, self._exchanged = begin, keep, exchanged
        self._lanes = 1 if _fixed_port(context.target) else lanes
        self._first = asyncio.Lock()
        self._standing = self._ruined = self._in_vain = 0
        self._refusal: StartFailed | None = None

    async def run(self, checks: Sequence[Check]) -> None:
        """Ask all: those that measure (`alone`) last, with nothing beside them."""
        if _fixed_port(self._arena.target):
            await self._clear_the_place()
        beside = deque(check for check in checks if not check.alone)
        try:
            async with asyncio.TaskGroup() as group:
                for number in range(min(self._lanes, len(beside))):
                    last_first = number % 2 == 1
                    group.create_task(self._lane(beside, beside.pop if last_first else None))
        except ExceptionGroup as failed:
            raise failed.exceptions[0] from None
        await self._lane(deque(check for check in checks if check.alone))

    async def _lane(self, queue: deque[Check], take: Callable[[], Check] | None = None) -> None:
        """Ask what is in the queue in one lab after the other, as long as there can be one.

        `take` takes the next check from the queue, the first if it is not given.
        """
        while queue:
            if self._refusal is not None:
                self._give_up(queue, self._refusal)
                return
            async with AsyncExitStack() as stack:
                lab = await self._open(stack)
                if lab is not None:
                    await self._use(lab, queue, take or queue.popleft)
                elif self._standing:
                    return

    async def _open(self, stack: AsyncExitStack) -> Lab | None:
        """Open a lab; None if there can be none beside those that stand, or none at all.

        The first is opened alone, so that what stands in its way can only be the first server.
        """
        async with self._first:
            if not self._standing:
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
                if not _running(self._arena.target):
                    self._refusal = error
                    return None
                await self._clear_the_place()

    async def _enter(self, stack: AsyncExitStack) -> Lab:
        assert self._arena.labs is not None
        lab = await stack.enter_async_context(self._arena.labs())
        self._standing += 1
        stack.callback(self._leave, lab)
        if not lab.wired:
            await self._wake(lab)
        return lab

    def _leave(self, lab: Lab) -> None:
        self._standing -= 1
        for trouble in lab.wire.problems:
            self._arena.note(trouble)

    async def _wake(self, lab: Lab) -> None:
        """Ask what every server was asked first: one that connects late is then seen to do so."""
        inside = self._arena.for_lab(lab)
        world = self._make_world(inside, Session(inside.client), inside.rng("waking a lab"))
        try:
            with suppress(Exception):
                async with asyncio.timeout(_LONGEST_WAKING):
                    await world.detect_dialect(world)
        finally:
            await inside.close()

    async def _use(self, lab: Lab, queue: deque[Check], take: Callable[[], Check]) -> None:
        """Ask in `lab` until the queue is empty, or the lab is beyond mending."""
        whole = True
        while queue and whole:
            check = take()
            self._begin(check)
            asked = await self._ask(self._arena, lab, check)
            whole = await self._mend(lab)
            if asked.timed_out and whole and self._in_vain < _ENOUGH_IN_VAIN:
                asked = await self._ask_again(lab, check)
                whole = await self._mend(lab)
            self._keep(asked)

    async def _ask_again(self, lab: Lab, check: Check) -> CheckRun:
        """Ask anew, with nothing of what was found out when it was too slow."""
        fresh = replace(self._arena, shared={})
        asked = await self._ask(fresh, lab, check, attempt=1)
        self._arena.shared.update(fresh.shared)
        self._in_vain = self._in_vain + 1 if asked.timed_out else 0
        return asked

    async def _ask(
        self, context: CheckContext, lab: Lab, check: Check, attempt: int = 0
    ) -> CheckRun:
        inside = context.for_lab(lab)
        inside.client.on_exchange = self._exchanged
        try:
            return await CheckRunner(inside, self._make_world).run(check, attempt)
        finally:
            await inside.close()

    async def _mend(self, lab: Lab) -> bool:
        """Bring the lab in order; False if it is beyond that. After too many there are no more."""
        try:
            await lab.restore()
        except StartFailed as error:
            self._arena.note(f"a copy of the server was given up: {error.message}")
            self._ruined += 1
            if self._ruined > _MOST_RUINED:
                self._refusal = error
            return False
        return True

    async def _clear_the_place(self) -> None:
        if isinstance(self._arena.target, Target):
            await self._arena.target.stop()

    def _give_up(self, queue: deque[Check], error: StartFailed) -> None:
        reason = f"a copy of the server for this question did not start: {error.message}"
        while queue:
            check = queue.popleft()
            self._begin(check)
            self._keep(CheckRun(CheckResult(check, Verdict.BLOCKED, reason=reason)))


def _fixed_port(target: Target | ExternalTarget) -> bool:
    return isinstance(target, Target) and bool(target.built.settings.port)


def _running(target: Target | ExternalTarget) -> bool:
    return isinstance(target, Target) and target.alive
