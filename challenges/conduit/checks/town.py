"""A town that grows: the same people, more and more of what they write and like."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

from .world import Article, Conduit, Person

PAGE = 20
PEOPLE = PAGE + 1
_AT_ONCE = 6


@dataclass(slots=True)
class Town:
    """`people` write, the `reader` (who follows them all) and the `visitor` look.

    The first of the people is `busy`: most articles are hers. `fan` marks what she reads.
    `tag` is on every article. `plain` and `loved` are hers too: nothing hangs on the one, everybody
    likes and comments on the other, once they do.
    """

    world: Conduit
    people: list[Person]
    reader: Person
    visitor: Person
    tag: str
    plain: Article
    loved: Article
    articles: list[Article] = field(default_factory=list)

    @property
    def busy(self) -> Person:
        """Who writes most."""
        return self.people[0]

    @property
    def fan(self) -> Person:
        """Who likes most."""
        return self.people[1]

    async def grow(self, to: int) -> None:
        """Let there be `to` articles; the newest page is by as many people as it has entries."""
        fill = to - len(self.articles) - PAGE
        await self._publish([self.busy] * fill)
        newest = await self._publish(self.people[1 : PAGE + 1])
        await together(lambda article: self.fan.likes(article), newest)

    async def everybody_comes(self) -> None:
        """All people like the loved article, comment on it and follow its author."""
        await together(self._loves, self.people[1 : PAGE + 1])

    async def _loves(self, person: Person) -> None:
        await person.likes(self.loved)
        await person.say(self.loved)
        await person.starts_following(self.busy)

    async def _publish(self, authors: Iterable[Person]) -> list[Article]:
        async def publish(author: Person) -> Article:
            return await author.publish(tagList=[self.tag, self.world.word("own")])

        new = await together(publish, authors)
        self.articles += new
        return new


async def found(world: Conduit, size: int) -> Town:
    """Found a town of `size` articles; all steps are taken for granted."""
    people = await together(lambda _: world.sign_up(), range(PEOPLE + 1))
    reader, busy, tag = people.pop(), people[0], world.word("tag")
    plain = await busy.publish(tagList=[world.word("own")])
    loved = await busy.publish(tagList=[world.word("own")])
    await people[1].say(plain)
    await together(lambda person: reader.starts_following(person), people)
    town = Town(world, people, reader, world.visitor(), tag, plain, loved)
    await town.grow(size)
    return town


async def together(work: Callable[[Any], Awaitable[Any]], what: Iterable[Any]) -> list[Any]:
    """Do `work` for each of `what`, a few at a time; return what they bring, in order."""
    gate = asyncio.Semaphore(_AT_ONCE)

    async def one(each: Any) -> Any:
        async with gate:
            return await work(each)

    tasks = [asyncio.ensure_future(one(each)) for each in what]
    try:
        return list(await asyncio.gather(*tasks))
    finally:
        for task in tasks:
            task.cancel()
