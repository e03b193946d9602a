"""Does one who computes hold up the others? Told by the order of events, not by the clock.

One sends a request that is known to need much CPU. When the server has used a part of it, somebody
else sends a cheap one. The server has to begin with that, as its questions to the database show,
before the first has been computed. How soon it is done depends on the machine, and is not asked.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Coroutine, Sequence
from dataclasses import dataclass
from typing import Any

Sending = Callable[[], Coroutine[Any, Any, Any]]
BEGUN, LATEST, ENDED = 0.35, 0.65, 0.8
LOOK_SECONDS = 0.0005
TURNS = 5
#: A server that computes undisturbed uses a second of CPU in a second, and we look each half
#: millisecond. Two runs side by side on two cores stretch 1.2 to 2 times and blind for 4 to 7 ms;
#: beside three programs that burn CPU it was 2 to 4 times, or 9 to 12 ms.
STRETCHED, JITTER, BLIND = 1.5, 0.004, 0.008
#: One that got through may be luck: a server that computes something else besides, just then. So
#: three have to, and for each that does the others are asked as often again. Seven that waited are
#: enough where nothing else disturbed them, three times as many where something did.
FREE, CALM, ENOUGH, MOST = 3, 3, 21, 60


@dataclass(frozen=True, slots=True)
class Trial:
    """One attempt, in CPU seconds of the server since the slow request was sent.

    `sent` when the cheap one was sent, `moved` when the server was first seen to do something
    after that, or one of the two was answered; `total` is what the slow one took. `first` says
    whether the slow one was not answered by then. Not `calm`, others took the machine meanwhile,
    from the server or from us who look: who waited then may have waited for them.
    """

    sent: float
    moved: float
    total: float
    first: bool
    calm: bool = True

    @property
    def counts(self) -> bool:
        """Whether the cheap one was sent while the slow one was still being computed."""
        return 0 < self.sent <= self.total * LATEST

    @property
    def held_up(self) -> bool:
        """Whether nothing was done for the cheap one until the slow one was computed."""
        return not self.first or self.moved >= self.total * ENDED


@dataclass(frozen=True, slots=True)
class Scene:
    """A server with two requests, and how it is watched.

    `cpu_seconds` is what it has used; `moves` changes whenever it asks its database something.
    `usual` are the CPU seconds of each request alone: the slow one's, the cheap one's.
    """

    cpu_seconds: Callable[[], float]
    moves: Callable[[], object]
    slow: Sending
    cheap: Sending
    usual: tuple[float, float]


async def attempt(scene: Scene) -> Trial:
    """Send the slow request, and the cheap one in the midst of it."""
    cpu_seconds, (usual, little) = scene.cpu_seconds, scene.usual
    began = cpu_seconds()
    slowly = asyncio.ensure_future(scene.slow())
    while cpu_seconds() - began < usual * BEGUN and not slowly.done():  # noqa: ASYNC110
        await asyncio.sleep(LOOK_SECONDS)
    before = scene.moves()
    quickly = asyncio.ensure_future(scene.cheap())
    await _turns()
    sent, since, blind = cpu_seconds() - began, time.monotonic(), 0.0
    while not (slowly.done() or quickly.done() or scene.moves() != before):
        looked = time.monotonic()
        await asyncio.sleep(LOOK_SECONDS)
        blind = max(blind, time.monotonic() - looked)
    moved, waited = cpu_seconds() - began, time.monotonic() - since
    first = not slowly.done() or scene.moves() != before or quickly.done()
    await asyncio.gather(slowly, quickly)
    calm = waited <= STRETCHED * (moved - sent) + JITTER and blind <= BLIND
    return Trial(sent, moved, max(cpu_seconds() - began - little, 0.0), first, calm)


async def _turns() -> None:
    """Let what is ready go first."""
    for _ in range(TURNS):
        await asyncio.sleep(0)


async def attempts(trial: Callable[[], Awaitable[Trial]]) -> list[Trial]:
    """Try until it can be said whether others are held up; a bounded number of times."""
    found: list[Trial] = []
    for _ in range(MOST):
        found.append(await trial())
        if verdict(found) is not None:
            break
    return found


def verdict(trials: Sequence[Trial]) -> bool | None:
    """Return whether others are held up; None if too few attempts count to say so."""
    counted = [each for each in trials if each.counts]
    free = sum(not each.held_up for each in counted)
    if free >= FREE:
        return False
    told = sum(CALM if each.calm else 1 for each in counted if each.held_up)
    return True if told >= ENOUGH * (free + 1) else None
