"""The number of database statements for a page of articles (N+1)."""

from __future__ import annotations

from worksample.checks import Aspect, check

from .growth import expect_no_more_statements
from .read_cost_survey import LIMITS, SIZES, survey
from .world import Conduit

SKILLS = ("sql", "relational-databases", "performance-scalability")
#: Half of the 19 additional entries: a smaller growth can come from statements that are only sent
#: for some entries.
HALF = (LIMITS[-1] - LIMITS[0]) // 2


async def expect_constant_statement_count(world: Conduit, *views: str) -> None:
    """Expect each of `views` to cost as many statements with twenty entries as with one."""
    made = await survey(world)
    for view in views:
        points = [(limit, made.of(view, SIZES[-1], limit)) for limit in LIMITS]
        expect_no_more_statements(view, points, "articles on the page", slack=HALF)


@check(
    title="A page of articles costs the same statements, whether it shows one or twenty",
    aspect=Aspect.PERFORMANCE,
    stage=7,
    clause="W1",
    why="One statement per entry is 21 round trips instead of one or two: it is not noticed on a "
    "laptop and is the first thing to fall over in production (N+1).",
    skills=SKILLS,
    lab=True,
)
async def a_page_costs_the_same_for_one_or_twenty(world: Conduit) -> None:
    await expect_constant_statement_count(world, "articles")
