"""Races: two concurrent requests whose combined result must be serializable.

    async def new_race() -> Race:
        article = await author.publish()
        return Race(
            first=lambda: ann.favorite(article),
            second=lambda: bob.favorite(article),
            read_state=lambda: marks_of(article),
        )

    await serializable(world, new_race, needs=LIKING)

The factory makes new data for each race, because several races may run at the same time.

The check does not state the expected results. Worksample sends the two requests one after the
other, in both orders, to the server under test; an overlapping run must equal one of the two.
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
    """Return "done" (2xx), "missing", "refused" (another 4xx) or "failed" (anything else).

    "missing" is what the server's dialect answers for a missing resource, except 400 and 422.
    """
    if 200 <= answer.status < 300:
        return "done"
    if answer.status in answer.dialect.accepts(Meaning.MISSING) - {422, 400}:
        return "missing"
    return "refused" if 400 <= answer.status < 500 else "failed"


def deletion_response_class(answer: Answer) -> str:
    """Like `response_class`, but a missing resource counts as "done": it has been deleted.

    Any status of the server's dialect for a missing resource counts, 400 and 422 included.
    """
    missing = answer.status in answer.dialect.accepts(Meaning.MISSING)
    return "done" if missing else response_class(answer)


@dataclass(frozen=True, slots=True)
class Race:
    """Two requests on fresh data, and how to compare what they did.

    `first` and `second` send the requests. `read_state` returns the state afterwards as plain
    data that is equal for two correct runs: counts, which of two texts is stored; no ids, times
    or generated names. `classify` reduces an answer to its response class. `view` optionally
    returns the part of a successful answer that must occur in one of the serial runs.
    """

    first: SendRequest
    second: SendRequest
    read_state: ReadState
    classify: Callable[[Answer], str] = response_class
    view: Callable[[Answer], Any] | None = None


@dataclass(frozen=True, slots=True)
class Outcome:
    """The result of one race: response classes and views of both answers, and the state after."""

    classes: tuple[str, str]
    views: tuple[Any, Any]
    state: Any

    @property
    def mirrored(self) -> Outcome:
        """The outcome if the two requests had changed places, and the state does not name them."""
        (first, second), (one, other) = self.classes, self.views
        return Outcome((second, first), (other, one), self.state)

    @property
    def failed(self) -> bool:
        """Whether the server failed on a request (5xx, or no response)."""
        return "failed" in self.classes
