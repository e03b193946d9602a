"""Changing a title: the article is found at the slug that the answer holds (R5)."""

from __future__ import annotations

from worksample.checks import Aspect, Words, check, expect
from worksample.suites import new_titles

from ..list_assertions import expect_articles
from ..titled_articles import TitledArticles
from ..world import Conduit

CHECKS = new_titles.SUITE.checks(
    TitledArticles,
    clause="R5",
    rules={"reuse": "R9", "limit": "G9"},
    stage=3,
    words={
        "a-new-title-may-be-one-that-is-taken": Words(
            title="An article whose new title is taken is found where the answer says",
            why="An edit creates a slug too, and often without testing whether it is free.",
        ),
        "a-new-title-may-be-any": Words(
            id="an-article-can-be-given-any-title",
            title="An article can get any title afterwards that it could have had before",
            why="An article whose new title yields no slug is lost, with all its comments.",
        ),
        "a-title-does-not-stand-in-its-own-way": Words(
            why="Front ends send the whole form even if only the text was changed. If an article "
            "conflicts with its own slug, it cannot be edited at all."
        ),
        "a-left-title-can-be-used-by-others": Words(
            title="The address that an article left leads to no other article's text",
            why="The old title is free again. The next article under it must not overwrite, or be "
            "replaced by, the one that was renamed.",
        ),
    },
)


@check(
    title="After a new title the article is found where the answer says, with all it had",
    aspect=Aspect.BEHAVIOUR,
    stage=4,
    clause="R5",
    skills=new_titles.SUITE.skills,
    why="Nobody corrects a typing mistake in a title if it costs the link and the comments.",
)
async def a_new_title_takes_everything_along(world: Conduit) -> None:
    author, reader = await world.own_member(), await world.own_member()
    article = await author.publish(tagList=[world.unique_name("tag")])
    await reader.likes(article)
    comment = await reader.add_comment(article)
    moved = await author.edits(article, title=f"Moved to {world.unique_name('t')}")
    seen = await reader.reads(moved)
    expect(seen.at("article", "title"), "the title").equals(moved.sent["title"])
    expect(
        seen.at("article", "favorited"), "favorited, as the reader who marked it sees it"
    ).is_true()
    comments = expect(await world.visitor().comments(moved)).ok()
    expect(comments.each("comments", "id"), "the comments").equals([comment.id])
    expect_articles(
        await reader.list(author=author.username), moved, because="it is still one article"
    )
    expect_articles(
        await reader.list(favorited=reader.username), moved, because="it is still a favourite"
    )
