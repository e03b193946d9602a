"""Bursts: many requests that start at the same moment.

They complement the interleaving searches of `races`: they also find races that do not pass the
database connection, such as races in memory, and they work on a server that Worksample did not
start. Where the wire can hold statements, the last burst is not left to chance (see
`probes.held_writes`).
"""

from __future__ import annotations

import time
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
#: Bursts of fewer than `SMALL_BURST_SIZE` leave little to chance: the one with held writes decides.
#: Which statements write is seen where one such request is part of the preparation, else in one
#: burst. A race in memory needs no more of them either: between its read and its write the server
#: computes, or it has no gap that the others could enter.
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
        """Create what all bursts share. Raises `PreconditionFailed`.

        Where the requests cost the server much, it sends one like them (see `OBSERVED_BURSTS`).
        """

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
    held_writes = HeldWrites(world.wire) if world.wired else None
    began = time.monotonic()
    await (held_writes.observe(burst.prepare()) if held_writes else burst.prepare())
    seconds, requests = time.monotonic() - began, await burst.requests()
    enough = OBSERVED_BURSTS if held_writes and len(requests) < SMALL_BURST_SIZE else BURSTS
    if held_writes and held_writes.has_seen_writes and enough == OBSERVED_BURSTS:
        in_turn = seconds * len(requests)
        judged = await _hold_writes(world, burst, requests, held_writes, in_turn)
        if judged and held_writes.has_held:
            return
        requests = await burst.requests()
    slowest = 0.0
    for number in range(BURSTS):
        if number >= enough and held_writes and held_writes.has_seen_writes:
            break
        requests = await burst.requests() if number else requests
        sending = world.send_concurrently(requests, burst.label)
        answers = await (held_writes.observe(sending) if held_writes else sending)
        await burst.judge(answers)
        slowest = max(slowest, *(answer.exchange.seconds for answer in answers))
    if held_writes and not await _hold_writes(
        world, burst, await burst.requests(), held_writes, slowest
    ):
        world.note(_NOT_JUDGED)


def small_burst_size(world: World) -> int:
    """Return how many requests to send at once that cost the server much.

    A slow server gets fewer where the last burst is not left to chance: it would be busy for half a
    minute with what the one held write shows.
    """
    slow = world.context.pace.slow if world.wired else 0.0
    affordable = int(BURST_SECONDS / slow) if slow else SMALL_BURST_SIZE
    return min(SMALL_BURST_SIZE, max(LEAST_BURST_SIZE, affordable))


async def _hold_writes(
    world: World,
    burst: Burst,
    requests: Sequence[Request],
    held_writes: HeldWrites,
    slowest: float,
) -> bool:
    """Send a burst whose first write is held until there is a second one; return if it is judged.

    `slowest` is the slowest answer that is expected in a burst, in seconds.

    It is not judged if a request fails: that may have met a time limit of the server because of
    what was held.
    """
    sending = world.send_concurrently(requests, burst.label)
    idle, computing = min(max(slowest, MIN_IDLE), MAX_IDLE), min(slowest, MAX_COMPUTING)
    answers = await held_writes.hold(sending, idle, computing, world.server_computes)
    if any(map(_failed, answers)):
        return False
    try:
        await burst.judge(answers)
    except CheckFailed as failure:
        found = [replace(each, details=(*each.details, _HELD)) for each in failure.findings]
        raise CheckFailed(*found) from None
    return True


def _failed(answer: Answer) -> bool:
    return not 0 < answer.status < HTTPStatus.INTERNAL_SERVER_ERROR


def expect_distinct(answers: Sequence[Answer], *path: str | int, what: str) -> None:
    """Expect that no two answers have the same value at `path`; `what` names it in the finding."""
    values = Counter(str(answer.at(*path)) for answer in answers)
    expect(max(values.values()), what).equals(1)
