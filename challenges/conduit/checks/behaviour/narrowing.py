"""Filters of the list: `tag`, `author` and `favorited`, exact matches only (L2)."""

from __future__ import annotations

from functools import partial

from worksample.checks import Aspect, check, expect
from worksample.messages import message

from ..list_assertions import expect_articles
from ..operations import FAVORITE
from ..world import Conduit

SKILLS = ("rest", "relational-databases")
story = partial(check, aspect=Aspect.BEHAVIOUR, stage=3, clause="L2", skills=SKILLS)


@story(
    title="The list is narrowed by tag",
    why="People who click a tag expect the articles with this tag and no others.",
)
async def a_list_is_narrowed_by_tag(world: Conduit) -> None:
    author, other = await world.shared_member(), await world.shared_member()
    tag, another = world.unique_name("tag"), world.unique_name("tag")
    both = await author.publish(tagList=[another, tag])
    one = await other.publish(tagList=[tag, world.unique_name("tag")])
    different = await author.publish(tagList=[another])
    await other.publish()
    expect_articles(await world.visitor().list(tag=tag), both, one, because="both have the tag")
    expect_articles(await author.list(tag=another), both, different, because="both have the tag")


@story(
    title="The list is narrowed by author",
    why="The page of a person must not show other people's articles.",
)
async def a_list_is_narrowed_by_author(world: Conduit) -> None:
    author, other, idle = (
        await world.own_member(),
        await world.own_member(),
        await world.own_member(),
    )
    articles = [await author.publish(), await author.publish()]
    different = await other.publish()
    expect_articles(
        await world.visitor().list(author=author.username),
        *articles,
        because="this author published both",
    )
    expect_articles(
        await author.list(author=other.username), different, because="the other author published it"
    )
    expect_articles(
        await other.list(author=idle.username), because="this person has published nothing"
    )


@story(
    title="The list is narrowed to what a person marked as favourites",
    stage=4,
    why="This is how people find what they liked, no matter who reads the list and who wrote the "
    "article.",
)
async def a_list_is_narrowed_to_favourites(world: Conduit) -> None:
    author, fan, other = (
        await world.own_member(),
        await world.own_member(),
        await world.own_member(),
    )
    liked, both = await author.publish(), await author.publish()
    others = await other.publish()
    for person, article in ((fan, liked), (fan, both), (other, both), (author, others)):
        await person.likes(article)
    for person in (world.visitor(), author, fan):
        expect_articles(
            await person.list(favorited=fan.username),
            liked,
            both,
            because="these are the favourites of this person",
        )
    expect_articles(
        await fan.list(favorited=other.username),
        both,
        because="it is the only favourite of this person",
    )
    expect_articles(
        await fan.list(favorited=author.username),
        others,
        because="it is the only favourite of the author",
    )
    expect(await fan.unfavorite(liked)).ok()
    expect_articles(
        await author.list(favorited=fan.username), both, because="the other favourite was removed"
    )


@story(
    title="Several filters at once must all match",
    stage=4,
    why="A filter that is ignored when another one is set shows people what they have just "
    "excluded.",
)
async def all_filters_must_match(world: Conduit) -> None:
    author, fan = await world.own_member(), await world.own_member()
    other = await world.shared_member()
    tag = world.unique_name("tag")
    everything = await author.publish(tagList=[tag])
    not_liked = await author.publish(tagList=[tag])
    not_tagged = await author.publish()
    others = await other.publish(tagList=[tag])
    for article in (everything, not_tagged, others):
        await fan.likes(article)
    by_author, by_fan = {"author": author.username}, {"favorited": fan.username}
    for query, wanted in (
        ({"tag": tag, **by_author}, (everything, not_liked)),
        ({"tag": tag, **by_fan}, (everything, others)),
        ({**by_author, **by_fan}, (everything, not_tagged)),
        ({"tag": tag, **by_author, **by_fan}, (everything,)),
        ({"tag": tag, "author": fan.username}, ()),
    ):
        because = message("{query} must match", query=" and ".join(query))
        expect_articles(await world.visitor().list(**query), *wanted, because=because)


@story(
    title="A name that nobody has gives an empty list",
    why="A link to a tag that went out of use should say “nothing here”, not “something broke”, "
    "and least of all show everything.",
    skills=("rest", "api-design"),
)
async def an_unknown_name_gives_an_empty_list(world: Conduit) -> None:
    author = await world.own_member()
    await author.publish(tagList=[world.unique_name("tag")])
    for name in ("tag", "author", "favorited"):
        because = message("no article matches this {name}", name=name)
        expect_articles(
            await world.visitor().list(**{name: world.unique_name("unknown")}), because=because
        )
    expect_articles(
        await author.list(author=author.username, tag=world.unique_name("unknown")),
        because="no article has this tag",
    )


@story(
    title="A filter means the whole name, not a part of it",
    why="A search for java must not find javascript, and the page of ann must not show articles of "
    "anna.",
)
async def a_filter_means_the_whole_name(world: Conduit) -> None:
    name, tag = world.unique_name("u"), world.unique_name("tag")
    short = await world.sign_up(username=name)
    long = await world.sign_up(username=f"{name}x")
    front = await world.sign_up(username=f"x{name}")
    mine = await short.publish(tagList=[tag])
    theirs = await long.publish(tagList=[f"{tag}script"])
    others = await front.publish(tagList=[f"my {tag}"])
    visitor = world.visitor()
    expect_articles(
        await visitor.list(author=name), mine, because="only this author has exactly this name"
    )
    expect_articles(
        await visitor.list(author=f"x{name}"),
        others,
        because="only this author has exactly this name",
    )
    expect_articles(
        await visitor.list(tag=tag), mine, because="only this article has exactly this tag"
    )
    expect_articles(await visitor.list(tag=tag[:-1]), because="no article has exactly this tag")
    if world.asks(FAVORITE):
        await short.likes(theirs)
        await long.likes(mine)
        because = "only this person has exactly this name"
        expect_articles(await visitor.list(favorited=name), theirs, because=because)


@story(
    title="A filter knows no wildcards",
    why="If a percent sign matches anything, one click lists every article, and the tag `100%` "
    "finds a thousand others.",
    hint="Compare with =, not with LIKE.",
    skills=("rest", "sql", "relational-databases"),
)
async def a_filter_knows_no_wildcards(world: Conduit) -> None:
    author, fan = await world.own_member(), await world.own_member()
    word = world.unique_name("tag")
    plain = await author.publish(tagList=[f"{word}abc"])
    signs = await author.publish(tagList=[f"{word}a_c", f"{word}a%"])
    visitor = world.visitor()
    for tag in (f"{word}a_c", f"{word}a%"):
        expect_articles(
            await visitor.list(tag=tag), signs, because="the character must match literally"
        )
    for tag in (f"{word}%", f"{word}ab_", f"{word}.*", "%"):
        query = {"tag": tag, "author": author.username}
        expect_articles(await visitor.list(**query), because="no article has this tag")
    for sign in ("%", "_", "*"):
        expect_articles(
            await visitor.list(author=author.username[:-1] + sign),
            because="no account has this name",
        )
    if world.asks(FAVORITE):
        await fan.likes(plain)
        for sign in ("%", "_", "*"):
            expect_articles(
                await visitor.list(favorited=fan.username[:-1] + sign),
                because="no account has this name",
            )
