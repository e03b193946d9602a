"""Adapter of the suites about paged lists: one author's articles, and who follows the author."""

from __future__ import annotations

import asyncio
from typing import Any

from worksample.checks import Answer

from .list_assertions import slugs_in
from .timestamps import publish_later
from .world import DEFAULT_LIMIT, Conduit, Json, Person


class PagedArticles:
    """The articles of a new author in the list, by author or by tag, and in a reader's feed.

    Where the list cannot be narrowed by author, the tag takes its place.
    """

    things = "articles"
    key = "slug"
    counter = "articlesCount"
    default_limit = DEFAULT_LIMIT
    views = ("the list", "the feed")
    ordered_views = ("the tag",)

    def __init__(self, world: Conduit) -> None:
        self.world = world
        self.tag = world.unique_name("tag")
        self.query: Json = {}
        self.author: Person = world.visitor()
        self.reader: Person = world.visitor()

    async def fill(self, count: int) -> None:
        """Publish articles of an author whom a reader follows."""
        self.author, self.reader = await self.world.own_member(), await self.world.own_member()
        await self.reader.starts_following(self.author)
        for _ in range(count):
            await self.author.publish(tagList=[self.tag])
        await self._choose_query()

    async def fill_in_order(self, count: int) -> list[str]:
        """Publish articles with different times; return their slugs, newest first."""
        self.author = await self.world.own_member()
        articles = [await self.author.publish(tagList=[self.tag])]
        for _ in range(count - 1):
            articles.append(await publish_later(self.author, articles[-1], tagList=[self.tag]))
        await self._choose_query()
        return [article.slug for article in articles[::-1]]

    async def fill_at_once(self, count: int) -> list[str]:
        """Publish articles with one tag at the same time, after a first one; return their slugs.

        The first one stores the tag: whether many can do that at once is asked elsewhere.
        """
        self.author = await self.world.own_member()
        first = await self.author.publish(tagList=[self.tag])
        published = (self.author.publish(tagList=[self.tag]) for _ in range(count - 1))
        articles = (first, *await asyncio.gather(*published))
        await self._choose_query()
        return [article.slug for article in articles]

    async def _choose_query(self) -> None:
        self.query = await self.world.narrowing(author=self.author.username, tag=self.tag)

    async def page(self, view: str, **query: str | int) -> Answer:
        """Request a page of the list by author or tag, or of the reader's feed."""
        if view == "the feed":
            return await self.reader.feed(**query)
        if view == "the tag":
            return await self.author.list(tag=self.tag, **query)
        return await self.world.visitor().list(**self.query, **query)

    def keys(self, answer: Answer) -> list[Any]:
        """Return the slugs."""
        return slugs_in(answer)

    def total(self, answer: Answer) -> Any:
        """Return `articlesCount`."""
        return answer.at("articlesCount")
