"""What is deleted while another request still uses it, or deletes it too (M1)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from worksample.checks import Aspect, Race, check, either_order, gone_or_done
from worksample.probes.database import rows_holding

from .racing_accounts import SKILLS
from .racing_articles import listed_by
from .world import COMMENTING, DELETING, Article, Conduit, Person

CLICKED_TWICE = "Impatient people click twice; the second click must not end in a failure."
GONE_MEANWHILE = (
    "What was there a statement ago may be gone: let the statement itself say whether it found "
    "something, and turn a violated foreign key into the refusal (404)."
)


@check(
    title="An article that is deleted while it is edited is gone, and nobody sees an error",
    aspect=Aspect.CONCURRENCY,
    stage=6,
    clause="M1",
    why="A deleted article that comes back, half a one, or a failure shown to the author.",
    hint=GONE_MEANWHILE,
    skills=SKILLS,
    lab=True,
)
async def an_article_is_edited_while_it_is_deleted(world: Conduit) -> None:
    author = await world.sign_up()

    async def scene(tags: Sequence[str] = ()) -> Race:
        article = await author.publish(tagList=[world.word("tag")])
        sent = {"description": world.sentence(), **({"tagList": tags} if tags else {})}
        return Race(
            first=lambda: author.edit(article, **sent),
            second=lambda: author.delete(article),
            look=lambda: what_is_left(author, article, tags),
            sort=gone_or_done,
        )

    await either_order(world, scene, needs=DELETING)
    await either_order(world, lambda: scene([world.word("tag")]), needs=DELETING)


@check(
    title="An article that is deleted twice at the same moment is gone, and nobody sees an error",
    aspect=Aspect.CONCURRENCY,
    stage=6,
    clause="M1",
    why=CLICKED_TWICE,
    hint=GONE_MEANWHILE,
    skills=SKILLS,
    lab=True,
)
async def an_article_is_deleted_twice_at_once(world: Conduit) -> None:
    author, fan = await world.sign_up(), await world.sign_up()

    async def scene() -> Race:
        article = await author.publish(tagList=[world.word("tag")])
        await fan.say(article)
        await fan.likes(article)
        return Race(
            first=lambda: author.delete(article),
            second=lambda: author.delete(article),
            look=lambda: what_is_left(author, article),
            sort=gone_or_done,
        )

    await either_order(world, scene, needs=DELETING, symmetric=True)


@check(
    title="A comment on an article that is just being deleted leaves nothing behind",
    aspect=Aspect.CONCURRENCY,
    stage=6,
    clause="M1",
    why="A comment that belongs to no article: it can be neither seen nor deleted, and the one who "
    "wrote it was told that all is well, or of a failure.",
    hint=GONE_MEANWHILE,
    skills=SKILLS,
    lab=True,
)
async def a_comment_is_written_while_its_article_goes(world: Conduit) -> None:
    author, reader = await world.sign_up(), await world.sign_up()

    async def scene() -> Race:
        article, text = await author.publish(), world.sentence()

        async def look() -> Any:
            left = await rows_holding(world.database, text) if world.arena.database else []
            return {
                "the article": (await author.read(article)).status,
                "its comments": (await author.comments(article)).status,
                "rows that hold the comment": len(left),
            }

        return Race(
            first=lambda: reader.comment(article, text),
            second=lambda: author.delete(article),
            look=look,
            sort=gone_or_done,
        )

    await either_order(world, scene, needs=COMMENTING)


@check(
    title="A comment that is deleted twice at the same moment is gone, and nobody sees an error",
    aspect=Aspect.CONCURRENCY,
    stage=6,
    clause="M1",
    why=CLICKED_TWICE,
    hint=GONE_MEANWHILE,
    skills=SKILLS,
    lab=True,
)
async def a_comment_is_deleted_twice_at_once(world: Conduit) -> None:
    author, reader = await world.sign_up(), await world.sign_up()

    async def scene() -> Race:
        article = await author.publish()
        comment, other = await reader.say(article), await reader.say(article)

        async def look() -> Any:
            left = (await author.comments(article)).each("comments", "id")
            return {"only the other comment is left": left == [other.id]}

        return Race(
            first=lambda: reader.uncomment(article, comment.id),
            second=lambda: reader.uncomment(article, comment.id),
            look=look,
            sort=gone_or_done,
        )

    await either_order(world, scene, needs="its-writer-can-delete-a-comment", symmetric=True)


async def what_is_left(author: Person, article: Article, tags: Sequence[str] = ()) -> Any:
    """Say what is still to be seen of an article: at its address, in lists, under its tags."""
    titles = [title for _, title in await listed_by(author)]
    shown = (await author.tags()).each("tags")
    return {
        "at its address": (await author.read(article)).status,
        "in the list": titles.count(article.sent["title"]),
        "its tags in the list of tags": len({*article.sent["tagList"], *tags}.intersection(shown)),
    }
