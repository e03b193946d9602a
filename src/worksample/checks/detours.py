"""Meet a precondition in another way when the usual one fails."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Final, TypeVar

from worksample.checks.answer import Answer
from worksample.checks.dialect import Meaning
from worksample.checks.expect import expect
from worksample.checks.formatting import shorten
from worksample.checks.model import Finding, culprit_of
from worksample.checks.outcome import CheckFailed, PreconditionFailed
from worksample.checks.world import World, precondition
from worksample.errors import DatabaseError
from worksample.messages import message

#: After these, or no answer, the same request may soon succeed: that calls for no other way.
TEMPORARY: Final = (0, 408, 425, 429, 502, 503, 504)
Result = TypeVar("Result")
_allowed: ContextVar[bool] = ContextVar("detours_allowed", default=True)


@contextmanager
def no_detours() -> Iterator[None]:
    """Let checks meet preconditions only in the usual way: that shows what a defect hides."""
    token = _allowed.set(False)
    try:
        yield
    finally:
        _allowed.reset(token)


def may_go_round() -> bool:
    """Return whether a check may look for another way, which is so outside `no_detours`."""
    return _allowed.get()


def go_round(world: World, failure: PreconditionFailed) -> None:
    """Note that a precondition failed and was met in another way; raise it if that may not be."""
    if not may_go_round():
        raise failure
    world.detours.append(failure)


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
        go_round(world, first)
        return result
    raise first


def expect_success(world: World, answer: Answer, *, needs: str, because: str = "") -> Answer:
    """Expect that the request succeeds; raise `CheckFailed` otherwise.

    For checks of more than the status: where another success than 200 is answered, they go on, and
    the check `needs`, which tests the status of this operation, tells it.
    """
    try:
        return expect(answer).ok(because=because)
    except CheckFailed as failure:
        if not 200 <= answer.status < 300 or not may_go_round():
            raise
        go_round(world, PreconditionFailed(needs, failure.findings[0]))
        return answer


def precondition_success(world: World, answer: Answer, *meanings: Meaning, needs: str) -> Answer:
    """Return `answer` if the request succeeded; raise `PreconditionFailed` otherwise.

    Another success than `meanings` is told by the check `needs`, as by `expect_success`.
    """
    try:
        return precondition(answer, *meanings, needs=needs)
    except PreconditionFailed as failure:
        if not 200 <= answer.status < 300:
            raise
        go_round(world, failure)
        return answer


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
