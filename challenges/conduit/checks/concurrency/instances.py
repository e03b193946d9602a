"""What two instances of Conduit share: sessions, an article, the list of its author, the tags."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping, Sequence
from typing import Any

from worksample.checks import Answer, Meaning, expect, precondition

from ..world import DELETING, Article, Conduit, Json, Person

_FIELDS = ("title", "description", "body", "tagList", "updatedAt", "favoritesCount")


class ConduitShared:
    """An author at the first instance and a reader at the second."""

    author: Person
    reader: Person
    article: Article
    narrowing: Json

    def __init__(self, world: Conduit) -> None:
        self.world = world

    async def sessions(self, other: Conduit) -> Sequence[Answer]:
        """Read an account at the instance that did not issue its token."""
        person = await self.world.own_member()
        there = await other.client_of(person).me()
        returning = await other.sign_in(person.email, person.password)
        return [there, await self.world.client_of(returning).me()]

    async def changes(self, other: Conduit) -> AsyncIterator[None]:
        """Publish, edit, mark (at the second instance) and delete an article."""
        self.author = await self.world.own_member()
        self.reader = other.client_of(await self.world.own_member())
        article = await self.author.publish(tagList=[self.world.unique_name("tag")])
        self.article = article
        tag = str(article.sent["tagList"][0])
        self.narrowing = await self.world.narrowing(author=self.author.username, tag=tag)
        for _ in range(2):
            yield
        texts = {"body": self.world.sentence(), "description": self.world.sentence()}
        self.article = article = await self.author.edits(article, **texts)
        yield
        await self.reader.likes(article)
        yield
        precondition(await self.author.delete(article), Meaning.DELETED, needs=DELETING)
        yield

    async def view(self, world: Conduit) -> Mapping[str, Any]:
        """Return the article, the list of the author and the tags as the instance shows them."""
        client = self.author if world is self.world else self.reader
        answer = await client.read(self.article)
        article = answer.at("article") if answer.status == 200 else {}
        listed = expect(await client.list(**self.narrowing)).ok()
        tags = await client.tags()
        return {
            "the status of the article": answer.status,
            **{name: article.get(name) for name in _FIELDS},
            "articlesCount": listed.at("articlesCount"),
            "the descriptions in the list": listed.each("articles", "description"),
            "whether its tag is listed": tags.status == 200
            and self.article.sent["tagList"][0] in tags.each("tags"),
        }
