"""Open-loop load: every reader is served while others send slow requests or are rejected."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Coroutine, Sequence
from typing import Any, Protocol

from worksample.checks import Aspect, CheckFailed, Finding, World, describe_exchange
from worksample.checks.suite import Suite
from worksample.messages import message
from worksample.probes.exchange import Exchange, Request
from worksample.probes.open_loop import StreamSummary, batch_arrival_times, run_open_loop, summarize
from worksample.probes.write_operations import succeeded
from worksample.suites.gathering import gather_limited
from worksample.suites.write_findings import setup_finding

_REQUESTS, _BATCH, _MIN_INTERVAL = 240, 24, 0.1
_SLOW_EVERY = 40
_UTILISATION = 0.5
_TIMEOUT_SECONDS = 60.0
_REJECTED_EACH, _EXPENSIVE_EACH = 20, 12
_READERS = 12
SendRead = Callable[[], Coroutine[Any, Any, Exchange]]


class Load(Protocol):
    """The requests that make up the load of a product."""

    async def prepare(self) -> None:
        """Create the data that the requests need. Raises `PreconditionFailed`."""

    def reads(self) -> Sequence[Request]:
        """Reads that anyone sends often; the first one sets the pace."""

    def slow(self) -> Request:
        """A request that costs the server much, such as signing in."""

    def cheap(self) -> Sequence[Request]:
        """Requests that must be rejected, one of each kind."""

    def expensive(self) -> Sequence[Request]:
        """The same for requests that cost the server much, such as a password hash."""


SUITE = Suite[Load](
    "steady-load",
    Load,
    aspect=Aspect.PERFORMANCE,
    skills=("performance-scalability", "relational-databases"),
)


@SUITE.check(
    title="Readers who come in clumps are all served, while others sign in",
    why="With a connection pool that is too small, or does not queue, one visitor in ten gets an "
    "error page as soon as a link becomes popular.",
    lab=True,
    alone=True,
)
async def readers_are_served_while_others_sign_in(world: World, load: Load) -> None:
    await load.prepare()
    reads = [_sending(world, each) for each in await _working_reads(world, load)]
    due = batch_arrival_times(_REQUESTS, _BATCH, await _batch_interval(reads[0]))
    requests = [(when, reads[number % len(reads)]) for number, when in enumerate(due)]
    requests += [(when, _sending(world, load.slow())) for when in due[::_SLOW_EVERY]]
    told = summarize(await run_open_loop(sorted(requests, key=lambda each: each[0])))
    world.note(
        message(
            "{all} requests: median latency {median} ms, maximum {maximum} ms",
            all=told.count,
            median=f"{1000 * told.median:.0f}",
            maximum=f"{1000 * told.max_latency:.0f}",
        )
    )
    _expect_all_served(
        told,
        message(
            "all {all} requests are served, in batches of {batch}", all=told.count, batch=_BATCH
        ),
        "Let requests wait a few seconds for a free connection, and return connections to the pool "
        "before slow work such as hashing.",
    )


@SUITE.check(
    title="A refusal leaves nothing behind: after many of them all readers are served",
    why="A connection that is not returned when a request is rejected is lost until the next "
    "restart. A crawler with outdated links empties the pool in a minute.",
    hint="Return connections in a `finally` or a context manager.",
    lab=True,
)
async def a_refusal_leaves_nothing_behind(world: World, load: Load) -> None:
    await load.prepare()
    rejected = [each for _ in range(_REJECTED_EACH) for each in load.cheap()]
    rejected += [each for _ in range(_EXPENSIVE_EACH) for each in load.expensive()]
    requests = await _working_reads(world, load)
    await _send_until_failure(world, rejected)
    reads = [_sending(world, requests[number % len(requests)]) for number in range(_READERS)]
    history = await run_open_loop([(0.0, look) for look in reads])
    _expect_all_served(
        summarize(history), "every reader is served after several hundred rejected requests", ""
    )


async def _working_reads(world: World, load: Load) -> list[Request]:
    """Return the reads that succeed while nobody else asks; the others are left out.

    Raises `PreconditionFailed` if none succeeds.
    """
    working: list[Request] = []
    for request in load.reads():
        alone = world.send_raw(request, label="a visitor reads", timeout=_TIMEOUT_SECONDS)
        answer = await alone
        if succeeded(answer.exchange):
            working.append(request)
        else:
            world.unprepared.append(world.blocked_by(setup_finding(answer.exchange), otherwise=""))
    if not working:
        raise world.unprepared[0]
    return working


async def _send_until_failure(world: World, requests: Sequence[Request]) -> None:
    """Send all, six at a time; stop sending when the server answers 5xx or not at all."""
    failed = False

    async def send_one(request: Request) -> None:
        nonlocal failed
        if not failed:
            answer = await world.send_raw(request, label="must be rejected")
            failed = not 0 < answer.status < 500

    await gather_limited(send_one, requests)


def _sending(world: World, request: Request) -> SendRead:
    async def send() -> Exchange:
        answer = await world.send_raw(request, timeout=_TIMEOUT_SECONDS)
        return answer.exchange

    return send


async def _batch_interval(look: SendRead) -> float:
    """Return the seconds between two batches: twice the time that the server needs for one.

    The load thus depends on the server and the machine: the check asks whether all requests are
    served, not how fast.
    """
    began = time.monotonic()
    for _ in range(2):
        await asyncio.gather(*(look() for _ in range(_BATCH)))
    return max((time.monotonic() - began) / 2 / _UTILISATION, _MIN_INTERVAL)


def _expect_all_served(told: StreamSummary, expected: str, hint: str) -> None:
    """Expect that no request failed or timed out.

    The engine repeats, alone, a check that failed only because of timeouts.
    """
    bad = (*told.failed, *told.timed_out)
    if not bad:
        return
    raise CheckFailed(
        Finding(
            expected=expected,
            actual=message(
                "{wrong} of {all} requests failed, the first: {first}",
                wrong=len(bad),
                all=told.count,
                first=describe_exchange(bad[0]),
            ),
            exchanges=bad[:3],
            culprit=0,
            hint=hint,
        )
    )
