"""Assertions about lists of articles."""

from __future__ import annotations

from typing import Any

from worksample.checks import Answer, expect, in_any_order, shorten
from worksample.messages import message

from .world import Article

#: The fields of an article that a list must hold; `body` is optional there.
LIST_FIELDS = (
    "slug",
    "title",
    "description",
    "tagList",
    "createdAt",
    "updatedAt",
    "favorited",
    "favoritesCount",
    "author",
)


def slugs_in(answer: Answer) -> list[Any]:
    """Return the slugs of the articles on this page, in order; raises `CheckFailed` if absent."""
    return answer.each("articles", "slug")


def expect_articles(answer: Answer, *articles: Article, because: str = "") -> None:
    """Expect exactly `articles`, once each in any order, and their number as `articlesCount`."""
    page = expect(answer).ok(because=because)
    wanted = [article.slug for article in articles]
    expect(slugs_in(page), "the slugs of the articles").satisfies(
        in_any_order(wanted),
        message("{wanted}, each once", wanted=shorten(wanted)),
        because=because,
    )
    expect(page.at("articlesCount"), "articlesCount").equals(len(articles), because=because)


def expect_articles_in_order(
    answer: Answer, *articles: Article, count: int, because: str = ""
) -> None:
    """Expect a page of exactly `articles`, in this order, and `articlesCount` to be `count`."""
    page = expect(answer).ok(because=because)
    expect(slugs_in(page), "the slugs of the articles, in order").equals(
        [article.slug for article in articles], because=because
    )
    expect(page.at("articlesCount"), "articlesCount").equals(count, because=because)
