"""Experiments that run once per run, need preparation, and may leave the server broken."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Coroutine
from typing import Any, TypeVar

from worksample.checks import World
from worksample.probes.write_operations import PreparationFailed
from worksample.suites.writes import precondition_of

Made = TypeVar("Made")


async def shared_experiment(
    world: World, name: str, make: Callable[[], Coroutine[Any, Any, Made]], needs: str
) -> Made:
    """Return the result of an experiment that runs once per run and is shared by several checks.

    Raises `PreconditionFailed` if a setup request fails (see `precondition_of`).
    """
    return await blocked_if_unprepared(world, world.once_per_run(name, make), needs)


async def blocked_if_unprepared(world: World, experiment: Awaitable[Made], needs: str) -> Made:
    """Return the result of `experiment`.

    Raises `PreconditionFailed` if a setup request fails (see `precondition_of`).
    """
    try:
        return await experiment
    except PreparationFailed as failure:
        raise precondition_of(world, failure, needs) from None


async def discard_unless_healthy(world: World, *, healthy: bool) -> None:
    """Kill a server that did not recover, so that the next check starts with a fresh one."""
    if not healthy:
        await world.lab.target.kill()
