"""Open-loop load: every reader is served while others sign in or are rejected (W3)."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Coroutine
from typing import Any

from worksample.checks import Answer, Aspect, CheckFailed, Finding, check, describe_exchange
from worksample.probes.exchange import Exchange
from worksample.probes.open_loop import StreamSummary, batch_arrival_times, run_open_loop, summarize

from .dataset import gather_limited
from .world import Conduit, Person

SKILLS = ("performance-scalability", "relational-databases")
_REQUESTS, _BATCH, _MIN_INTERVAL = 240, 24, 0.1
_SIGN_IN_EVERY = 40
_UTILISATION = 0.5
_TIMEOUT_SECONDS = 60.0
_REFUSALS_EACH, _REGISTRATIONS = 20, 12
SendRead = Callable[[], Coroutine[Any, Any, Exchange]]
Send = Callable[[], Coroutine[Any, Any, Answer]]


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
            actual=f"{len(bad)} of {told.count} requests failed, the first: "
            f"{describe_exchange(bad[0])}",
            exchanges=bad[:3],
            culprit=0,
            hint=hint,
        )
    )


async def _batch_interval(look: SendRead) -> float:
    """Return the seconds between two batches: twice the time that the server needs for one.

    The load thus depends on the server and the machine: the check asks whether all requests are
    served, not how fast.
    """
    began = time.monotonic()
    for _ in range(2):
        await asyncio.gather(*(look() for _ in range(_BATCH)))
    return max((time.monotonic() - began) / 2 / _UTILISATION, _MIN_INTERVAL)


def _reading(world: Conduit, path: str) -> SendRead:
    async def look() -> Exchange:
        label = "a visitor reads"
        return (await world.send("GET", path, label=label, timeout=_TIMEOUT_SECONDS)).exchange

    return look


def _signing_in(world: Conduit, person: Person) -> SendRead:
    async def sign_in() -> Exchange:
        credentials = {"user": {"email": person.email, "password": person.password}}
        return (
            await world.send("POST", "/users/login", credentials, timeout=_TIMEOUT_SECONDS)
        ).exchange

    return sign_in


@check(
    title="Readers who come in clumps are all served, while others sign in",
    aspect=Aspect.PERFORMANCE,
    stage=7,
    clause="W3",
    why="With a connection pool that is too small, or does not queue, one visitor in ten gets an "
    "error page as soon as a link becomes popular.",
    skills=SKILLS,
    lab=True,
    alone=True,
)
async def readers_are_served_while_others_sign_in(world: Conduit) -> None:
    person = await world.sign_up()
    article = await person.publish(tagList=[world.unique_name("tag")])
    paths = (article.path, "/articles", "/tags", f"{article.path}/comments")
    reads = [_reading(world, path) for path in paths]
    pace = await _batch_interval(reads[0])
    due = batch_arrival_times(_REQUESTS, _BATCH, pace)
    requests = [(when, reads[number % len(reads)]) for number, when in enumerate(due)]
    requests += [(when, _signing_in(world, person)) for when in due[::_SIGN_IN_EVERY]]
    told = summarize(await run_open_loop(sorted(requests, key=lambda each: each[0])))
    world.remark(
        f"{told.count} requests: median latency {1000 * told.median:.0f} ms, "
        f"maximum {1000 * told.max_latency:.0f} ms"
    )
    _expect_all_served(
        told,
        f"all {told.count} requests are served, in batches of {_BATCH}",
        "Let requests wait a few seconds for a free connection, and return connections to the pool "
        "before slow work such as hashing.",
    )


async def _send_until_failure(requests: list[Send]) -> None:
    """Send all, six at a time; stop sending when the server answers 5xx or not at all."""
    failed = False

    async def send_one(send: Send) -> None:
        nonlocal failed
        if not failed:
            failed = not 0 < (await send()).status < 500

    await gather_limited(send_one, requests)


@check(
    title="A refusal leaves nothing behind: after many of them all readers are served",
    aspect=Aspect.PERFORMANCE,
    stage=7,
    clause="W3",
    why="A connection that is not returned when a request is rejected is lost until the next "
    "restart. A crawler with outdated links empties the pool in a minute.",
    hint="Return connections in a `finally` or a context manager.",
    skills=SKILLS,
    lab=True,
)
async def a_refusal_leaves_nothing_behind(world: Conduit) -> None:
    writer, other = await world.sign_up(), await world.sign_up()
    article = await writer.publish()
    gone = f"/articles/{world.unique_name('gone')}"
    rejected: list[Send] = [
        lambda: other.read(world.unique_name("gone")),
        lambda: other.view_profile(world.unique_name("nobody")),
        lambda: other.delete(article),
        lambda: other.edit(article, title=world.unique_name("mine")),
        lambda: other.favorite(world.unique_name("gone")),
        lambda: other.comment(world.unique_name("gone"), world.sentence()),
        lambda: other.delete_comment(article, 2**31 - 1),
        lambda: other.follow(world.unique_name("nobody")),
        lambda: world.person("nobody", "not-a-token").me(),
        lambda: world.visitor().ask("GET", gone, "reads a missing article"),
    ]

    async def register() -> Answer:
        return await world.register(world.new_account(username=writer.username))

    await _send_until_failure([*(rejected * _REFUSALS_EACH), *([register] * _REGISTRATIONS)])
    reads = [_reading(world, path) for path in (article.path, "/articles", "/tags")]
    history = await run_open_loop([(0.0, look) for look in reads * 4])
    _expect_all_served(
        summarize(history), "every reader is served after several hundred rejected requests", ""
    )
