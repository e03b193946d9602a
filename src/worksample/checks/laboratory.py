"""Lab checks: each has a copy of the server behind the wire for itself, a few at a time.

A lab is opened when it is first needed and brought in order after each check; one that cannot be
is closed, and another opened. Where a copy will not start beside the first server, the first one
is stopped for it.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable, Sequence
from contextlib import AsyncExitStack
from dataclasses import replace

from worksample.checks.arena import Arena
from worksample.checks.asking import Asked, Asker, WorldFactory
from worksample.checks.model import Check, CheckResult, Verdict
from worksample.errors import StartFailed
from worksample.probes.exchange import Exchange
from worksample.targets import ExternalTarget, Lab, Target

LANES = 3
_MOST_RUINED = 3

Begin = Callable[[Check], None]
Keep = Callable[[Asked], None]
Hear = Callable[[Exchange], None]


class Laboratory:
    """Asks lab checks; `begin` hears of each before, `keep` after it was asked.

    `exchanged` hears of every exchange. What only came too late is asked once more.
    """

    def __init__(
        self,
        arena: Arena,
        make_world: WorldFactory,
        begin: Begin,
        keep: Keep,
        exchanged: Hear,
        lanes: int = LANES,
    ) -> None:
        self._arena, self._make_world = arena, make_world
        self._begin, self._keep, self._exchanged = begin, keep, exchanged
        self._lanes = 1 if _fixed_port(arena.target) else lanes
        self._ruined = 0

    async def ask(self, checks: Sequence[Check]) -> None:
        """Ask all: those that measure (`alone`) last, with nothing beside them."""
        if _fixed_port(self._arena.target):
            await self._clear_the_place()
        beside = deque(check for check in checks if not check.alone)
        lanes = min(self._lanes, len(beside))
        async with asyncio.TaskGroup() as group:
            for _ in range(lanes):
                group.create_task(self._lane(beside))
        await self._lane(deque(check for check in checks if check.alone))

    async def _lane(self, queue: deque[Check]) -> None:
        """Ask what is in the queue in one lab after the other, as long as there can be one."""
        while queue:
            try:
                await self._one_lab(queue)
            except StartFailed as error:
                if _running(self._arena.target):
                    await self._clear_the_place()
                    continue
                self._give_up(queue, error)

    async def _one_lab(self, queue: deque[Check]) -> None:
        """Open a lab and ask in it until the queue is empty, or the lab is beyond mending."""
        assert self._arena.labs is not None
        async with AsyncExitStack() as stack:
            lab = await stack.enter_async_context(self._arena.labs())
            while queue:
                check = queue.popleft()
                self._begin(check)
                asked = await self._ask(self._arena, lab, check)
                whole = await self._mend(lab)
                if asked.timed_out and whole:
                    fresh = replace(self._arena, shared={})
                    asked = await self._ask(fresh, lab, check, attempt=1)
                    whole = await self._mend(lab)
                self._keep(asked)
                if not whole:
                    return

    async def _ask(self, arena: Arena, lab: Lab, check: Check, attempt: int = 0) -> Asked:
        inside = arena.inside(lab)
        inside.client.on_exchange = self._exchanged
        try:
            return await Asker(inside, self._make_world).ask(check, attempt)
        finally:
            await inside.close()

    async def _mend(self, lab: Lab) -> bool:
        """Bring the lab in order; False if it is beyond that. Raises `StartFailed` in the end."""
        try:
            await lab.mend()
        except StartFailed:
            self._ruined += 1
            if self._ruined > _MOST_RUINED:
                raise
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
            self._keep(Asked(CheckResult(check, Verdict.BLOCKED, reason=reason)))


def _fixed_port(target: Target | ExternalTarget) -> bool:
    return isinstance(target, Target) and bool(target.built.settings.port)


def _running(target: Target | ExternalTarget) -> bool:
    return isinstance(target, Target) and target.alive
