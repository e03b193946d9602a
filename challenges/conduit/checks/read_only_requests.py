"""Reading writes nothing."""

from __future__ import annotations

from worksample.checks import Aspect, CheckFailed, Finding, check, shorten
from worksample.probes.work import repeated_writes

from .read_cost_survey import LISTS, SIZES, survey
from .world import Conduit

SKILLS = ("sql", "relational-databases", "performance-scalability")


async def _expect_nothing_written(world: Conduit, *views: str) -> None:
    made = await survey(world)
    for view in views:
        seen = made.of(view, SIZES[-1])
        written = repeated_writes(seen.times)
        if written:
            raise CheckFailed(
                Finding(
                    expected=f"{view}: nothing is written in the database to show it",
                    actual=f"written whenever it is looked at: {shorten(written[0])}",
                    exchanges=(seen.answer.exchange,),
                    culprit=0,
                    details=tuple(shorten(shape) for shape in written),
                    hint="What is counted or noted of readers is collected, and written now and "
                    "then for many of them.",
                )
            )


@check(
    title="Whoever reads an article or its comments writes nothing",
    aspect=Aspect.PERFORMANCE,
    stage=7,
    clause="W4",
    why="A view counter in the row of the article makes its readers wait for each other, and the "
    "more are reading, the longer.",
    skills=SKILLS,
    lab=True,
)
async def reading_an_article_writes_nothing(world: Conduit) -> None:
    await _expect_nothing_written(
        world, "a plain article", "a loved article", "one comment", "many comments"
    )


@check(
    title="Whoever looks at lists, the feed, profiles or tags writes nothing",
    aspect=Aspect.PERFORMANCE,
    stage=7,
    clause="W4",
    why="A note of when somebody was last seen, at every request, turns the cheapest requests into "
    "the dearest, and no copy of the database can answer them.",
    skills=SKILLS,
    lab=True,
)
async def looking_around_writes_nothing(world: Conduit) -> None:
    await _expect_nothing_written(world, *LISTS, "a profile", "the tags")
