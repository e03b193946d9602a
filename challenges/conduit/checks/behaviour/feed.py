"""The feed: the articles of the people that the reader follows, and no others (L4)."""

from __future__ import annotations

from functools import partial

from worksample.checks import Aspect, check, expect
from worksample.messages import message

from ..list_assertions import LIST_FIELDS, expect_articles, expect_articles_in_order, slugs_in
from ..timestamps import publish_later
from ..world import Conduit

SKILLS = ("rest", "relational-databases", "sql")
story = partial(check, aspect=Aspect.BEHAVIOUR, stage=5, clause="L4", skills=SKILLS)


@story(
    title="The feed shows the articles of those whom one follows, and nobody else's",
    why="A feed with strangers in it is the list again; one in which friends are missing is why "
    "people leave.",
)
async def the_feed_shows_whom_one_follows(world: Conduit) -> None:
    reader, friend, writer = [await world.own_member() for _ in range(3)]
    stranger = await world.shared_member()
    await reader.starts_following(friend)
    early = await friend.publish()
    await stranger.publish()
    late = await writer.publish()
    await reader.starts_following(writer)
    more = await friend.publish()
    expect_articles(
        await reader.feed(), early, late, more, because="the reader follows both authors"
    )


@story(
    title="Everyone has a feed of their own",
    why="Following has a direction: that somebody follows me says nothing about what I want to "
    "read.",
)
async def everyone_has_a_feed_of_their_own(world: Conduit) -> None:
    first, second, author, other = [await world.own_member() for _ in range(4)]
    await first.starts_following(author)
    await second.starts_following(other)
    await author.starts_following(second)
    mine, others, seconds = await author.publish(), await other.publish(), await second.publish()
    expect_articles(
        await first.opens_feed(), mine, because="the first reader follows only the author"
    )
    expect_articles(
        await second.opens_feed(), others, because="the second reader follows only the other author"
    )
    expect_articles(
        await author.opens_feed(), seconds, because="the author follows only the second reader"
    )
    expect_articles(await other.opens_feed(), because="the other author follows nobody")


@story(
    title="One's own articles are not in one's feed",
    why="People open the feed to read others, not themselves.",
)
async def ones_own_articles_are_not_in_ones_feed(world: Conduit) -> None:
    reader, author = await world.own_member(), await world.own_member()
    await reader.publish()
    expect_articles(await reader.opens_feed(), because="the reader follows nobody")
    await reader.starts_following(author)
    await reader.likes(await reader.publish())
    expect_articles(
        await reader.opens_feed(), because="the only person followed has published nothing"
    )
    article = await author.publish()
    expect_articles(
        await reader.opens_feed(), article, because="the other articles are the reader's own"
    )


@story(
    title="Whom one follows no longer is no longer in the feed",
    why="People who unfollow somebody and still see them feel harassed.",
)
async def the_feed_forgets_whom_one_unfollows(world: Conduit) -> None:
    reader, leaving, staying, other = [await world.own_member() for _ in range(4)]
    for person in (leaving, staying):
        await reader.starts_following(person)
        await other.starts_following(person)
    gone, kept = await leaving.publish(), await staying.publish()
    expect_articles(await reader.opens_feed(), gone, kept, because="the reader follows both")
    expect(await reader.unfollow(leaving.username)).ok()
    expect_articles(
        await reader.opens_feed(), kept, because="the reader no longer follows the other one"
    )
    expect_articles(
        await other.opens_feed(), gone, kept, because="the other reader still follows both"
    )


@story(
    title="The feed shows the newest first, whoever wrote it, page by page",
    why="A feed sorted by person shows the one who writes most and buries the rest.",
)
async def the_feed_shows_the_newest_first(world: Conduit) -> None:
    reader, one, two = [await world.own_member() for _ in range(3)]
    for author in (two, one):
        await reader.starts_following(author)
    articles = [await one.publish()]
    for author in (two, one, one, two):
        articles.append(await publish_later(author, articles[-1]))
    newest = articles[::-1]
    expect_articles_in_order(
        await reader.opens_feed(), *newest, count=5, because="the newest comes first"
    )
    for limit, offset in ((2, 0), (2, 2), (2, 4), (3, 1)):
        page = await reader.feed(limit=limit, offset=offset)
        because = message(
            "the feed has 5 articles, offset is {offset}, limit is {limit}",
            offset=offset,
            limit=limit,
        )
        expect_articles_in_order(page, *newest[offset : offset + limit], count=5, because=because)


@story(
    title="The feed shows its articles as the one who asks sees them",
    why="It is the page that people look at most, and its query is a separate one.",
)
async def the_feed_says_what_the_article_says(world: Conduit) -> None:
    reader, author = await world.own_member(), await world.own_member()
    await reader.starts_following(author)
    first = await author.publish(tagList=[world.unique_name("z"), world.unique_name("a")])
    second = await author.publish()
    first = await author.edits(first, description=world.sentence())
    await reader.likes(first)
    await author.likes(second)
    page = expect(await reader.opens_feed()).ok()
    expect(page.each("articles", "author", "following"), "following").equals([True, True])
    for index, slug in enumerate(slugs_in(page)):
        alone = await reader.sees(str(slug))
        for field in LIST_FIELDS:
            expect(
                page.at("articles", index, field), message("{field} in the feed", field=field)
            ).equals(alone.get(field))
