"""Slugs: every title gets a unique one that is safe in a URL (R2, R9)."""

from __future__ import annotations

from worksample.checks import Aspect, Words, check, expect, rule
from worksample.suites import url_names
from worksample.suites.url_names import create_and_expect_found, expect_found

from ..operations import FEED
from ..titled_articles import TitledArticles
from ..world import Conduit

EMPTY_HINT = "When the slug would be empty, use a fallback, such as a random word or the id."
TITLES = {"reuse": "R9", "limit": "G9"}
CHECKS = url_names.SUITE.checks(
    TitledArticles,
    clause="R2",
    rules=TITLES,
    stage=3,
    words={
        "a-title-in-any-script-gets-a-name": Words(
            id="a-title-in-any-script-gets-a-slug",
            title="A title in any script gets a slug",
            why="A slug that keeps only a to z is empty for most scripts: the second article "
            "collides with the first, or has no URL at all.",
            hint=EMPTY_HINT,
        ),
        "a-title-without-letters-gets-a-name": Words(
            id="a-title-without-letters-gets-a-slug",
            title="A title without a single letter gets a slug",
            why="An article with an empty slug has the URL of the list: nobody can read, edit or "
            "delete it.",
            hint=EMPTY_HINT,
        ),
        "a-name-is-safe-in-a-url": Words(
            id="a-slug-is-safe-in-a-url",
            title="A title with every sign of a URL in it gets a slug that is safe",
            why="A slash, a question mark or a percent sign in a slug makes the URL mean "
            "something else.",
        ),
        "a-title-used-before-gets-its-own-name": Words(
            id="a-title-used-before-gets-its-own-slug",
            title="A title that the same person used before gets a slug of its own",
            why="“Weekly notes” comes every week. If the second one is refused, or overwrites the "
            "first, people stop writing it.",
        ),
        "a-title-of-another-author-gets-its-own-name": Words(
            id="a-title-of-another-author-gets-its-own-slug",
            title="A title that another person used before gets a slug of its own",
            why="Nobody should lose a URL, or an article, to somebody else who chose the same "
            "title.",
        ),
        "similar-titles-get-different-names": Words(
            id="similar-titles-get-different-slugs",
            title="Titles that differ only in signs and capitals get slugs that differ",
            why="Different titles can yield the same slug. A server that only tests whether the "
            "title is taken gives one URL to two articles.",
        ),
        "a-numbered-name-is-not-taken-twice": Words(
            id="a-numbered-slug-is-not-taken-twice",
            title="A slug with a number at its end is not taken twice either",
            why="A slug with a number appended can equal the slug of a title that ends with that "
            "number.",
            hint="Use a unique index to find out whether a slug is free, and try the next one if "
            "not.",
        ),
        "a-title-can-be-used-again-after-a-deletion": Words(
            title="A title can be used again after one of its articles was deleted",
            why="A server that numbers slugs by counting articles uses a number twice once one is "
            "deleted.",
        ),
        "a-long-title-gets-a-name": Words(
            id="a-long-title-gets-a-slug",
            title="A title as long as it may be gets a slug, also for the second time",
            why="A slug is often longer than its title, as characters are replaced and a number "
            "is added. If its column is no wider than that of the title, the longest titles fail.",
        ),
    },
)


@check(
    title="A title that looks like one of our own addresses gets an address that works",
    aspect=Aspect.BEHAVIOUR,
    stage=3,
    clause="R2",
    rules=TITLES,
    skills=url_names.SUITE.skills,
    why="An article at /articles/feed can never be read: that route is the feed.",
)
async def a_title_named_like_a_route_gets_a_slug(world: Conduit) -> None:
    author, articles = await world.own_member(), TitledArticles(world)
    titles = ("Feed", "Articles", "Comments")
    await create_and_expect_found(articles, author, titles, again=("feed", "Feed!"))
    with rule("reuse") as reuse:
        renamed = await articles.is_retitled(author, await articles.exists(author), "Feed")
    if not reuse.broken:
        await expect_found(articles, author, [renamed])
    if world.asks(FEED):
        feed = await author.opens_feed()
        expect(feed.at("articlesCount"), "articlesCount of the feed").equals(0)
