"""Races: two requests at once must come out as if one had been asked after the other.

    async def scene() -> Race:
        article = await author.publish()
        return Race(
            first=lambda: ann.favorite(article),
            second=lambda: bob.favorite(article),
            look=lambda: marks_of(article),
        )

    await either_order(world, scene, needs=LIKING)

A scene makes what its requests change, each time anew: where nothing can be held, several races
of one scene run side by side.

What either order brings is not written down anywhere: the server itself is asked, one request
after the other, in both orders. What it does then when they overlap has to equal one of them.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from worksample.checks.answer import Answer
from worksample.checks.dialect import Meaning

ReadState = Callable[[], Awaitable[Any]]
SendRequest = Callable[[], Awaitable[Answer]]
RaceFactory = Callable[[], Awaitable["Race"]]


def response_class(answer: Answer) -> str:
    """Say what an answer comes to, whatever its number: done, missing, refused or failed."""
    if 200 <= answer.status < 300:
        return "done"
    if answer.status in answer.dialect.accepts(Meaning.MISSING) - {422, 400}:
        return "missing"
    return "refused" if 400 <= answer.status < 500 else "failed"


def deletion_response_class(answer: Answer) -> str:
    """The same for a deletion: that it is not there any more is as good as having deleted it.

    However this server says that something is missing: some say 422.
    """
    missing = answer.status in answer.dialect.accepts(Meaning.MISSING)
    return "done" if missing else response_class(answer)


@dataclass(frozen=True, slots=True)
class Race:
    """Two requests on fresh data, and how to look at what came of them.

    `read_state` returns plain data in which nothing differs between two correct runs: counts, which of
    the two texts stands there; no ids, times or made-up names. `classify` says what an answer comes
    to; `view`, where it is given, what of it must be so in one order or the other, each for itself.
    """

    first: SendRequest
    second: SendRequest
    read_state: ReadState
    classify: Callable[[Answer], str] = response_class
    view: Callable[[Answer], Any] | None = None


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of a race: what both answers come to, what they show, and the state afterwards."""

    classes: tuple[str, str]
    views: tuple[Any, Any]
    state: Any

    @property
    def failed(self) -> bool:
        """Whether the server failed with one of the two (a 5xx, or no answer)."""
        return "failed" in self.classes
