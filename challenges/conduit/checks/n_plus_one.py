"""The number of statements is constant, whatever a page shows and however large the data (W1)."""

from __future__ import annotations

from worksample.checks import Aspect, check

from .dataset import PAGE
from .first_page import HALF, SKILLS, expect_constant_statement_count
from .growth import expect_no_more_statements
from .read_cost_survey import LISTS, SIZES, survey
from .world import Conduit

_SLACK = 6


@check(
    title="What depends on the one who asks costs no statement for each article",
    aspect=Aspect.PERFORMANCE,
    stage=7,
    clause="W1",
    why="Whether the user follows the author and likes the article is often queried once per "
    "entry, and only signed-in users pay for it.",
    skills=SKILLS,
    lab=True,
)
async def a_page_for_a_member_costs_the_same_for_one_or_twenty(world: Conduit) -> None:
    await expect_constant_statement_count(world, "articles, signed in")


@check(
    title="A narrowed page costs the same statements, whether it shows one article or twenty",
    aspect=Aspect.PERFORMANCE,
    stage=7,
    clause="W1",
    why="Each filter often has a query of its own, and each query may have an N+1 of its own.",
    skills=SKILLS,
    lab=True,
)
async def a_narrowed_page_costs_the_same_for_one_or_twenty(world: Conduit) -> None:
    await expect_constant_statement_count(world, "by tag", "by author", "favourites")


@check(
    title="The feed costs the same statements, whether it shows one article or twenty",
    aspect=Aspect.PERFORMANCE,
    stage=7,
    clause="W1",
    why="Members open the feed most often: its cost is multiplied by all of them.",
    skills=SKILLS,
    lab=True,
)
async def the_feed_costs_the_same_for_one_or_twenty(world: Conduit) -> None:
    await expect_constant_statement_count(world, "the feed")


@check(
    title="Comments cost the same statements, whether there is one or twenty",
    aspect=Aspect.PERFORMANCE,
    stage=7,
    clause="W1",
    why="Most people read an article while it is discussed: with one statement per comment it is "
    "slowest just then.",
    skills=SKILLS,
    lab=True,
)
async def comments_cost_the_same_for_one_or_twenty(world: Conduit) -> None:
    costs = await survey(world)
    points = [(1, costs.of("one comment")), (PAGE, costs.of("many comments"))]
    expect_no_more_statements("the comments of an article", points, "comments", slack=HALF)


@check(
    title="An article costs the same statements, however many people like it",
    aspect=Aspect.PERFORMANCE,
    stage=7,
    clause="W1",
    why="Popular articles are read most often: they must not cost more than others.",
    skills=SKILLS,
    lab=True,
)
async def an_article_costs_the_same_however_popular(world: Conduit) -> None:
    costs = await survey(world)
    article = [(0, costs.of("a plain article")), (PAGE, costs.of("a popular article"))]
    profile = [(0, costs.of("a profile", SIZES[1])), (PAGE, costs.of("a profile", SIZES[2]))]
    expect_no_more_statements("an article", article, "people who like it", slack=_SLACK)
    expect_no_more_statements("a profile", profile, "people who follow it", slack=_SLACK)


@check(
    title="A page costs the same statements, however many articles there are",
    aspect=Aspect.PERFORMANCE,
    stage=7,
    clause="W1",
    why="Such a page is fast on launch day and slow a year later.",
    skills=SKILLS,
    lab=True,
)
async def a_page_costs_the_same_however_many_there_are(world: Conduit) -> None:
    costs = await survey(world)
    for view in [*LISTS, "the tags"]:
        points = [(size, costs.of(view, size)) for size in SIZES]
        whole = [(size, seen) for size, seen in points if seen.entries in (0, PAGE)]
        expect_no_more_statements(view, whole, "articles in all", slack=_SLACK)
