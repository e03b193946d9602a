"""Injection: input never becomes part of an SQL statement or of a page (S5)."""

from __future__ import annotations

from typing import Any

from worksample.checks import Answer, Words, expect, segment
from worksample.messages import message
from worksample.suites import injection
from worksample.suites.injection import Stored

from ..conduit_accounts import ConduitAccounts
from ..operations import COMMENT, LIST_ARTICLES, LOGIN, PUBLISH
from ..paged_articles import PagedArticles
from ..world import Article, Conduit, Person, profile_path

TEXTS = ("title", "description", "body")


class ConduitQueries:
    """The places where input reaches a statement: filters, paths and texts."""

    accounts: ConduitAccounts
    entries: PagedArticles
    filters = ("tag", "author", "favorited")
    list_name = "articles"
    author: Person
    article: Article

    def __init__(self, world: Conduit) -> None:
        self.world = world
        self.accounts = ConduitAccounts(world)
        self.entries = PagedArticles(world)

    async def prepare(self) -> None:
        """Publish an article with a tag."""
        self.author = await self.world.own_member()
        self.article = await self.author.publish(tagList=[self.world.unique_name("tag")])

    async def filter(self, name: str, text: str) -> Answer:
        """GET /articles with one filter."""
        return await self.author.list(**{name: text})

    def listed(self, answer: Answer) -> Any:
        """Return the articles."""
        return answer.at("articles")

    async def name_in_paths(self, text: str) -> list[Answer]:
        """Read a profile, an article and its comments, and delete an article."""
        paths = (
            profile_path(f"nobody{text}"),
            f"/articles/{segment(f'nothing{text}')}",
            f"/articles/{segment(f'nothing{text}')}/comments",
        )
        answers = [await self.author.ask("GET", p, "sends SQL in the path") for p in paths]
        return [*answers, await self.author.delete(f"{self.article.slug}{text}")]

    async def read_prepared(self) -> Answer:
        """Read the article."""
        return await self.author.read(self.article)

    async def store(self, text: str) -> Stored:
        """Store the text in an article, a comment and a bio."""
        author, tags = await self.world.own_member(), ["o'brien", '"q"']
        article = await author.publish(**dict.fromkeys(TEXTS, text), tagList=tags)
        expect(await author.change(bio=text)).ok()
        seen = await author.sees(article)
        stored: list[tuple[str, object, object]] = [
            *((field, text, seen.get(field)) for field in TEXTS),
            ("tagList", tags, seen.get("tagList")),
            *(
                (message("the bio in {where}", where=where), text, each.get("bio"))
                for where, each in await self.world.appearances(author)
            ),
        ]
        if self.world.asks(COMMENT):
            await author.add_comment(article, text)
            comments = expect(await author.comments(article)).ok()
            stored.append(("the comment", [text], comments.each("comments", "body")))
        return Stored(stored)

    async def store_markup(self, text: str) -> Stored:
        """Store the text in an article and a comment; no markup may be in the slug."""
        author = await self.world.own_member()
        article = await author.publish(**dict.fromkeys(TEXTS, text))
        comment = await author.add_comment(article, text)
        read = expect(await self.world.visitor().read(article)).ok()
        return Stored(
            [
                *((field, text, read.at("article", field)) for field in TEXTS),
                ("the comment", text, comment.shown.get("body")),
                ("the markup in the slug", [], [c for c in "<>\"'& " if c in article.slug]),
            ],
            [read, await self.world.visitor().comments(article)],
        )


CHECKS = injection.SUITE.checks(
    ConduitQueries,
    clause="S5",
    stage=9,
    words={
        "filters-are-no-sql": Words(operations=[LIST_ARTICLES], stage=9),
        "a-login-is-no-sql": Words(operations=[LOGIN], stage=9),
        "paths-are-no-sql": Words(title="Names and slugs in paths are data, not SQL"),
        "paging-is-no-sql": Words(operations=[LIST_ARTICLES], stage=9),
        "quotes-are-stored-as-they-are": Words(operations=[PUBLISH], stage=3),
    },
)
