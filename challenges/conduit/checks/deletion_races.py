"""What is deleted while another request still uses it, or deletes it too (M1)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from worksample.checks import Aspect, Race, check, deletion_response_class, serializable
from worksample.probes.database import rows_containing

from .account_races import SKILLS
from .article_races import articles_by
from .world import COMMENTING, DELETING, Article, Conduit, Person

DOUBLE_CLICK = "Impatient people click twice; the second click must not end in a failure."
DELETED_MEANWHILE_HINT = (
    "What was there a statement ago may be gone: let the statement itself say whether it found "
    "something, and turn a violated foreign key into the refusal (404)."
)


@check(
    title="An article that is deleted while it is edited is gone, and nobody sees an error",
    aspect=Aspect.CONCURRENCY,
    stage=6,
    clause="M1",
    why="A deleted article that comes back, half a one, or a failure shown to the author.",
    hint=DELETED_MEANWHILE_HINT,
    skills=SKILLS,
    lab=True,
)
async def an_article_is_edited_while_it_is_deleted(world: Conduit) -> None:
    author = await world.sign_up()

    async def new_race(tags: Sequence[str] = ()) -> Race:
        article = await author.publish(tagList=[world.unique_name("tag")])
        sent = {"description": world.sentence(), **({"tagList": tags} if tags else {})}
        return Race(
            first=lambda: author.edit(article, **sent),
            second=lambda: author.delete(article),
            read_state=lambda: remaining_traces(author, article, tags),
            classify=deletion_response_class,
        )

    await serializable(world, new_race, needs=DELETING)
    await serializable(world, lambda: new_race([world.unique_name("tag")]), needs=DELETING)


@check(
    title="An article that is deleted twice at the same moment is gone, and nobody sees an error",
    aspect=Aspect.CONCURRENCY,
    stage=6,
    clause="M1",
    why=DOUBLE_CLICK,
    hint=DELETED_MEANWHILE_HINT,
    skills=SKILLS,
    lab=True,
)
async def an_article_is_deleted_twice_at_once(world: Conduit) -> None:
    author, fan = await world.sign_up(), await world.sign_up()

    async def new_race() -> Race:
        article = await author.publish(tagList=[world.unique_name("tag")])
        await fan.add_comment(article)
        await fan.likes(article)
        return Race(
            first=lambda: author.delete(article),
            second=lambda: author.delete(article),
            read_state=lambda: remaining_traces(author, article),
            classify=deletion_response_class,
        )

    await serializable(world, new_race, needs=DELETING, symmetric=True)


@check(
    title="A comment on an article that is just being deleted leaves nothing behind",
    aspect=Aspect.CONCURRENCY,
    stage=6,
    clause="M1",
    why="A comment that belongs to no article: it can be neither seen nor deleted, and the one who "
    "wrote it was told that all is well, or of a failure.",
    hint=DELETED_MEANWHILE_HINT,
    skills=SKILLS,
    lab=True,
)
async def a_comment_is_written_while_its_article_goes(world: Conduit) -> None:
    author, reader = await world.sign_up(), await world.sign_up()

    async def new_race() -> Race:
        article, text = await author.publish(), world.sentence()

        async def read_state() -> Any:
            left = await rows_containing(world.database, text) if world.context.database else []
            return {
                "the article": (await author.read(article)).status,
                "its comments": (await author.comments(article)).status,
                "rows that hold the comment": len(left),
            }

        return Race(
            first=lambda: reader.comment(article, text),
            second=lambda: author.delete(article),
            read_state=read_state,
            classify=deletion_response_class,
        )

    await serializable(world, new_race, needs=COMMENTING)


@check(
    title="A comment that is deleted twice at the same moment is gone, and nobody sees an error",
    aspect=Aspect.CONCURRENCY,
    stage=6,
    clause="M1",
    why=DOUBLE_CLICK,
    hint=DELETED_MEANWHILE_HINT,
    skills=SKILLS,
    lab=True,
)
async def a_comment_is_deleted_twice_at_once(world: Conduit) -> None:
    author, reader = await world.sign_up(), await world.sign_up()

    async def new_race() -> Race:
        article = await author.publish()
        comment, other = await reader.add_comment(article), await reader.add_comment(article)

        async def read_state() -> Any:
            left = (await author.comments(article)).each("comments", "id")
            return {"only the other comment is left": left == [other.id]}

        return Race(
            first=lambda: reader.delete_comment(article, comment.id),
            second=lambda: reader.delete_comment(article, comment.id),
            read_state=read_state,
            classify=deletion_response_class,
        )

    await serializable(world, new_race, needs="its-writer-can-delete-a-comment", symmetric=True)


async def remaining_traces(author: Person, article: Article, tags: Sequence[str] = ()) -> Any:
    """Say what is still to be seen of an article: at its address, in lists, under its tags."""
    titles = [title for _, title in await articles_by(author)]
    shown = (await author.tags()).each("tags")
    return {
        "at its address": (await author.read(article)).status,
        "in the list": titles.count(article.sent["title"]),
        "its tags in the list of tags": len({*article.sent["tagList"], *tags}.intersection(shown)),
    }
