"""Bursts: many requests that start at the same moment.

They complement the interleaving searches of `races`: they also find races that do not pass the
database connection, such as races in memory, and they work on a server that Worksample did not
start.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Protocol

from worksample.checks import Answer, Aspect, World, expect
from worksample.checks.suite import Suite
from worksample.probes.burst import bursts_needed, probability_lower_bound
from worksample.probes.exchange import Request

# Measured in 2026-10 with PostgreSQL: 49 of 50 bursts of this size find a read-then-write race.
BURSTS = bursts_needed(probability_lower_bound(49, 50))
BURST_SIZE = 48
#: For requests that cost the server much, such as a password hash.
SMALL_BURST_SIZE = 16


class Burst(Protocol):
    """Many requests for the same thing, and what must come of them.

    label: what one of them does, in findings: "one of many registers the same name".
    """

    @property
    def label(self) -> str: ...

    async def prepare(self) -> None:
        """Create what all bursts share. Raises `PreconditionFailed`."""

    async def requests(self) -> Sequence[Request]:
        """Create new data for one burst and return its requests. Raises `PreconditionFailed`."""

    async def judge(self, answers: Sequence[Answer]) -> None:
        """Compare the answers, in the order of the requests, with what the server shows then."""


SUITE = Suite[Burst](
    "bursts",
    Burst,
    aspect=Aspect.CONCURRENCY,
    skills=("concurrency", "relational-databases", "data-modeling"),
)


@SUITE.check(
    title="When many ask for the same thing at the same moment, the result is as if in turn",
    why="On launch day many people want the same thing at once.",
    lab=True,
)
async def a_burst_has_a_serial_result(world: World, burst: Burst) -> None:
    await burst.prepare()
    for _ in range(BURSTS):
        answers = await world.send_concurrently(await burst.requests(), burst.label)
        await burst.judge(answers)


def expect_distinct(answers: Sequence[Answer], *path: str | int, what: str) -> None:
    """Expect that no two answers have the same value at `path`; `what` names it in the finding."""
    values = Counter(str(answer.at(*path)) for answer in answers)
    expect(max(values.values()), what).equals(1)
