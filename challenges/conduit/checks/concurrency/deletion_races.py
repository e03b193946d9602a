"""Races between a deletion and another request for the same article or comment (M1)."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Any

from worksample.checks import Race, deletion_response_class
from worksample.suites.races import (
    DELETED_MEANWHILE_HINT,
    RaceFactory,
    pair_of_writes,
)

from ..operations import COMMENT, DELETE_ARTICLE, DELETE_COMMENT, EDIT_ARTICLE
from ..titled_articles import articles_by
from ..world import COMMENTING, DELETING, Article, Conduit, Person

DOUBLE_CLICK = "Impatient users click twice; the second request must not fail with a 5xx."

race = partial(pair_of_writes, clause="M1", stage=6)


@race(
    title="An article that is deleted while it is edited is gone, and nobody sees an error",
    operations=(EDIT_ARTICLE, DELETE_ARTICLE),
    why="Otherwise a deleted article comes back, completely or in part, or the author gets a 5xx.",
    hint=DELETED_MEANWHILE_HINT,
    needs=DELETING,
)
async def an_article_is_edited_while_it_is_deleted(world: Conduit) -> Sequence[RaceFactory]:
    author = await world.own_member()

    async def new_race(tags: Sequence[str] = ()) -> Race:
        article = await author.publish(tagList=[world.unique_name("tag")])
        sent = {"description": world.sentence(), **({"tagList": tags} if tags else {})}
        return Race(
            first=lambda: author.edit(article, **sent),
            second=lambda: author.delete(article),
            read_state=lambda: remaining_traces(author, article, tags),
            classify=deletion_response_class,
        )

    return new_race, lambda: new_race([world.unique_name("tag")])


@race(
    title="An article that is deleted twice at the same moment is gone, and nobody sees an error",
    operations=(DELETE_ARTICLE,),
    why=DOUBLE_CLICK,
    hint=DELETED_MEANWHILE_HINT,
    needs=DELETING,
    symmetric=True,
)
async def an_article_is_deleted_twice_at_once(world: Conduit) -> RaceFactory:
    author, fan = await world.own_member(), await world.shared_member()

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

    return new_race


@race(
    title="A comment on an article that is just being deleted leaves nothing behind",
    operations=(COMMENT, DELETE_ARTICLE),
    why="A comment without an article can be neither seen nor deleted, although its author got a "
    "201 or a 5xx.",
    hint=DELETED_MEANWHILE_HINT,
    needs=COMMENTING,
)
async def a_comment_is_written_while_its_article_goes(world: Conduit) -> RaceFactory:
    author, reader = await world.shared_member(), await world.shared_member()

    async def new_race() -> Race:
        article, text = await author.publish(), world.sentence()

        async def read_state() -> Any:
            left = await world.database.rows_containing(text) if world.context.database else []
            return {
                "status of the article": (await author.read(article)).status,
                "status of its comments": (await author.comments(article)).status,
                "rows with the comment": len(left),
            }

        return Race(
            first=lambda: reader.comment(article, text),
            second=lambda: author.delete(article),
            read_state=read_state,
            classify=deletion_response_class,
        )

    return new_race


@race(
    title="A comment that is deleted twice at the same moment is gone, and nobody sees an error",
    operations=(DELETE_COMMENT,),
    why=DOUBLE_CLICK,
    hint=DELETED_MEANWHILE_HINT,
    needs=DELETE_COMMENT.proven_by,
    symmetric=True,
)
async def a_comment_is_deleted_twice_at_once(world: Conduit) -> RaceFactory:
    author, reader = await world.shared_member(), await world.shared_member()

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

    return new_race


async def remaining_traces(author: Person, article: Article, tags: Sequence[str] = ()) -> Any:
    """Return what is left of an article: its status, its entries in the list, its tags."""
    titles = [title for _, title in await articles_by(author)]
    shown = (await author.tags()).each("tags")
    return {
        "status of the article": (await author.read(article)).status,
        "entries in the list": titles.count(article.sent["title"]),
        "its tags in GET /tags": len({*article.sent["tagList"], *tags}.intersection(shown)),
    }
