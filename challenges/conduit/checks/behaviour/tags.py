"""Tags of an article (order, duplicates, special characters), and the list of tags in use."""

from __future__ import annotations

from functools import partial

from worksample.checks import Aspect, check, expect, in_any_order, shorten
from worksample.messages import message

from ..list_assertions import expect_articles
from ..world import Article, Conduit, Person

SKILLS = ("rest", "relational-databases", "data-modeling")


def _unsorted_tags(world: Conduit, number: int) -> list[str]:
    """Return `number` new tags that are sorted neither ascending nor descending."""
    words = sorted((world.unique_name("tag") for _ in range(number)), reverse=True)
    return [*words[::2], *words[1::2]]


async def _expect_tags(
    world: Conduit, article: Article, tags: list[str], because: str, ordered: bool = True
) -> None:
    """Expect `tags` on the article and in a list, as a visitor reads them."""
    answer = await world.visitor().reads(article)
    author = answer.at("article", "author", "username")
    page = expect(await world.visitor().list(author=author)).ok()
    lists = zip(page.each("articles", "slug"), page.each("articles", "tagList"), strict=True)
    listed = [found for slug, found in lists if slug == article.slug]
    seen = {"tagList": [answer.at("article", "tagList")], "tagList in a list": listed}
    for what, found in seen.items():
        if ordered:
            expect(found, what).equals([tags], because=because)
        else:
            expect(found, what).satisfies(
                lambda shown: len(shown) == 1 and in_any_order(tags)(shown[0]),
                message("{tags}, in any order", tags=shorten(tags)),
                because=because,
            )


async def _listed_tags(person: Person, tags: list[str]) -> list[object]:
    """Return those of `tags` that GET /tags lists."""
    return [tag for tag in (await person.tags()).each("tags") if tag in tags]


story = partial(check, aspect=Aspect.BEHAVIOUR, stage=3, clause="R4", skills=SKILLS)


@story(
    title="Tags come back in the order in which they were sent",
    why="Writers put the most important tag first; front ends show the first few.",
    hint="Store the position of each tag: without ORDER BY, a database guarantees no order.",
)
async def tags_keep_their_order(world: Conduit) -> None:
    author = await world.own_member()
    tags = _unsorted_tags(world, 6)
    article = await author.publish(tagList=tags)
    expect(article.shown.get("tagList"), "tagList in the answer").equals(tags)
    await _expect_tags(world, article, tags, "tags keep the order in which they were sent")


@story(
    title="Tags that were used before come back in the order of this article",
    why="If articles share the rows of tags, tags come back in the order of their first use, and "
    "the second article shows the order of the first.",
    hint="Store the position in the table that joins articles and tags, not with the tag.",
)
async def shared_tags_keep_the_order_of_each_article(world: Conduit) -> None:
    author, other = await world.own_member(), await world.own_member()
    tags = _unsorted_tags(world, 5)
    turned = [*reversed(tags[2:]), *tags[:2]]
    first, second = await author.publish(tagList=tags), await other.publish(tagList=turned)
    await _expect_tags(world, first, tags, "the order is that of the first article")
    await _expect_tags(world, second, turned, "the order is that of the second article")


@story(
    title="A tag that is sent twice counts once",
    why="People tap twice. The article must be neither refused nor found twice under that tag.",
)
async def a_tag_sent_twice_counts_once(world: Conduit) -> None:
    author = await world.own_member()
    first, second, third = _unsorted_tags(world, 3)
    answer = expect(
        await author.post(world.article(tagList=[first, second, first, third, second]))
    ).created(because="a duplicate tag counts once and is no error")
    article = Article(str(answer.at("article", "slug")), {}, {})
    await _expect_tags(
        world, article, [first, second, third], "a duplicate tag counts once", ordered=False
    )
    changed = expect(await author.edit(article, tagList=[third, third, first])).ok()
    expect(changed.at("article", "tagList"), "tagList after an edit").satisfies(
        in_any_order([first, third]), message("{tags}, each once", tags=shorten([third, first]))
    )
    expect_articles(
        await world.visitor().list(tag=third), article, because="one article must be listed once"
    )


