"""Open-loop load: send requests on a schedule, without waiting for answers.

Each request is sent when it is due, whether or not earlier ones were answered, so a stall of the
server does not reduce the load (no coordinated omission; see wrk2). Latency counts from the time at
which a request was due.
"""

from __future__ import annotations

import asyncio
import statistics
from collections.abc import Callable, Coroutine, Sequence
from dataclasses import dataclass
from typing import Any

from worksample.probes.exchange import Exchange, Trouble

# uvloop returns immediately from a sleep of less than 0.5 ms, which would be a busy loop.
MIN_SLEEP = 0.001
MAX_IN_FLIGHT = 300
Send = Callable[[], Coroutine[Any, Any, Exchange]]


@dataclass(frozen=True, slots=True)
class TimedExchange:
    """One request of a load: when it was due, sent and answered, in seconds from the start."""

    due: float
    sent: float
    answered: float
    exchange: Exchange


@dataclass(frozen=True, slots=True)
class StreamSummary:
    """The failures of a load, and its latencies in seconds (from the time a request was due)."""

    count: int
    failed: tuple[Exchange, ...]
    timed_out: tuple[Exchange, ...]
    median: float
    max_latency: float

    @property
    def all_answered(self) -> bool:
        """Whether every request was answered in time and without a server error."""
        return not self.failed and not self.timed_out


async def run_open_loop(requests: Sequence[tuple[float, Send]]) -> list[TimedExchange]:
    """Send each request when it is due (seconds from the start); return them in that order.

    Pauses while more than `MAX_IN_FLIGHT` requests are unanswered: the server is then clearly
    overloaded, and the delay shows in the latency of the later requests.
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
            while (wait := due - (clock() - began)) > 0 or in_flight > MAX_IN_FLIGHT:  # noqa: ASYNC110
                await asyncio.sleep(max(wait, MIN_SLEEP))
            tasks.append(group.create_task(send_one(due, send)))
    return [task.result() for task in tasks]


def summarize(history: Sequence[TimedExchange]) -> StreamSummary:
    """Summarize a history. Timeouts are counted separately from failures."""
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
    """Return due times for `count` requests in batches of `size`, one batch every `every` seconds.

    Real visitors arrive in batches: a link is posted, or a page loads many resources at once.
    """
    return [index // size * every for index in range(count)]
