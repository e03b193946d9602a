"""A burst of things with one title (see `url_names`); adapter of the suite of bursts."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Protocol

from worksample.checks import Answer, expect, rule
from worksample.messages import message
from worksample.probes.exchange import Request
from worksample.suites.account_member import Json
from worksample.suites.bursts import BURST_SIZE, expect_distinct
from worksample.suites.crowds import Crowd
from worksample.suites.url_names import TitledThings, World


class CrowdedTitles(TitledThings, Protocol):
    """Titled things that a crowd creates."""

    def request(self, author: Any, fields: Json) -> Request:
        """Return the request that creates a thing of exactly these fields."""


class TitledCrowd(Crowd[World]):
    """Everyone creates things of one title.

    label: what one of the requests does, for findings.
    """

    label: str
    sent: list[Json]

    def __init__(self, world: World, things: Callable[[Any], CrowdedTitles], label: str) -> None:
        super().__init__(world)
        self.things, self.label = things(world), label

    async def requests(self) -> list[Request]:
        """Create things with a new title."""
        title = f"The morning after {self.world.unique_name('t')}"
        self.sent = [self.things.fields(title) for _ in range(BURST_SIZE // 2)]
        authors = [self.owner, *self.people]
        return [
            self.things.request(authors[number % len(authors)], fields)
            for number, fields in enumerate(self.sent)
        ]

    async def judge(self, answers: Sequence[Answer]) -> None:
        """Expect that each thing has a name of its own, at which its last text is found."""
        thing, name, text = self.things.thing, self.things.name, self.things.texts[-1]
        because, made = message("a taken title must get a {name} of its own", name=name), []
        for answer, fields in zip(answers, self.sent, strict=True):
            with rule("reuse") as reuse:
                expect(answer).created(because=because)
            if not reuse.broken:
                made.append((answer, fields))
        what = message("{thing}s created", thing=thing)
        expect(len(made), what).satisfies(bool, "at least one")
        what = message("{thing}s per `{name}`", thing=thing, name=name)
        expect_distinct([answer for answer, _ in made], thing, name, what=what)
        for answer, fields in made:
            found = await self.things.read(self.owner, str(answer.at(thing, name)))
            shown = expect(found).ok().at(thing, text)
            what = message("the {text} at this {name}", text=text, name=name)
            expect(shown, what).equals(fields[text])
