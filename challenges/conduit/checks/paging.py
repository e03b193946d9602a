"""Paging: `limit`, `offset`, a stable order and `articlesCount` (L1, L3, L5)."""

from __future__ import annotations

import asyncio
from typing import Any

from worksample.checks import Aspect, Meaning, check, expect

from .list_assertions import expect_articles_in_order, slugs_in
from .timestamps import publish_later
from .world import Article, Conduit, Person

SKILLS = ("rest", "api-design", "relational-databases")


async def _collect_pages(reader: Person, limit: int, count: int, **query: Any) -> list[Any]:
    """Return the slugs on all pages of a list of `count` articles, and read one page beyond."""
    seen: list[Any] = []
    for offset in range(0, count + limit, limit):
        page = expect(await reader.list(limit=limit, offset=offset, **query)).ok()
        found = slugs_in(page)
        expect(len(found), f"the number of articles at offset {offset}").equals(
            max(0, min(limit, count - offset))
        )
        expect(page.at("articlesCount"), "articlesCount").equals(
            count, because="it counts all matches, not those on this page"
        )
        seen += found
    return seen


async def _publish_in_order(author: Person, number: int) -> list[Article]:
    """Publish `number` articles with different times; return them newest first."""
    articles = [await author.publish()]
    for _ in range(number - 1):
        articles.append(await publish_later(author, articles[-1]))
    return articles[::-1]


@check(
    title="Limit and offset choose a page",
    aspect=Aspect.BEHAVIOUR,
    stage=5,
    clause="L3",
    why="An offset that counts pages instead of articles, or starts at 1, hides articles, and "
    "nobody notices.",
    skills=SKILLS,
)
async def limit_and_offset_choose_a_page(world: Conduit) -> None:
    author = await world.sign_up()
    newest = await _publish_in_order(author, 4)
    for limit, offset in ((1, 0), (2, 0), (2, 1), (2, 3), (1, 3), (10, 1)):
        page = await world.visitor().list(author=author.username, limit=limit, offset=offset)
        because = f"the list has 4 articles, offset is {offset}, limit is {limit}"
        expect_articles_in_order(page, *newest[offset : offset + limit], count=4, because=because)


@check(
    title="A page holds 20 articles if nothing is said",
    aspect=Aspect.BEHAVIOUR,
    stage=5,
    clause="L3",
    why="Front ends that send no limit divide the count by 20 to get the number of pages.",
    skills=SKILLS,
)
async def a_page_holds_twenty_if_nothing_is_said(world: Conduit) -> None:
    author, reader = await world.sign_up(), await world.sign_up()
    await reader.starts_following(author)
    for _ in range(23):
        await author.publish()
    for answer in (await reader.list(author=author.username), await reader.feed()):
        page = expect(answer).ok()
        expect(len(slugs_in(page)), "the number of articles on the page").equals(20)
        expect(page.at("articlesCount"), "articlesCount").equals(23)
    rest = expect(await reader.list(author=author.username, offset=20)).ok()
    expect(len(slugs_in(rest)), "the number of articles on the second page").equals(3)
    more = expect(await reader.list(author=author.username, limit=22)).ok()
    expect(len(slugs_in(more)), "the number of articles with limit 22").equals(22)


@check(
    title="Whoever walks through the pages sees every article once, in the same order each time",
    aspect=Aspect.BEHAVIOUR,
    stage=5,
    clause="L3",
    why="Articles that move between pages are read twice or never, and a test of a single page "
    "does not show it.",
    hint="Order by the time and then by a unique column, such as the id.",
    skills=SKILLS,
)
async def pages_show_every_article_once(world: Conduit) -> None:
    author, tag, count = await world.sign_up(), world.unique_name("tag"), 16
    articles = await asyncio.gather(*(author.publish(tagList=[tag]) for _ in range(count)))
    whole = expect(await author.list(author=author.username, limit=50)).ok()
    expect(sorted(map(str, slugs_in(whole))), "the slugs on one page of 50, sorted").equals(
        sorted(article.slug for article in articles)
    )
    for limit in (1, 3, 5, 7):
        expect(
            await _collect_pages(world.visitor(), limit, count, author=author.username),
            f"the slugs on pages of {limit}, in order",
        ).equals(slugs_in(whole), because="pages must keep the order of the whole list")
    expect(
        await _collect_pages(author, 3, count, tag=tag),
        "the slugs of the tag on pages of 3, in order",
    ).equals(slugs_in(whole), because="every list must order articles in the same way")


@check(
    title="A page beyond the end is empty, and the count is still right",
    aspect=Aspect.BEHAVIOUR,
    stage=5,
    clause="L1",
    why="A front end that loads pages until one is empty must find the end.",
    skills=SKILLS,
)
async def a_page_beyond_the_end_is_empty(world: Conduit) -> None:
    author, reader = await world.sign_up(), await world.sign_up()
    await reader.starts_following(author)
    for _ in range(3):
        await author.publish()
    for offset in (3, 4, 1000):
        for page in (
            await reader.list(author=author.username, offset=offset),
            await reader.list(author=author.username, offset=offset, limit=2),
            await reader.feed(offset=offset),
        ):
            expect_articles_in_order(
                page, count=3, because=f"there are 3 articles, and offset is {offset}"
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
    author, fan = await world.sign_up(), await world.sign_up()
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
            expect(page.at("articlesCount"), f"articlesCount at offset {offset}").equals(
                count, because=f"this many match {' and '.join(query)}"
            )


@check(
    title="A limit or offset that makes no sense does no harm",
    aspect=Aspect.BEHAVIOUR,
    stage=5,
    clause="L5",
    why="People and robots edit URLs. A negative number that reaches the database becomes a 5xx, a "
    "huge one can load the whole table into memory.",
    hint="Parse both as integers with a minimum and a maximum, before any query is sent.",
    skills=("rest", "api-design"),
    cites="CWE-20",
)
async def a_senseless_page_does_no_harm(world: Conduit) -> None:
    author = await world.sign_up()
    for _ in range(3):
        await author.publish()
    whole = slugs_in(expect(await author.list(author=author.username)).ok())
    beginnings = [whole[:length] for length in range(4)]
    for query, sensible in (
        ({"limit": "-1"}, beginnings),
        ({"limit": "0"}, beginnings),
        ({"limit": "many"}, beginnings[1:]),
        ({"limit": str(10**20)}, [whole]),
        ({"offset": "-1"}, [whole]),
        ({"offset": "few"}, [whole]),
        ({"offset": str(10**20)}, [whole, []]),
        ({"limit": "-5", "offset": "-5"}, beginnings),
    ):
        answer = await world.visitor().list(author=author.username, **query)
        if answer.status != 200:
            expect(answer).means(Meaning.INVALID, Meaning.MALFORMED)
            continue
        expect(slugs_in(answer), f"the slugs with {query}").one_of(sensible)
        expect(answer.at("articlesCount"), "articlesCount").equals(3)
