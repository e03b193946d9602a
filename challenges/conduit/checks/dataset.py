"""A town that grows: the same people, more and more of what they write and like."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

from .world import Article, Conduit, Person

PAGE = 20
AUTHORS = PAGE + 1
_CONCURRENCY = 6


@dataclass(slots=True)
class Dataset:
    """`people` write, the `reader` (who follows them all) and the `visitor` look.

    The first of the people is `main_author`: most articles are hers. `fan` marks what she reads.
    `tag` is on every article. `plain_article` and `popular_article` are hers too: nothing hangs on the one, everybody
    likes and comments on the other, once they do.
    """

    world: Conduit
    people: list[Person]
    reader: Person
    visitor: Person
    tag: str
    plain_article: Article
    popular_article: Article
    articles: list[Article] = field(default_factory=list)

    @property
    def main_author(self) -> Person:
        """Who writes most."""
        return self.people[0]

    @property
    def fan(self) -> Person:
        """Who likes most."""
        return self.people[1]

    async def grow(self, to: int) -> None:
        """Let there be `to` articles; the newest page is by as many people as it has entries."""
        fill = to - len(self.articles) - PAGE
        await self._publish([self.main_author] * fill)
        newest = await self._publish(self.people[1 : PAGE + 1])
        await gather_limited(lambda article: self.fan.likes(article), newest)

    async def add_reactions(self) -> None:
        """All people like the loved article, comment on it and follow its author."""
        await gather_limited(self._react, self.people[1 : PAGE + 1])

    async def _react(self, person: Person) -> None:
        await person.likes(self.popular_article)
        await person.add_comment(self.popular_article)
        await person.starts_following(self.main_author)

    async def _publish(self, authors: Iterable[Person]) -> list[Article]:
        async def publish(author: Person) -> Article:
            return await author.publish(tagList=[self.tag, self.world.unique_name("own")])

        new = await gather_limited(publish, authors)
        self.articles += new
        return new


async def found(world: Conduit, size: int) -> Dataset:
    """Found a town of `size` articles; all steps are taken for granted."""
    people = await gather_limited(lambda _: world.sign_up(), range(AUTHORS + 1))
    reader, main_author, tag = people.pop(), people[0], world.unique_name("tag")
    plain_article = await main_author.publish(tagList=[world.unique_name("own")])
    popular_article = await main_author.publish(tagList=[world.unique_name("own")])
    await people[1].add_comment(plain_article)
    await gather_limited(lambda person: reader.starts_following(person), people)
    town = Dataset(world, people, reader, world.visitor(), tag, plain_article, popular_article)
    await town.grow(size)
    return town


async def gather_limited(work: Callable[[Any], Awaitable[Any]], what: Iterable[Any]) -> list[Any]:
    """Do `work` for each of `what`, a few at a time; return what they bring, in order."""
    gate = asyncio.Semaphore(_CONCURRENCY)

    async def one(each: Any) -> Any:
        async with gate:
            return await work(each)

    tasks = [asyncio.ensure_future(one(each)) for each in what]
    try:
        return list(await asyncio.gather(*tasks))
    finally:
        for task in tasks:
            task.cancel()
