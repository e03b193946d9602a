"""A steady stream of requests that does not wait for answers, and what became of it.

Each is sent when it is due, whether or not those before were answered: a server that stumbles gets
no pause for it (no coordinated omission). Latency counts from when a request was due.
"""

from __future__ import annotations

import asyncio
import statistics
from collections.abc import Callable, Coroutine, Sequence
from dataclasses import dataclass
from typing import Any

from worksample.probes.exchange import Exchange, Trouble

# uvloop returns at once from a sleep of less than half a millisecond: a pacer would spin.
LEAST_SLEEP = 0.001
MOST_WAITING = 300
Sending = Callable[[], Coroutine[Any, Any, Exchange]]


@dataclass(frozen=True, slots=True)
class Sent:
    """One request of a stream: when it was due and when it was sent and answered, in seconds."""

    due: float
    sent: float
    answered: float
    exchange: Exchange


@dataclass(frozen=True, slots=True)
class Told:
    """What a stream was like: the failures, and latencies (from when a request was due)."""

    number: int
    failed: tuple[Exchange, ...]
    late: tuple[Exchange, ...]
    median: float
    slowest: float

    @property
    def whole(self) -> bool:
        """Whether every request was answered, and by no failure of the server."""
        return not self.failed and not self.late


async def stream(requests: Sequence[tuple[float, Sending]]) -> list[Sent]:
    """Send each request at its second; return the history, in the order in which they were due.

    A server with more than 300 unanswered ones is left in peace until it has caught up: what it
    cannot do is then plain, and what is due later tells of itself.
    """
    clock = asyncio.get_running_loop().time
    began, waiting = clock(), 0
    tasks: list[asyncio.Task[Sent]] = []

    async def one(due: float, send: Sending) -> Sent:
        nonlocal waiting
        waiting += 1
        sent = clock() - began
        try:
            exchange = await send()
        finally:
            waiting -= 1
        return Sent(due, sent, clock() - began, exchange)

    async with asyncio.TaskGroup() as group:
        for due, send in requests:
            while (early := due - (clock() - began)) > 0 or waiting > MOST_WAITING:  # noqa: ASYNC110
                await asyncio.sleep(max(early, LEAST_SLEEP))
            tasks.append(group.create_task(one(due, send)))
    return [task.result() for task in tasks]


def judge(history: Sequence[Sent]) -> Told:
    """Sum a history up. An answer that only came too late is told apart from one that failed."""
    latencies = [each.answered - each.due for each in history] or [0.0]
    bad = [each.exchange for each in history if not 0 < each.exchange.status < 500]
    late = [each for each in bad if each.trouble is Trouble.TIMEOUT]
    return Told(
        len(history),
        tuple(each for each in bad if each.trouble is not Trouble.TIMEOUT),
        tuple(late),
        statistics.median(latencies),
        max(latencies),
    )


def clumps(number: int, size: int, every: float) -> list[float]:
    """Return when requests are due that come in clumps of `size`, one clump each `every` seconds.

    Visitors come so: a link is posted, a page asks for many things at once.
    """
    return [index // size * every for index in range(number)]