@story(
    title="Tags may hold spaces, commas and letters of any script",
    why="Tags that are stored as one comma-separated text come back in pieces.",
)
async def tags_of_every_kind_come_back_whole(world: Conduit) -> None:
    author, word = await world.own_member(), world.unique_name()
    signs = (
        "machine learning",
        "a, b,c",
        "c++",
        "日本語",
        "ρώ",
        "🎉🐘",
        "it's",
        '"q"',
        "50%",
        "a/b",
        "{x}",
    )
    tags = [f"{word} {sign}" for sign in signs] + [f"{word}{'x' * 50}"]
    article = await author.publish(tagList=tags)
    await _expect_tags(world, article, tags, "every character of a tag is kept", ordered=False)
    for tag in tags:
        expect_articles(
            await world.visitor().list(tag=tag),
            article,
            because=message("it has the tag {tag}", tag=tag),
        )
    expect(await _listed_tags(world.visitor(), tags), "its tags in the list of tags").satisfies(
        lambda listed: sorted(map(str, listed)) == sorted(tags), "all of them, each once"
    )


@story(
    title="The list of tags may be left out",
    clause="R1",
    why="Tags are optional: a client that does not support them must be able to publish.",
    skills=("rest", "api-design"),
)
async def the_list_of_tags_may_be_left_out(world: Conduit) -> None:
    author = await world.shared_member()
    sent = world.article()
    del sent["tagList"]
    answer = expect(await author.post(sent)).created(because="tags are optional")
    expect(answer.at("article", "title"), "title").equals(sent["title"])


@story(
    title="An article without tags has an empty list of tags",
    clause="R1",
    why="Front ends loop over the tags; with a null they crash.",
    skills=("rest", "api-design"),
)
async def an_article_without_tags_has_an_empty_list(world: Conduit) -> None:
    author = await world.own_member()
    article = await author.publish(tagList=[])
    expect(article.shown.get("tagList"), "tagList in the answer").equals([])
    await _expect_tags(world, article, [], "no tags were sent")


@story(
    title="The tags in use are listed, each once, for everybody",
    clause="T1",
    why="Visitors find articles by the list of tags.",
)
async def the_tags_in_use_are_listed_once(world: Conduit) -> None:
    author, other = await world.shared_member(), await world.shared_member()
    tags = _unsorted_tags(world, 24)
    expect(await _listed_tags(world.visitor(), tags), "unused tags that are listed").equals([])
    await author.publish(tagList=tags[:14])
    await other.publish(tagList=tags[10:])
    for person in (world.visitor(), author, other):
        expect(await _listed_tags(person, tags), "the tags listed").satisfies(
            in_any_order(tags),
            message("all {count}, each once", count=len(tags)),
            because="an article uses each of them",
        )


@story(
    title="A tag that no article uses any more is not listed",
    clause="T2",
    why="Tags that lead to an empty page look like a broken site.",
)
async def a_tag_out_of_use_is_not_listed(world: Conduit) -> None:
    author, other = await world.shared_member(), await world.shared_member()
    edited, deleted, shared = _unsorted_tags(world, 3)
    article = await author.publish(tagList=[edited, shared])
    gone = await author.publish(tagList=[deleted, shared])
    await other.publish(tagList=[shared])
    tags = [edited, deleted, shared]
    await _listed_tags(world.visitor(), tags)  # A server may remember what it has shown.
    await author.edits(article, tagList=[])
    listed = await _listed_tags(world.visitor(), tags)
    expect(listed, "the tags listed").satisfies(
        in_any_order([deleted, shared]),
        message("only {tags}", tags=shorten([deleted, shared])),
        because="the edit took the last article from the other tag",
    )
    await author.deletes(gone)
    expect(await _listed_tags(world.visitor(), tags), "the tags listed").equals(
        [shared], because="only the last tag is still used by an article"
    )
