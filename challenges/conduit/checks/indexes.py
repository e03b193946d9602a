"""The look-ups, one by one: each has its index."""

from __future__ import annotations

from worksample.checks import Aspect, check

from .missing_indexes import SKILLS, expect_indexed
from .world import Conduit


@check(
    title="Signing in finds the account by an index",
    aspect=Aspect.PERFORMANCE,
    stage=7,
    clause="W2",
    why="lower(email) is not found by an index on email: on the morning on which everybody comes "
    "back, every sign-in reads all accounts.",
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
    why="Profiles are looked up by name all over the site.",
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
    why="A key of (article, tag) finds the tags of an article, not the articles of a tag.",
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
    why="A foreign key makes no index by itself: each visit to a writer's page reads all articles.",
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
    why="A key of (article, person) finds who likes an article, not what a person likes.",
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
    why="Every member opens it, every day.",
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
    why="Without it every discussion costs as much as all discussions together.",
    skills=SKILLS,
    lab=True,
)
async def comments_are_found_by_an_index(world: Conduit) -> None:
    await expect_indexed(world, "comments")
