"""Bursts: many requests that start at the same moment.

They complement the interleaving searches of `races`: they also find races that do not pass the
database connection, such as races in memory, and they work on a server that Worksample did not
start. Where the wire can hold statements, the last burst is not left to chance (see
`probes.held_writes`).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from http import HTTPStatus
from typing import Protocol

from worksample.checks import Answer, Aspect, CheckFailed, World, expect
from worksample.checks.suite import Suite
from worksample.probes.burst import bursts_needed, probability_lower_bound
from worksample.probes.exchange import Request
from worksample.probes.held_writes import HeldWrites

# Measured in 2026-10 with PostgreSQL: 49 of 50 bursts of this size find a read-then-write race.
BURSTS = bursts_needed(probability_lower_bound(49, 50))
BURST_SIZE = 48
#: For requests that cost the server much, such as a password hash.
SMALL_BURST_SIZE = 16
#: They are fewer, but so many at least, where so many seconds of computing would not suffice.
LEAST_BURST_SIZE, BURST_SECONDS = 6, 2.5
#: Bursts of fewer than `SMALL_BURST_SIZE` leave little to chance: one shows which statements write,
#: and the one with held writes decides. A race in memory needs no more of them either: between its
#: read and its write the server computes, or it has no gap that the others could enter.
OBSERVED_BURSTS = 1
#: Bounds how long a write is held, in seconds. Between them, it is as long as the slowest answer of
#: the bursts before: a second request gets as far as its write in that time. While the server
#: computes, it is longer, up to `MAX_COMPUTING`.
MIN_IDLE, MAX_IDLE = 0.3, 2.0
MAX_COMPUTING = 30.0
_HELD = "Worksample held the first statement that writes until a second request came to such a one."
_NOT_JUDGED = "one burst is not judged: a request failed while Worksample held another one"


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
    held_writes = HeldWrites(world.wire) if world.wired else None
    slowest, requests = 0.0, await burst.requests()
    enough = OBSERVED_BURSTS if held_writes and len(requests) < SMALL_BURST_SIZE else BURSTS
    for number in range(BURSTS):
        if number >= enough and held_writes and held_writes.has_seen_writes:
            break
        requests = await burst.requests() if number else requests
        sending = world.send_concurrently(requests, burst.label)
        answers = await (held_writes.observe(sending) if held_writes else sending)
        await burst.judge(answers)
        slowest = max(slowest, *(answer.exchange.seconds for answer in answers))
    if held_writes:
        await _hold_writes(world, burst, held_writes, slowest)


def small_burst_size(world: World) -> int:
    """Return how many requests to send at once that cost the server much.

    A slow server gets fewer where the last burst is not left to chance: it would be busy for half a
    minute with what the one held write shows.
    """
    slow = world.context.pace.slow if world.wired else 0.0
    affordable = int(BURST_SECONDS / slow) if slow else SMALL_BURST_SIZE
    return min(SMALL_BURST_SIZE, max(LEAST_BURST_SIZE, affordable))


async def _hold_writes(world: World, burst: Burst, held_writes: HeldWrites, slowest: float) -> None:
    """Run one burst whose first write is held until there is a second one, and judge it.

    `slowest` is the slowest answer of the bursts before, in seconds.

    A request that fails may have met a time limit of the server because of that: what the bursts
    before did not show is not judged then.
    """
    sending = world.send_concurrently(await burst.requests(), burst.label)
    idle, computing = min(max(slowest, MIN_IDLE), MAX_IDLE), min(slowest, MAX_COMPUTING)
    answers = await held_writes.hold(sending, idle, computing, world.server_computes)
    if any(map(_failed, answers)):
        world.note(_NOT_JUDGED)
        return
    try:
        await burst.judge(answers)
    except CheckFailed as failure:
        found = [replace(each, details=(*each.details, _HELD)) for each in failure.findings]
        raise CheckFailed(*found) from None


def _failed(answer: Answer) -> bool:
    return not 0 < answer.status < HTTPStatus.INTERNAL_SERVER_ERROR


def expect_distinct(answers: Sequence[Answer], *path: str | int, what: str) -> None:
    """Expect that no two answers have the same value at `path`; `what` names it in the finding."""
    values = Counter(str(answer.at(*path)) for answer in answers)
    expect(max(values.values()), what).equals(1)
