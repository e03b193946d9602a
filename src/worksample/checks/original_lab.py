"""The original of the labs: checks find in each lab what was prepared once, in the original.

It is a lab whose server was stopped after the preparation; the databases of the others are copies
of its database. So what is expensive to prepare, such as accounts, is paid for once.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass
from typing import Any

from worksample.checks.check_runner import WorldFactory
from worksample.checks.context import CheckContext
from worksample.checks.preparing_servers import prepared_for
from worksample.errors import DatabaseError, StartFailed
from worksample.services import CopyableDatabase
from worksample.targets import Lab


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
    if not make_world(context, context.session(), context.rng("")).to_prepare(checks):
        return None
    async with AsyncExitStack() as opened:
        try:
            lab = await opened.enter_async_context(context.labs())
        except StartFailed:
            return None
        prepared = await _prepared(context.for_lab(lab), make_world, checks)
        if not prepared or (database := lab.copyable) is None:
            return None
        await lab.target.stop()
        lab.wire.take_down()
        stack.push_async_exit(opened.pop_all())
        return OriginalLab(database, prepared)


async def _prepared(context: CheckContext, make_world: WorldFactory, checks: int) -> Sequence[Any]:
    try:
        return await prepared_for(checks, context, make_world)
    finally:
        await context.close()
