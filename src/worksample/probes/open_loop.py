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
MIN_SLEEP = 0.001
MAX_IN_FLIGHT = 300
Send = Callable[[], Coroutine[Any, Any, Exchange]]


@dataclass(frozen=True, slots=True)
class TimedExchange:
    """One request of a stream: when it was due and when it was sent and answered, in seconds."""

    due: float
    sent: float
    answered: float
    exchange: Exchange


@dataclass(frozen=True, slots=True)
class StreamSummary:
    """What a stream was like: the failures, and latencies (from when a request was due)."""

    count: int
    failed: tuple[Exchange, ...]
    timed_out: tuple[Exchange, ...]
    median: float
    max_latency: float

    @property
    def all_answered(self) -> bool:
        """Whether every request was answered, and by no failure of the server."""
        return not self.failed and not self.timed_out


async def run_open_loop(requests: Sequence[tuple[float, Send]]) -> list[TimedExchange]:
    """Send each request at its second; return the history, in the order in which they were due.

    A server with more than 300 unanswered ones is left in peace until it has caught up: what it
    cannot do is then plain, and what is due later tells of itself.
    """
    clock = asyncio.get_running_loop().time
    began, in_flight = clock(), 0
    tasks: list[asyncio.Task[TimedExchange]] = []

    async def send_one(due: float, send: Send) -> TimedExchange:
        nonlocal in_flight
        in_flight += 1
        sent = clock() - began
        try:
            exchange = await send()
        finally:
            in_flight -= 1
        return TimedExchange(due, sent, clock() - began, exchange)

    async with asyncio.TaskGroup() as group:
        for due, send in requests:
            while (early := due - (clock() - began)) > 0 or in_flight > MAX_IN_FLIGHT:  # noqa: ASYNC110
                await asyncio.sleep(max(early, MIN_SLEEP))
            tasks.append(group.create_task(send_one(due, send)))
    return [task.result() for task in tasks]


def summarize(history: Sequence[TimedExchange]) -> StreamSummary:
    """Sum a history up. An answer that only came too late is told apart from one that failed."""
    latencies = [each.answered - each.due for each in history] or [0.0]
    bad = [each.exchange for each in history if not 0 < each.exchange.status < 500]
    timed_out = [each for each in bad if each.trouble is Trouble.TIMEOUT]
    return StreamSummary(
        len(history),
        tuple(each for each in bad if each.trouble is not Trouble.TIMEOUT),
        tuple(timed_out),
        statistics.median(latencies),
        max(latencies),
    )


def batch_arrival_times(count: int, size: int, every: float) -> list[float]:
    """Return when requests are due that come in clumps of `size`, one clump each `every` seconds.

    Visitors come so: a link is posted, a page asks for many things at once.
    """
    return [index // size * every for index in range(count)]
