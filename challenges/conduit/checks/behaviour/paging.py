"""Paging: `limit`, `offset`, a stable order and `articlesCount` (L1, L3, L5, L6)."""

from __future__ import annotations

from worksample.checks import Aspect, Words, check, expect
from worksample.messages import message
from worksample.suites import paging

from ..operations import FEED, LIST_ARTICLES
from ..paged_articles import PagedArticles
from ..world import Conduit

CHECKS = paging.SUITE.checks(
    PagedArticles,
    clause="L3",
    operations=[LIST_ARTICLES, FEED],
    words={
        "limit-and-offset-choose-a-page": Words(
            why="An offset that counts pages instead of articles, or starts at 1, hides articles, "
            "and nobody notices.",
            operations=[LIST_ARTICLES],
            stage=5,
        ),
        "a-page-holds-twenty-if-nothing-is-said": Words(
            title="A page holds 20 articles if nothing is said"
        ),
        "pages-show-every-entry-once": Words(
            id="pages-show-every-article-once",
            title="Whoever walks through the pages sees every article once, in the same order "
            "each time",
            why="Articles that move between pages are read twice or never, and a test of a single "
            "page does not show it.",
            rules={"ties": "L6"},
            operations=[LIST_ARTICLES],
            stage=5,
        ),
        "a-page-beyond-the-end-is-empty": Words(clause="L1"),
        "a-senseless-page-does-no-harm": Words(clause="L5", operations=[LIST_ARTICLES], stage=5),
    },
)


@check(
    title="A count counts what matches all filters",
    aspect=Aspect.BEHAVIOUR,
    stage=5,
    clause="L1",
    why="The number of pages is computed from the count: a wrong one shows empty pages or hides "
    "full ones.",
    skills=("rest", "sql", "relational-databases"),
)
async def a_count_counts_what_matches(world: Conduit) -> None:
    author, fan = await world.own_member(), await world.own_member()
    tag = world.unique_name("tag")
    articles = [await author.publish(tagList=[tag] if n % 2 else []) for n in range(6)]
    for article in articles[:4]:
        await fan.likes(article)
    await fan.publish(tagList=[tag])
    for query, count in (
        ({"author": author.username}, 6),
        ({"tag": tag}, 4),
        ({"favorited": fan.username}, 4),
        ({"author": author.username, "tag": tag}, 3),
        ({"author": author.username, "tag": tag, "favorited": fan.username}, 2),
    ):
        for offset in (0, 1, 9):
            page = expect(await fan.list(limit=1, offset=offset, **query)).ok()
            expect(
                page.at("articlesCount"), message("articlesCount at offset {offset}", offset=offset)
            ).equals(count, because=message("this many match {query}", query=" and ".join(query)))
