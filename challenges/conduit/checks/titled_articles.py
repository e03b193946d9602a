"""Adapter of the suites about names in URLs: articles, whose names are their slugs."""

from __future__ import annotations

from typing import Any

from worksample.checks import Answer
from worksample.probes.exchange import Request
from worksample.suites.url_names import Named

from .world import PUBLISHING, Article, Conduit, Json, Person


class TitledArticles:
    """Articles, as title and body show them."""

    world: Conduit
    thing, name = "article", "slug"
    texts = ("title", "body")
    longest = 255
    creating_check = PUBLISHING
    same_title_check = "a-title-of-another-author-gets-its-own-slug"

    def __init__(self, world: Conduit) -> None:
        self.world = world

    def fields(self, title: str) -> Json:
        """Return the fields of an article."""
        return self.world.article(title=title)

    async def create(self, author: Person, fields: Json) -> Answer:
        """Publish."""
        return await author.post(fields)

    def request(self, author: Person, fields: Json) -> Request:
        """POST /articles."""
        return self.world.request("POST", "/articles", {"article": fields}, token=author.token)

    async def retitle(self, author: Person, name: str, title: str) -> Answer:
        """Edit the title."""
        return await author.edit(name, title=title)

    async def read(self, reader: Person, name: str) -> Answer:
        """Read the article."""
        return await reader.read(name)

    async def exists(self, author: Person, title: str = "") -> Named:
        """Publish."""
        article = await author.publish(**({"title": title} if title else {}))
        return Named(article.slug, article.sent)

    async def is_retitled(self, author: Person, thing: Named, title: str) -> Named:
        """Edit the title."""
        article = await author.edits(Article(thing.name, thing.sent, {}), title=title)
        return Named(article.slug, article.sent)

    async def titles_of(self, author: Person) -> list[tuple[str, Any]]:
        """Return (slug, title) of the author's articles."""
        return await articles_by(author)

    async def is_gone(self, author: Person, thing: Named) -> None:
        """Delete the article."""
        await author.deletes(Article(thing.name, thing.sent, {}))


async def articles_by(author: Person) -> list[tuple[str, Any]]:
    """Return (slug, title) of the author's articles."""
    listed = await author.list(author=author.username, limit=100)
    slugs, titles = listed.each("articles", "slug"), listed.each("articles", "title")
    return [(str(slug), title) for slug, title in zip(slugs, titles, strict=True)]
