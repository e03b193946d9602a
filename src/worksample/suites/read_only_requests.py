"""Reading writes nothing to the database."""

from __future__ import annotations

from worksample.checks import Aspect, CheckFailed, Finding, World, shorten
from worksample.checks.suite import Suite
from worksample.messages import message
from worksample.probes.work import repeated_writes
from worksample.suites.read_costs import GrowingData, survey

SUITE = Suite[GrowingData](
    "read-only-requests",
    GrowingData,
    aspect=Aspect.PERFORMANCE,
    skills=("sql", "relational-databases", "performance-scalability"),
)


@SUITE.check(
    title="Whoever only reads writes nothing",
    why="Updating a row at every read makes its readers wait for each other, and no read replica "
    "can serve them.",
    lab=True,
)
async def reading_writes_nothing(world: World, data: GrowingData) -> None:
    costs = await survey(world, data)
    for view in costs.measured(world, data.views):
        seen = costs.of(view)
        written = repeated_writes(seen.times)
        if written:
            raise CheckFailed(
                Finding(
                    expected=message(
                        "{view}: reading it writes nothing to the database", view=view
                    ),
                    actual=message("every read writes: {written}", written=shorten(written[0])),
                    exchanges=(seen.answer.exchange,),
                    culprit=0,
                    details=tuple(shorten(shape) for shape in written),
                    hint="Collect view counts and timestamps in memory, and write them in batches.",
                )
            )
