"""Hostile requests in several lanes."""

from __future__ import annotations

import asyncio
from types import SimpleNamespace
from typing import Any

import pytest

from worksample.checks import Finding, PreconditionFailed
from worksample.suites.hostile_client import in_lanes


def test_failed_precondition_of_a_lane_blocks_the_check() -> None:
    async def prepare() -> None:
        """Prepare nothing."""

    async def lane(valid: Any, number: int) -> None:
        if number == 1:
            raise PreconditionFailed("readers-register", Finding("201", "500"))

    world = SimpleNamespace(context=SimpleNamespace(alone=False))
    client: Any = SimpleNamespace(world=world, prepare=prepare)
    with pytest.raises(PreconditionFailed) as failure:
        asyncio.run(in_lanes(client, lane))
    assert failure.value.needs == "readers-register"
