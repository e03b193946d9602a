"""The number of statements is constant, whatever a page shows and however large the data (N+1)."""

from __future__ import annotations

from worksample.checks import Aspect, World
from worksample.checks.suite import Suite
from worksample.messages import message
from worksample.suites.growth import expect_no_more_statements
from worksample.suites.read_costs import LIMITS, PAGE, SIZES, GrowingData, survey

#: Half of the 19 additional entries: a smaller growth can come from statements that are only sent
#: for some entries.
HALF = (LIMITS[-1] - LIMITS[0]) // 2
SLACK = 6
SUITE = Suite[GrowingData](
    "statement-counts",
    GrowingData,
    aspect=Aspect.PERFORMANCE,
    skills=("sql", "relational-databases", "performance-scalability"),
)


@SUITE.check(
    title="A page costs the same statements, whether it shows one entry or twenty",
    why="One statement per entry is 21 round trips instead of one or two: it is not noticed on a "
    "laptop and is the first thing to fall over in production (N+1).",
    lab=True,
)
async def a_page_costs_the_same_for_one_or_twenty(world: World, data: GrowingData) -> None:
    costs = await survey(world, data)
    for view in costs.measured(world, data.views):
        points = [(limit, costs.of(view, SIZES[-1], limit)) for limit in LIMITS]
        expect_no_more_statements(
            view, points, message("{noun} on the page", noun=data.noun), slack=HALF
        )


@SUITE.check(
    title="What hangs on an object costs no statement for each",
    why="The most popular objects are read most often: they must not cost more than others.",
    lab=True,
)
async def what_hangs_on_it_costs_no_more_statements(world: World, data: GrowingData) -> None:
    costs = await survey(world, data)
    for each in costs.comparable(world, data.comparisons):
        expect_no_more_statements(each.name, costs.pair(each), each.size_of, slack=each.slack)


@SUITE.check(
    title="A page costs the same statements, however many entries there are",
    why="Such a page is fast on launch day and slow a year later.",
    lab=True,
)
async def a_page_costs_the_same_however_many_there_are(world: World, data: GrowingData) -> None:
    costs = await survey(world, data)
    for view in costs.measured(world, data.views):
        points = [(size, costs.of(view, size)) for size in SIZES]
        whole = [(size, seen) for size, seen in points if seen.entries in (0, PAGE)]
        expect_no_more_statements(
            view, whole, message("{noun} in all", noun=data.noun), slack=SLACK
        )
