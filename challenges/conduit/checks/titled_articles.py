"""Adapter of the suites about names in URLs: articles, whose names are their slugs."""

from __future__ import annotations

from functools import partial
from typing import Any

from worksample.checks import Answer, Meaning, PreconditionFailed, first_of, precondition
from worksample.probes.exchange import Request
from worksample.suites.url_names import Named

from .operations import FEED
from .world import LISTING, NARROWING, PUBLISHING, Article, Conduit, Json, Person

_COLUMNS = ("slug",), ("title",), ("author", "username")


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

    @property
    def reserved(self) -> tuple[str, ...]:
        """The feed is read at /articles/feed, like an article."""
        return ("feed",) if self.world.asks(FEED) else ()

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

    async def retitle_in_working_form(self, author: Person, name: str, title: str) -> Answer:
        """Edit the title; with description and body where each edit without them fails."""
        answer = await self.retitle(author, name, title)
        if answer.status < 400 or not await self._edits_need_all_texts():
            return answer
        shown = await author.sees(name)
        return await author.edit(
            name, title=title, description=shown.get("description"), body=shown.get("body")
        )

    async def _edits_need_all_texts(self) -> bool:
        """Return whether an edit of the title alone fails, and one of all texts does not."""
        author, known = await self.world.own_member(), len(self.world.detours)
        try:
            await author.edits(await author.publish(), title=self.world.sentence())
        except PreconditionFailed:
            return False
        return len(self.world.detours) > known

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
    """Return (slug, title) of the author's articles.

    Where the list cannot be narrowed by author, they are looked for among the newest ones.
    """

    async def listed(needs: str, **query: str) -> list[tuple[str, Any]]:
        page = precondition(await author.list(limit=100, **query), Meaning.OK, needs=needs)
        columns = [page.each("articles", *path) for path in _COLUMNS]
        rows = zip(*columns, strict=True)
        return [(str(slug), title) for slug, title, by in rows if by == author.username]

    return await first_of(
        author.world,
        partial(listed, NARROWING["author"], author=author.username),
        partial(listed, LISTING),
    )
