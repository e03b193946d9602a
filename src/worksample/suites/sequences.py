"""Stateful testing: random sequences of requests, compared with a model of the server.

A step names people and things by number, so that a sequence stays valid when steps are removed
from it. A failing sequence is shrunk in this way.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import replace
from typing import Any, Protocol

from worksample.checks import Aspect, CheckFailed, Suite, World
from worksample.messages import message
from worksample.probes.fuzz import shrink_sequence

SEQUENCES = 8


class StepModel(Protocol):
    """Makes steps, runs them on new data and compares what the server shows with a model."""

    def random_steps(self, rng: random.Random) -> list[Any]:
        """Return a random sequence of steps."""

    async def run(self, steps: Sequence[Any]) -> None:
        """Run `steps` on new data, then compare every view; raises `CheckFailed`."""

    def describe(self, step: Any) -> str:
        """Return a step in words."""


SUITE = Suite[StepModel](
    "sequences",
    StepModel,
    aspect=Aspect.BEHAVIOUR,
    skills=("rest", "relational-databases", "automated-testing"),
)


@SUITE.check(
    title="Whatever people do one after the other, everybody sees what must have come of it",
    why="Each operation works alone; lists and counts go wrong when operations are combined.",
)
async def any_sequence_of_changes_adds_up(world: World, model: StepModel) -> None:
    for _ in range(SEQUENCES):
        steps = model.random_steps(world.rng)
        failure = await _failure_of(model, steps)
        if failure is not None:
            raise await _shortest_failure(world, model, steps, failure)


async def _failure_of(model: StepModel, steps: Sequence[Any]) -> CheckFailed | None:
    try:
        await model.run(steps)
    except CheckFailed as failure:
        return failure
    return None


async def _shortest_failure(
    world: World, model: StepModel, steps: Sequence[Any], first: CheckFailed
) -> CheckFailed:
    """Return the failure of the shortest subsequence that still fails, with only its exchanges."""

    async def still_fails(fewer: Sequence[Any]) -> bool:
        return await _failure_of(model, fewer) is not None

    fewer = await shrink_sequence(steps, still_fails)
    before = len(world.session.exchanges)
    failure = await _failure_of(model, fewer)
    if failure is None:
        return first
    exchanges = tuple(world.session.exchanges[before:])
    found = failure.findings[0]
    described = "; ".join(map(model.describe, fewer))
    return CheckFailed(
        replace(
            found,
            exchanges=exchanges,
            culprit=len(exchanges) - 1 if found.culprit is not None else None,
            details=(
                message(
                    "shrunk from {before} steps to {after}: {described}",
                    before=len(steps),
                    after=len(fewer),
                    described=described,
                ),
            ),
        )
    )
