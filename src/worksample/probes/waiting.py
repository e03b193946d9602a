"""Does one who computes hold up the others? Told by the order of events, not by the clock.

One sends a request that is known to need much CPU. When the server has used a part of it, somebody
else sends a cheap one. It has to be answered before the first has been computed.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Coroutine, Sequence
from dataclasses import dataclass
from typing import Any

Sending = Callable[[], Coroutine[Any, Any, Any]]
BEGUN, LATEST, ENDED = 0.2, 0.6, 0.85
LOOK_SECONDS = 0.0005
TURNS = 5


@dataclass(frozen=True, slots=True)
class Trial:
    """One attempt, in CPU seconds of the server since the slow request was sent.

    `sent` when the cheap one was sent, `answered` when it was answered, `total` when both were.
    `first` says whether the cheap one was answered before the slow one.
    """

    sent: float
    answered: float
    total: float
    first: bool

    @property
    def counts(self) -> bool:
        """Whether the cheap one was sent while the slow one was still being computed."""
        return 0 < self.sent <= self.total * LATEST

    @property
    def held_up(self) -> bool:
        """Whether the cheap one had to wait until the slow one was computed."""
        return not self.first or self.answered >= self.total * ENDED


async def attempt(
    cpu_seconds: Callable[[], float], slow: Sending, cheap: Sending, usual: float
) -> Trial:
    """Send `slow`, which usually takes `usual` CPU seconds, and `cheap` in the midst of it."""
    began = cpu_seconds()
    slowly = asyncio.ensure_future(slow())
    while cpu_seconds() - began < usual * BEGUN and not slowly.done():  # noqa: ASYNC110
        await asyncio.sleep(LOOK_SECONDS)
    quickly = asyncio.ensure_future(cheap())
    for _ in range(TURNS):
        await asyncio.sleep(0)
    sent = cpu_seconds() - began
    await asyncio.wait((slowly, quickly), return_when=asyncio.FIRST_COMPLETED)
    for _ in range(TURNS):
        await asyncio.sleep(0)
    first = quickly.done()
    await quickly
    answered = cpu_seconds() - began
    await slowly
    return Trial(sent, answered, cpu_seconds() - began, first)


async def attempts(
    trial: Callable[[], Awaitable[Trial]], enough: int = 5, most: int = 12
) -> list[Trial]:
    """Try until one was not held up, or `enough` that count were; at most `most` times."""
    found: list[Trial] = []
    for _ in range(most):
        found.append(await trial())
        counted = [each for each in found if each.counts]
        if len(counted) >= enough or any(not each.held_up for each in counted):
            break
    return found


def verdict(trials: Sequence[Trial], enough: int = 5) -> bool | None:
    """Return whether others are held up; None if too few attempts count to say so."""
    counted = [each for each in trials if each.counts]
    if any(not each.held_up for each in counted):
        return False
    return True if len(counted) >= enough else None
