"""Each frequent lookup uses an index (W2)."""

from __future__ import annotations

from worksample.checks import Aspect, check

from .missing_indexes import ARTICLE, SKILLS, expect_indexed
from .world import Conduit


@check(
    title="An article, and all that is shown with it, is found by an index",
    aspect=Aspect.PERFORMANCE,
    stage=7,
    clause="W2",
    why="Without an index the database reads every article to show one. With a hundred articles "
    "no one notices; with a million every reader waits.",
    skills=SKILLS,
    lab=True,
)
async def an_article_is_found_by_an_index(world: Conduit) -> None:
    await expect_indexed(world, ARTICLE)


@check(
    title="Signing in finds the account by an index",
    aspect=Aspect.PERFORMANCE,
    stage=7,
    clause="W2",
    why="A query by lower(email) cannot use an index on email: every sign-in then reads all "
    "accounts.",
    skills=SKILLS,
    lab=True,
)
async def signing_in_finds_the_account_by_an_index(world: Conduit) -> None:
    await expect_indexed(world, "signing in")


@check(
    title="A profile is found by an index",
    aspect=Aspect.PERFORMANCE,
    stage=7,
    clause="W2",
    why="Almost every page looks up a profile by name.",
    skills=SKILLS,
    lab=True,
)
async def a_profile_is_found_by_an_index(world: Conduit) -> None:
    await expect_indexed(world, "a profile")


@check(
    title="The articles of a tag are found by an index",
    aspect=Aspect.PERFORMANCE,
    stage=7,
    clause="W2",
    why="An index on (article, tag) serves the tags of an article, not the articles of a tag.",
    skills=SKILLS,
    lab=True,
)
async def a_tag_is_found_by_an_index(world: Conduit) -> None:
    await expect_indexed(world, "a tag")


@check(
    title="The articles of an author are found by an index",
    aspect=Aspect.PERFORMANCE,
    stage=7,
    clause="W2",
    why="PostgreSQL creates no index for a foreign key: each view of an author reads all articles.",
    skills=SKILLS,
    lab=True,
)
async def an_author_is_found_by_an_index(world: Conduit) -> None:
    await expect_indexed(world, "an author")


@check(
    title="The favourites of a person are found by an index",
    aspect=Aspect.PERFORMANCE,
    stage=7,
    clause="W2",
    why="An index on (article, person) serves the fans of an article, not the favourites of a "
    "person.",
    skills=SKILLS,
    lab=True,
)
async def favourites_are_found_by_an_index(world: Conduit) -> None:
    await expect_indexed(world, "favourites")


@check(
    title="The feed is found by indexes",
    aspect=Aspect.PERFORMANCE,
    stage=7,
    clause="W2",
    why="Every member opens the feed every day.",
    skills=SKILLS,
    lab=True,
)
async def the_feed_is_found_by_indexes(world: Conduit) -> None:
    await expect_indexed(world, "the feed")


@check(
    title="The comments of an article are found by an index",
    aspect=Aspect.PERFORMANCE,
    stage=7,
    clause="W2",
    why="Without an index, reading one discussion costs as much as reading all of them.",
    skills=SKILLS,
    lab=True,
)
async def comments_are_found_by_an_index(world: Conduit) -> None:
    await expect_indexed(world, "comments")
