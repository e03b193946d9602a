"""Steps of a preparation that may fail."""

from __future__ import annotations

import asyncio

from worksample.checks import Finding, PreconditionFailed
from worksample.suites.preparing import OptionalSteps


def test_step_that_failed_is_not_taken_again() -> None:
    steps, taken = OptionalSteps(), []

    async def mark() -> None:
        taken.append("marking")
        raise PreconditionFailed("books-are-marked", Finding("200", "500"))

    async def lend() -> None:
        taken.append("lending")

    async def scene() -> None:
        for _ in range(2):
            await steps.take("marking", mark)
            await steps.take("lending", lend)

    asyncio.run(scene())
    assert taken == ["marking", "lending", "lending"]
    assert {name: each.needs for name, each in steps.failures.items()} == {
        "marking": "books-are-marked"
    }
