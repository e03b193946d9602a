"""Bursts of marks (see `marks`) that a crowd sets and removes; adapters of the suite of bursts."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, Protocol

from worksample.checks import Answer, CheckFailed, Finding, expect
from worksample.messages import message
from worksample.probes.exchange import Request
from worksample.suites.account_world import AccountWorld
from worksample.suites.bursts import BURST_SIZE
from worksample.suites.crowds import Crowd

World = AccountWorld[Any]


@contextmanager
def collecting(found: list[Finding]) -> Iterator[None]:
    """Add the findings of a failure in the block to `found`, and go on after it."""
    try:
        yield
    except CheckFailed as failure:
        found += failure.findings


class CountedMarks(Protocol):
    """Marks whose number is shown with the thing.

    count, mark: the members of the thing that hold the number, and whether one has set the mark.
    """

    @property
    def count(self) -> str: ...

    @property
    def mark(self) -> str: ...

    async def new_thing(self, owner: Any) -> Any:
        """Create a thing without marks, as a precondition."""

    async def has_set(self, person: Any, thing: Any) -> None:
        """Set the mark, as a precondition."""

    def request(self, method: str, person: Any, thing: Any) -> Request:
        """Return the request with which `person` sets (POST) or removes (DELETE) the mark."""

    async def seen(self, person: Any, thing: Any) -> dict[str, Any]:
        """Return the thing as `person` sees it, as a precondition."""


class MarkingCrowd(Crowd[World]):
    """A burst in which everyone sets the mark on one thing several times.

    label: what one of the requests does, for findings.
    """

    label: str
    thing: Any

    def __init__(self, world: World, marks: Callable[[Any], CountedMarks], label: str) -> None:
        super().__init__(world)
        self.marks, self.label = marks(world), label

    async def prepare(self) -> None:
        """Sign up, and set a mark alone: a burst cannot tell that there are no marks."""
        await super().prepare()
        await self.marks.has_set(self.people[0], await self.marks.new_thing(self.owner))

    async def requests(self) -> list[Request]:
        """Mark a new thing."""
        self.thing = await self.marks.new_thing(self.owner)
        return [
            self.marks.request("POST", person, self.thing)
            for person in self.people * (BURST_SIZE // len(self.people))
        ]

    async def judge(self, answers: Sequence[Answer]) -> None:
        """Expect that every person counts once; where requests fail, those who set the mark."""
        marked = await self.judge_count(answers)
        expect(marked, message("accounts that get `{mark}: true`", mark=self.marks.mark)).equals(
            len(self.people)
        )

    async def judge_count(self, answers: Sequence[Answer]) -> int:
        """Return how many people are told that they set the mark; expect that count everywhere.

        The count is judged also where requests failed: a failure must not hide that it is wrong.
        """
        count, mark = self.marks.count, self.marks.mark
        seen = [await self.marks.seen(person, self.thing) for person in self.people]
        marked = sum(each.get(mark) is True for each in seen)
        because = message("that many accounts get `{mark}: true`", mark=mark)
        found: list[Finding] = []
        with collecting(found):
            for each in seen:
                expect(each.get(count), count).equals(marked, because)
        with collecting(found):
            for answer in answers:
                expect(answer).not_server_error()
        if found:
            raise CheckFailed(*found)
        return marked


class ChangingCrowd(MarkingCrowd):
    """A burst in which everyone sets and removes the mark on one thing, the same in all bursts."""

    async def prepare(self) -> None:
        """Create the thing."""
        await super().prepare()
        self.thing = await self.marks.new_thing(self.owner)

    async def requests(self) -> list[Request]:
        """Set, remove and set again."""
        return [
            self.marks.request(method, person, self.thing)
            for person in self.people
            for method in ("POST", "DELETE", "POST")
        ]

    async def judge(self, answers: Sequence[Answer]) -> None:
        """Expect a count that equals the number of people who are told that they set it."""
        await self.judge_count(answers)
