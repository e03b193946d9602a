"""What a list of articles shows."""

from __future__ import annotations

from typing import Any

from worksample.checks import Answer, expect, shorten

from .world import Article, in_any_order

#: What a list shows of an article; its body may be left out.
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
    """Return the slugs of the articles on this page, in order; raise `CheckFailed` if it is no page."""
    return answer.each("articles", "slug")


def expect_articles(answer: Answer, *articles: Article, because: str = "") -> None:
    """Expect exactly `articles`, each once and in any order, and their number as the count."""
    page = expect(answer).ok(because=because)
    wanted = [article.slug for article in articles]
    expect(slugs_in(page), "the articles shown").satisfies(
        in_any_order(wanted), f"{shorten(wanted)}, each once", because=because
    )
    expect(page.at("articlesCount"), "articlesCount").equals(len(articles), because=because)


def expect_articles_in_order(
    answer: Answer, *articles: Article, count: int, because: str = ""
) -> None:
    """Expect exactly `articles` in this order on a page of a list of `count` in all."""
    page = expect(answer).ok(because=because)
    expect(slugs_in(page), "the articles shown, in order").equals(
        [article.slug for article in articles], because=because
    )
    expect(page.at("articlesCount"), "articlesCount").equals(count, because=because)
