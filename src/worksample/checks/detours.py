"""Meet a precondition in another way when the usual one fails."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Final, TypeVar

from worksample.checks.formatting import shorten
from worksample.checks.model import Finding, culprit_of
from worksample.checks.outcome import PreconditionFailed
from worksample.checks.world import World
from worksample.errors import DatabaseError
from worksample.messages import message

#: After these, or no answer, the same request may soon succeed: that calls for no other way.
TEMPORARY: Final = (0, 408, 425, 429, 502, 503, 504)
Result = TypeVar("Result")


async def first_of(world: World, *ways: Callable[[], Awaitable[Result]]) -> Result:
    """Return the result of the first way to meet a precondition that works.

    A later way must leave the check as much to ask as the first. If one works, `world.detours`
    notes the failure of the first, which is raised if none works.
    """
    usual, *others = ways
    try:
        return await usual()
    except PreconditionFailed as failure:
        if _is_temporary(failure):
            raise
        first = failure
    for way in others:
        try:
            result = await way()
        except PreconditionFailed:
            continue
        world.detours.append(first)
        return result
    raise first


async def stored_id(world: World, text: str, needs: str) -> int:
    """Return the `id` of the only row in the server's database that contains `text`.

    Raises `PreconditionFailed`, blocked by the check `needs`, if there is no such row.
    """
    try:
        rows = await world.context.database.rows_containing(text) if world.context.database else []
    except DatabaseError:
        rows = []
    found = [row.values["id"] for row in rows if isinstance(row.values.get("id"), int)]
    if len(found) == 1:
        return int(found[0])
    expected = message("one row with {text} in the database, with its id", text=shorten(text))
    raise PreconditionFailed(needs, Finding(expected, message("{count} rows", count=len(rows))))


def _is_temporary(failure: PreconditionFailed) -> bool:
    culprit = culprit_of(failure.finding)
    return culprit is not None and culprit.status in TEMPORARY
