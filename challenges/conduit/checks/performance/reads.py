"""How the growing data set of Conduit is read, and what hangs on its articles and accounts."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from functools import partial
from typing import ClassVar

from worksample.checks import Answer
from worksample.suites.dataset_reads import DatasetReads
from worksample.suites.read_costs import PAGE, SIZES, Comparison, View

from ..operations import FEED, LIST_ARTICLES, PROFILE
from ..world import COMMENTING, READING, Conduit
from .dataset import COMMENTS, FAVOURITES, FOLLOWING, Dataset, create_dataset

LISTS = ("articles", "articles, signed in", "by tag", "by author", "favourites", "the feed")
_LIST_CHECK = LIST_ARTICLES.proven_by
_TAGS_CHECK = "the-tags-in-use-are-listed-once"


class ConduitReads(DatasetReads[Conduit, Dataset]):
    """The views of a growing number of articles."""

    noun = "articles"
    busiest = ("articles", "the feed")
    pages_check = "limit-and-offset-choose-a-page"
    shown_by: ClassVar = {
        "favourites": FAVOURITES,
        "a popular article": FAVOURITES,
        "one comment": COMMENTS,
        "many comments": COMMENTS,
        "the feed": FOLLOWING,
        "a profile": FOLLOWING,
    }

    async def create(self, size: int) -> Dataset:
        """Create the data set."""
        return await create_dataset(self.world, size)

    async def far_page(self, limit: int, offset: int) -> Answer:
        """Read a page of the list of all articles."""
        return await self.data.visitor.list(limit=limit, offset=offset)

    @property
    def lists(self) -> Mapping[str, View]:
        """All pages of articles."""
        data = self.data
        own, fan = data.main_author.username, data.fan.username
        return {
            "articles": _page(data.visitor.list, _LIST_CHECK),
            "articles, signed in": _page(data.reader.list, _LIST_CHECK),
            "by tag": _page(partial(data.visitor.list, tag=data.tag), "a-list-is-narrowed-by-tag"),
            "by author": _page(
                partial(data.visitor.list, author=own), "a-list-is-narrowed-by-author"
            ),
            "favourites": _page(
                partial(data.visitor.list, favorited=fan), "a-list-is-narrowed-to-favourites"
            ),
            "the feed": _page(data.reader.feed, FEED.proven_by),
        }

    @property
    def singles(self) -> Mapping[str, View]:
        """All other reads."""
        data, reader = self.data, self.data.reader
        plain, popular = data.plain_article, data.popular_article
        return {
            "a plain article": View(lambda _: reader.read(plain), READING),
            "a popular article": View(lambda _: reader.read(popular), READING),
            "one comment": View(lambda _: reader.comments(plain), COMMENTING),
            "many comments": View(lambda _: reader.comments(popular), COMMENTING),
            "a profile": View(
                lambda _: reader.view_profile(data.main_author.username), PROFILE.proven_by
            ),
            "the tags": View(lambda _: data.visitor.tags(), _TAGS_CHECK),
        }


def _page(send: Callable[..., Awaitable[Answer]], needs: str) -> View:
    return View(lambda limit: send(limit=limit), needs, "articles")


def article_by_fans(slack: int) -> Comparison:
    """Compare an article that nobody likes with one that twenty people like."""
    few, many = ("a plain article", SIZES[-1]), ("a popular article", SIZES[-1])
    return Comparison("an article", "people who like it", few, many, slack)


def profile_by_followers(slack: int) -> Comparison:
    """Compare a profile before and after twenty people follow its owner."""
    few, many = ("a profile", SIZES[1]), ("a profile", SIZES[2])
    return Comparison("a profile", "people who follow it", few, many, slack)


def comments_by_number(slack: int) -> Comparison:
    """Compare the comments of an article that has one with those of an article with twenty."""
    few, many = ("one comment", SIZES[-1]), ("many comments", SIZES[-1])
    return Comparison("the comments of an article", "comments", few, many, slack, least=1)


def answers_by_reactions() -> tuple[Comparison, Comparison]:
    """Compare the answers about an article and a profile before and after the reactions."""
    slack = 5 * PAGE
    return (
        Comparison(
            "a popular article",
            "people who like it",
            ("a popular article", SIZES[1]),
            ("a popular article", SIZES[2]),
            slack,
        ),
        Comparison(
            "a profile", "followers", ("a profile", SIZES[1]), ("a profile", SIZES[2]), slack
        ),
    )
