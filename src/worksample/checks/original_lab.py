"""The original of the labs: checks find in each lab what was prepared once, in the original.

It is a lab whose server was stopped after the preparation; the databases of the others are copies
of its database. So what is expensive to prepare, such as accounts, is paid for once.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from contextlib import AsyncExitStack, suppress
from dataclasses import dataclass
from typing import Any

from worksample.checks.check_runner import WorldFactory
from worksample.checks.context import CheckContext
from worksample.errors import DatabaseError, StartFailed
from worksample.services import CopyableDatabase
from worksample.targets import Lab

_NAME = "the original of the labs"
#: More on a slow server, in proportion.
_SECONDS = 60.0


@dataclass(frozen=True, slots=True)
class OriginalLab:
    """The database to copy, and what was prepared in it (see `World.prepare`)."""

    database: CopyableDatabase
    prepared: Sequence[Any]

    async def copy(self, context: CheckContext, stack: AsyncExitStack) -> Lab | None:
        """Open a lab with a copy, which `stack` closes; None if it does not start."""
        assert context.labs is not None
        try:
            lab = await stack.enter_async_context(context.labs(self.database))
        except (StartFailed, DatabaseError):
            return None
        context.lab_states[lab] = {"prepared": self.prepared}
        return lab


async def open_original(
    context: CheckContext, make_world: WorldFactory, checks: int, stack: AsyncExitStack
) -> OriginalLab | None:
    """Open the original of labs in which so many checks run; `stack` closes it.

    None if nothing is prepared, if the server does not start, or if what it stores cannot be
    copied (see `Lab.copyable`): labs then begin empty.
    """
    assert context.labs is not None
    world = make_world(context, context.session(), context.rng(_NAME))
    count = world.to_prepare(checks)
    if not count:
        return None
    async with AsyncExitStack() as opened:
        try:
            lab = await opened.enter_async_context(context.labs())
        except StartFailed:
            return None
        prepared = await _prepare(context.for_lab(lab), make_world, count)
        if not prepared or (database := lab.copyable) is None:
            return None
        await lab.target.stop()
        lab.wire.take_down()
        stack.push_async_exit(opened.pop_all())
        return OriginalLab(database, prepared)


async def _prepare(context: CheckContext, make_world: WorldFactory, count: int) -> Sequence[Any]:
    world = make_world(context, context.session(), context.rng(_NAME))
    prepared: Sequence[Any] = ()
    try:
        with suppress(Exception):  # the checks tell what is wrong with the server
            async with asyncio.timeout(_SECONDS * context.pace.patience):
                prepared = await world.prepare(count)
    finally:
        await context.close()
    return prepared
