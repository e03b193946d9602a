"""GET requests write nothing to the database (W4)."""

from __future__ import annotations

from worksample.checks import Aspect, CheckFailed, Finding, check, shorten
from worksample.probes.work import repeated_writes

from .read_cost_survey import LISTS, SIZES, survey
from .world import Conduit

SKILLS = ("sql", "relational-databases", "performance-scalability")


async def _expect_nothing_written(world: Conduit, *views: str) -> None:
    costs = await survey(world)
    for view in views:
        seen = costs.of(view, SIZES[-1])
        written = repeated_writes(seen.times)
        if written:
            raise CheckFailed(
                Finding(
                    expected=f"{view}: reading it writes nothing to the database",
                    actual=f"every read writes: {shorten(written[0])}",
                    exchanges=(seen.answer.exchange,),
                    culprit=0,
                    details=tuple(shorten(shape) for shape in written),
                    hint="Collect view counts and timestamps in memory, and write them in batches.",
                )
            )


@check(
    title="Whoever reads an article or its comments writes nothing",
    aspect=Aspect.PERFORMANCE,
    stage=7,
    clause="W4",
    why="A view counter in the row of the article makes its readers wait for each other's row "
    "lock, longer the more there are.",
    skills=SKILLS,
    lab=True,
)
async def reading_an_article_writes_nothing(world: Conduit) -> None:
    await _expect_nothing_written(
        world, "a plain article", "a popular article", "one comment", "many comments"
    )


@check(
    title="Whoever looks at lists, the feed, profiles or tags writes nothing",
    aspect=Aspect.PERFORMANCE,
    stage=7,
    clause="W4",
    why="Updating a last-seen time at every request makes the cheapest requests the most "
    "expensive, and no read replica can serve them.",
    skills=SKILLS,
    lab=True,
)
async def looking_around_writes_nothing(world: Conduit) -> None:
    await _expect_nothing_written(world, *LISTS, "a profile", "the tags")
