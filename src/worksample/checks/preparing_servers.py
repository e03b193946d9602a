"""Prepare a server before checks begin, while nobody else uses it."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from contextlib import suppress
from typing import Any

from worksample.checks.check_runner import WorldFactory
from worksample.checks.context import CheckContext

_NAME = "preparing the server"
#: More on a slow server, in proportion.
_SECONDS = 60.0


async def prepared_for(
    checks: int, context: CheckContext, make_world: WorldFactory
) -> Sequence[Any]:
    """Return what was prepared for so many checks (see `World.prepare`); empty if that failed."""
    world = make_world(context, context.session(), context.rng(_NAME))
    found: Sequence[Any] = ()
    if count := world.to_prepare(checks):
        with suppress(Exception):  # the checks tell what is wrong with the server
            async with asyncio.timeout(_SECONDS * context.pace.patience):
                found = await world.prepare(count)
    return found
