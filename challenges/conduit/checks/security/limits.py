"""Limits on the size of a request (S8, G9)."""

from __future__ import annotations

from worksample.checks import Aspect, check, expect, rule
from worksample.probes.exchange import Request
from worksample.suites import limits

from ..operations import PUBLISH
from ..world import Conduit

SKILLS = limits.SUITE.skills


class Articles:
    """Adapter of the suite of limits: a person who publishes articles."""

    counted = "articlesCount of the author"

    def __init__(self, world: Conduit) -> None:
        self.world = world
        self.author = world.visitor()

    async def prepare(self) -> None:
        """Take an account that has published nothing."""
        self.author = await self.world.own_member()

    def request(self, text: str) -> Request:
        """Return the request that publishes an article with `text` as its body."""
        article = {"article": self.world.article(body=text)}
        return self.world.request("POST", "/articles", article, token=self.author.token)

    async def count(self) -> object:
        """Return how many articles the list holds of this person."""
        answer = await self.author.list(author=self.author.username)
        return expect(answer).ok().at("articlesCount")


CHECKS = limits.SUITE.checks(Articles, clause="S8", stage=9, operations=[PUBLISH])


@check(
    title="An article of 100,000 characters is no attack",
    aspect=Aspect.SECURITY,
    stage=9,
    clause="A9",
    rules={"limit": "G9"},
    why="A limit that is too low loses the longest articles, which took the most work.",
    skills=SKILLS,
)
async def long_articles_are_welcome(world: Conduit) -> None:
    author = await world.own_member()
    for story in ("A long story. ", "很长的故事。"):
        body = (story * 20_000)[:100_000]
        answer = await author.post(world.article(body=body))
        with rule("limit") as limit:
            expect(answer).created()
        if limit.broken:
            continue
        seen = await world.visitor().sees(str(answer.at("article", "slug")))
        expect(len(str(seen.get("body"))), "the length of the body in characters").equals(100_000)
        expect(seen.get("body") == body, "the body equals the text that was sent").is_true()
