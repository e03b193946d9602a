"""Deleting an article removes it everywhere, and removes nothing else."""

from __future__ import annotations

from functools import partial

from worksample.checks import Aspect, check, expect

from ..list_assertions import expect_articles
from ..world import Conduit

SKILLS = ("rest", "relational-databases", "data-modeling")
story = partial(check, aspect=Aspect.BEHAVIOUR, stage=4, clause="R7", skills=SKILLS)


@story(
    title="An article that has comments, tags and favourites can be deleted",
    why="The article that an author wants to delete most urgently is often the one that everybody "
    "has commented on.",
    hint="Delete the rows that refer to the article too: ON DELETE CASCADE, or delete them first.",
)
async def an_article_with_everything_can_be_deleted(world: Conduit) -> None:
    author, reader = await world.shared_member(), await world.shared_member()
    article = await author.publish(tagList=[world.unique_name("tag"), world.unique_name("tag")])
    for person in (author, reader):
        await person.likes(article)
        await person.add_comment(article)
    expect(await author.delete(article)).deleted(because="the author deletes it")
    for person in (reader, author):
        expect(await person.read(article)).missing(because="it was deleted")


@story(
    title="A deleted article is gone from every list, and its comments with it",
    stage=5,
    why="A list that still shows a deleted article leads readers to a 404, or shows them what its "
    "author has withdrawn.",
)
async def a_deleted_article_is_gone_from_every_list(world: Conduit) -> None:
    author, reader = await world.own_member(), await world.own_member()
    tag = world.unique_name("tag")
    kept, gone = await author.publish(tagList=[tag]), await author.publish(tagList=[tag])
    await reader.starts_following(author)
    for article in (kept, gone):
        await reader.likes(article)
        await reader.add_comment(article)
    await author.deletes(gone)
    for answer in (
        await world.visitor().list(author=author.username),
        await author.list(tag=tag),
        await reader.list(favorited=reader.username),
        await reader.feed(),
    ):
        expect_articles(answer, kept, because="the other one was deleted")
    expect(await world.visitor().comments(gone)).missing(because="its article was deleted")


@story(
    title="Deleting an article leaves all others as they were",
    why="A deletion that removes too much is noticed when it is too late.",
)
async def a_deletion_takes_nothing_else_along(world: Conduit) -> None:
    author, reader = await world.shared_member(), await world.shared_member()
    tags = [world.unique_name("tag"), world.unique_name("tag")]
    gone = await author.publish(tagList=tags)
    others = [await author.publish(tagList=tags), await reader.publish(tagList=tags)]
    comments = []
    for article in (gone, *others):
        await reader.likes(article)
        comments.append(await reader.add_comment(article))
    before = [await reader.sees(article) for article in others]
    await author.deletes(gone)
    for article, comment, was in zip(others, comments[1:], before, strict=True):
        seen = await reader.reads(article)
        expect(seen.at("article"), "another article, after the deletion").equals(was)
        said = expect(await reader.comments(article)).ok()
        expect(said.each("comments", "id"), "the ids of its comments").equals([comment.id])


@story(
    title="A new article under a deleted title begins with nothing",
    why="Authors who delete an article to start again do not want the old comments under the new "
    "one.",
    hint="Refer to an article by its id: a slug can be given to another article later.",
)
async def a_deleted_title_begins_with_nothing(world: Conduit) -> None:
    author, reader = await world.shared_member(), await world.own_member()
    gone = await author.publish(tagList=[world.unique_name("tag")])
    await reader.likes(gone)
    await reader.add_comment(gone)
    await author.deletes(gone)
    anew = await author.publish(title=gone.sent["title"])
    seen = await reader.reads(anew)
    for field, nothing in (("favoritesCount", 0), ("favorited", False), ("tagList", [])):
        expect(seen.at("article", field), field).equals(nothing)
    comments = expect(await reader.comments(anew)).ok()
    expect(comments.at("comments"), "the comments").equals([])
    expect_articles(
        await reader.list(favorited=reader.username),
        because="nobody has favourited the new article",
    )


@story(
    title="An article can be deleted only once",
    stage=3,
    why="A success for an article that does not exist hides bugs of the front end.",
    skills=("rest",),
    cites="RFC 9110 15.5.5",
)
async def an_article_is_deleted_only_once(world: Conduit) -> None:
    author = await world.shared_member()
    article = await author.publish()
    await author.deletes(article)
    expect(await author.delete(article)).missing(because="it was deleted before")
    expect(await author.edit(article, body=world.sentence())).missing(because="it was deleted")
