"""What a weak server stores although it should refuse it, kept from other checks.

Once a server has stored an account with a blank name, it refuses the next one because the name is
taken; the check that sends it would pass. So would a check of titles without letters, once an
article has taken the empty name in URLs.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

from worksample.checks.judging import remarks_so_far
from worksample.checks.outcome import CheckFailed
from worksample.checks.world import World
from worksample.errors import DatabaseError

#: Seconds to wait for another check. A write and a few reads take far less on most servers.
_PATIENCE = 5.0


@asynccontextmanager
async def removed_on_failure(world: World, marker: str) -> AsyncIterator[None]:
    """Within the block, write what would clash with the same of another check; one block at a time.

    If the block raises `CheckFailed` or makes a remark, what was stored is removed: the rows that
    hold `marker`, a text that nothing else contains. A block that takes longer than `_PATIENCE`
    lets the next begin: no check waits for what hangs in another.
    """
    held = await _acquired(world.context.clashing)
    remarked = remarks_so_far()
    try:
        yield
        if remarks_so_far() > remarked:
            await remove_rows(world, marker)
    except CheckFailed:
        await remove_rows(world, marker)
        raise
    finally:
        if held:
            world.context.clashing.release()


async def _acquired(lock: asyncio.Lock) -> bool:
    with suppress(TimeoutError):
        async with asyncio.timeout(_PATIENCE):
            return await lock.acquire()
    return False


async def remove_rows(world: World, marker: str) -> None:
    """Delete the rows that hold `marker`, where Worksample has access to the database.

    Rows to which others refer stay.
    """
    if world.context.database is not None:
        with suppress(DatabaseError):
            await world.context.database.delete_rows_containing(marker)
