"""The list of articles: order, completeness, and the same fields as the article itself (L1)."""

from __future__ import annotations

import asyncio
from functools import partial
from typing import Any

from worksample.checks import Answer, Aspect, check, expect, in_any_order
from worksample.messages import message
from worksample.suites.poisoned_entries import raise_if_one_entry_breaks_it

from ..list_assertions import LIST_FIELDS, expect_articles, expect_articles_in_order, slugs_in
from ..operations import FEED
from ..timestamps import publish_later
from ..world import Article, Conduit, Person

SKILLS = ("rest", "relational-databases")
_MAX_PAGES = 10
story = partial(check, aspect=Aspect.BEHAVIOUR, stage=3, clause="L1", skills=SKILLS)


@story(
    title="A new article is in the list that everybody sees",
    why="The list is the front page: what is not on it is not read.",
)
async def a_new_article_is_in_the_list(world: Conduit) -> None:
    author, reader = await world.shared_member(), await world.shared_member()
    articles = [await author.publish(), await reader.publish()]
    for person in (world.visitor(), reader):
        expect(
            await _slugs_in_global_list(person, articles), "the new articles in the list"
        ).satisfies(
            in_any_order([article.slug for article in articles]),
            "every article that was just published",
        )


async def _slugs_in_global_list(reader: Person, articles: list[Article]) -> list[Any]:
    """Return the slugs of `articles` in the order of the unfiltered list.

    Other checks publish and delete at the same time; pages overlap, so that none is missed.
    """
    wanted, found = {article.slug for article in articles}, []

    async def read(limit: int, offset: int) -> Answer:
        return await reader.list(limit=limit, offset=offset)

    for page in range(_MAX_PAGES):
        answer = await read(100, 50 * page)
        await raise_if_one_entry_breaks_it(answer, 100, 50 * page, read)
        expect(answer).ok()
        slugs = [slug for slug in slugs_in(answer) if isinstance(slug, str) and slug in wanted]
        found += [slug for slug in slugs if slug not in found]
        expect(answer.at("articlesCount"), "articlesCount").satisfies(
            lambda count: isinstance(count, int) and count >= len(articles),
            message("at least {count}, which were just published", count=len(articles)),
        )
        if len(found) == len(articles):
            break
    return found


@story(
    title="The newest article comes first",
    why="Regular readers look at the top of the list and leave when it is what they saw yesterday.",
    hint="Without ORDER BY, a database guarantees no order.",
)
async def the_newest_article_comes_first(world: Conduit) -> None:
    author, tag = await world.own_member(), world.unique_name("tag")
    first = await author.publish(tagList=[tag])
    second = await publish_later(author, first, tagList=[tag])
    third = await publish_later(author, second, tagList=[tag])
    for query in ({"author": author.username}, {"tag": tag}):
        answer = await world.visitor().list(**query)
        expect_articles_in_order(
            answer, third, second, first, count=3, because="the newest comes first"
        )
    expect(
        await _slugs_in_global_list(world.visitor(), [first, second, third]),
        "the new articles in the unfiltered list",
    ).equals([third.slug, second.slug, first.slug], because="the newest comes first")


@story(
    title="An edited article stays where it was in the list",
    why="If an edit moves an article to the top, people edit theirs every hour.",
)
async def an_edit_does_not_make_an_article_new(world: Conduit) -> None:
    author, tag = await world.own_member(), world.unique_name("tag")
    first = await author.publish(tagList=[tag])
    second = await publish_later(author, first, tagList=[tag])
    third = await publish_later(author, second, tagList=[tag])
    narrowing = await world.narrowing(author=author.username, tag=tag)
    first = await author.edits(first, body=world.sentence())
    answer = await world.visitor().list(**narrowing)
    expect_articles_in_order(
        answer,
        third,
        second,
        first,
        count=3,
        because="this is the order of publishing, newest first",
    )


@story(
    title="A list says of an article what the article itself says",
    stage=4,
    why="When list and page disagree about a favourite, people tap until it is wrong.",
)
async def a_list_says_what_the_article_says(world: Conduit) -> None:
    author, reader = await world.own_member(), await world.own_member()
    tags = [world.unique_name("z"), world.unique_name("a")]
    article = await author.publish(tagList=tags)
    article = await author.edits(article, description=world.sentence())
    await reader.likes(article)
    await reader.starts_following(author)
    narrowing = await world.narrowing(author=author.username, tag=tags[0])
    for person in (world.visitor(), reader, author):
        alone = await person.sees(article)
        page = expect(await person.list(**narrowing)).ok()
        for field in LIST_FIELDS:
            expect(
                page.each("articles", field), message("{field} in the list", field=field)
            ).equals([alone.get(field)])


@story(
    title="Favourites come newest first, too, whenever they were marked",
    stage=4,
    why="Lists that are sorted in different ways under the same heading make people doubt what "
    "they see.",
)
async def favourites_come_newest_first(world: Conduit) -> None:
    author, fan = await world.shared_member(), await world.own_member()
    first = await author.publish()
    second = await publish_later(author, first)
    third = await publish_later(author, second)
    for article in (third, first, second):
        await fan.likes(article)
    answer = await world.visitor().list(favorited=fan.username)
    expect_articles_in_order(
        answer,
        third,
        second,
        first,
        count=3,
        because="this is the order of publishing, newest first",
    )


@story(
    title="An article is listed once, however many tags and favourites it has",
    stage=4,
    why="An article that is listed once for each of its tags fills the page and makes the count, "
    "and so the number of pages, wrong.",
    hint="A join yields one row per tag or favourite: use EXISTS, or count distinct ids.",
    skills=("rest", "sql", "relational-databases"),
)
async def an_article_is_listed_once(world: Conduit) -> None:
    author, *fans = await asyncio.gather(*(world.own_member() for _ in range(4)))
    tag = world.unique_name("tag")
    article = await author.publish(
        tagList=[world.unique_name("tag"), tag, world.unique_name("tag")]
    )
    for fan in fans:
        await fan.likes(article)
        await fan.starts_following(author)
        await fan.add_comment(article)
    for query in (
        {"author": author.username},
        {"tag": tag},
        {"favorited": fans[0].username},
        {"author": author.username, "tag": tag, "favorited": fans[1].username},
    ):
        expect_articles(
            await fans[0].list(**query), article, because="one article must be listed once"
        )
    if world.asks(FEED):
        expect_articles(await fans[0].feed(), article, because="one article must be listed once")
