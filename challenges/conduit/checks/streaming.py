"""A steady stream of readers is served whole, whoever signs in or is refused meanwhile."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Coroutine
from typing import Any

from worksample.checks import Answer, Aspect, Finding, Unmet, check, say_exchange
from worksample.probes.exchange import Exchange
from worksample.probes.stream import Told, clumps, judge, stream

from .town import together
from .world import Conduit, Person

SKILLS = ("performance-scalability", "relational-databases")
_NUMBER, _CLUMP, _EVERY_LEAST = 240, 24, 0.1
_SIGNING_IN_EVERY = 40
_BUSY = 0.5
_PATIENCE = 60.0
_REFUSED, _HEAVY = 20, 12
Sending = Callable[[], Coroutine[Any, Any, Exchange]]
Asking = Callable[[], Coroutine[Any, Any, Answer]]


def _expect_whole(told: Told, expected: str, hint: str) -> None:
    """Expect that all were served; that some came too late is for a calmer moment to judge."""
    bad = (*told.failed, *told.late)
    if not bad:
        return
    raise Unmet(
        Finding(
            expected=expected,
            actual=f"{len(bad)} of {told.number} requests failed, such as: {say_exchange(bad[0])}",
            exchanges=bad[:3],
            culprit=0,
            hint=hint,
        )
    )


async def _pace(look: Sending) -> float:
    """Return the seconds between two clumps: twice what this server needs for one, on this machine.

    The stream shall ask whether all are served, not how fast machine and server are.
    """
    began = time.monotonic()
    for _ in range(2):
        await asyncio.gather(*(look() for _ in range(_CLUMP)))
    return max((time.monotonic() - began) / 2 / _BUSY, _EVERY_LEAST)


def _look(world: Conduit, path: str) -> Sending:
    async def look() -> Exchange:
        label = "a visitor reads"
        return (await world.send("GET", path, label=label, timeout=_PATIENCE)).exchange

    return look


def _sign_in(world: Conduit, person: Person) -> Sending:
    async def sign_in() -> Exchange:
        credentials = {"user": {"email": person.email, "password": person.password}}
        return (await world.send("POST", "/users/login", credentials, timeout=_PATIENCE)).exchange

    return sign_in


@check(
    title="Readers who come in clumps are all served, while others sign in",
    aspect=Aspect.PERFORMANCE,
    stage=7,
    clause="W3",
    why="A pool of connections that is too small, or does not wait, shows as an error page to one "
    "visitor in ten as soon as a link is posted somewhere.",
    skills=SKILLS,
    lab=True,
    alone=True,
)
async def readers_are_served_while_others_sign_in(world: Conduit) -> None:
    person = await world.sign_up()
    article = await person.publish(tagList=[world.word("tag")])
    paths = (article.path, "/articles", "/tags", f"{article.path}/comments")
    looks = [_look(world, path) for path in paths]
    pace = await _pace(looks[0])
    due = clumps(_NUMBER, _CLUMP, pace)
    requests = [(when, looks[number % len(looks)]) for number, when in enumerate(due)]
    requests += [(when, _sign_in(world, person)) for when in due[::_SIGNING_IN_EVERY]]
    told = judge(await stream(sorted(requests, key=lambda each: each[0])))
    world.remark(
        f"half of {told.number} requests were answered within {1000 * told.median:.0f} ms, "
        f"the last within {1000 * told.slowest:.0f} ms"
    )
    _expect_whole(
        told,
        f"all {told.number} requests served, {_CLUMP} at a time",
        "Let requests wait for a free connection for some seconds, and give connections back "
        "before slow work such as hashing.",
    )


async def _refuse(asks: list[Asking]) -> None:
    """Be refused so often, a few at a time, or until the server itself fails."""
    failed = False

    async def ask(one: Asking) -> None:
        nonlocal failed
        if not failed:
            failed = not 0 < (await one()).status < 500

    await together(ask, asks)


@check(
    title="A refusal leaves nothing behind: after many of them all readers are served",
    aspect=Aspect.PERFORMANCE,
    stage=7,
    clause="W3",
    why="A connection that is not given back when a request is refused is lost until the next "
    "restart. A robot with old addresses empties the pool in a minute.",
    hint="Give connections back in a finally (or a context manager), whatever happens between.",
    skills=SKILLS,
    lab=True,
)
async def a_refusal_leaves_nothing_behind(world: Conduit) -> None:
    writer, other = await world.sign_up(), await world.sign_up()
    article = await writer.publish()
    gone = f"/articles/{world.word('gone')}"
    refusals: list[Asking] = [
        lambda: other.read(world.word("gone")),
        lambda: other.look_at(world.word("nobody")),
        lambda: other.delete(article),
        lambda: other.edit(article, title=world.word("mine")),
        lambda: other.favorite(world.word("gone")),
        lambda: other.comment(world.word("gone"), world.sentence()),
        lambda: other.uncomment(article, 2**31 - 1),
        lambda: other.follow(world.word("nobody")),
        lambda: world.person("nobody", "not-a-token").me(),
        lambda: world.visitor().ask("GET", gone, "reads what is not there"),
    ]

    async def register() -> Answer:
        return await world.register(world.new_account(username=writer.username))

    await _refuse([*(refusals * _REFUSED), *([register] * _HEAVY)])
    looks = [_look(world, path) for path in (article.path, "/articles", "/tags")]
    history = await stream([(0.0, look) for look in looks * 4])
    _expect_whole(judge(history), "every reader served after some hundred refusals", "")
