"""The rows, bytes and CPU time of a page depend on what it shows, not on the data."""

from __future__ import annotations

from worksample.checks import (
    Answer,
    Aspect,
    CheckFailed,
    Finding,
    Growth,
    Skipped,
    World,
    expect,
)
from worksample.checks.suite import Suite
from worksample.messages import message
from worksample.suites.growth import expect_no_longer_answer, expect_no_more_rows
from worksample.suites.read_costs import FAR_PAGE, PAGE, SIZES, GrowingData, Survey, survey

_LIMIT_HINT = "Let the database select the page: ORDER BY ... LIMIT ... OFFSET."
_COUNT_HINT = "Let the database count: SELECT count(*)."
_MAX_PAGE_SIZE = 100
_SUSPECTED_CPU_GROWTH, _CERTAIN_CPU_GROWTH = 1.8, 2.5
SUITE = Suite[GrowingData](
    "page-costs",
    GrowingData,
    aspect=Aspect.PERFORMANCE,
    skills=("sql", "relational-databases", "performance-scalability"),
)


@SUITE.check(
    title="A page fetches what it shows",
    why="A server that loads every row to show twenty, or to count them, slows down with each row "
    "and finally runs out of memory.",
    lab=True,
)
async def a_page_fetches_what_it_shows(world: World, data: GrowingData) -> None:
    """Judge the rows of each page when there are more entries than it shows.

    The slack is half of the added entries, at most two pages: more rows than that mean that the
    server fetches most of the list.
    """
    costs = await survey(world, data)
    for view in costs.measured(world, data.views):
        points = [(size, costs.of(view, size)) for size in SIZES]
        whole = [(size, seen) for size, seen in points if seen.entries == PAGE]
        added = min(whole[-1][0] - whole[0][0], 4 * PAGE)
        hint = f"{_LIMIT_HINT} {_COUNT_HINT}"
        expect_no_more_rows(
            view, whole, message("{noun} in all", noun=data.noun), slack=added // 2, hint=hint
        )


@SUITE.check(
    title="A page far down the list fetches no more rows than the first",
    why="Crawlers read every list to its end: if a page loads all pages before it, the last one "
    "costs a hundred times as much as the first.",
    lab=True,
)
async def a_far_page_fetches_what_it_shows(world: World, data: GrowingData) -> None:
    costs = await survey(world, data)
    points = [(0, costs.of(data.busiest[0])), (SIZES[-1] - 2 * PAGE, costs.of(FAR_PAGE))]
    slack = SIZES[-1] // 4
    expect_no_more_rows(
        "a page", points, message("{noun} before it", noun=data.noun), slack=slack, hint=_LIMIT_HINT
    )


@SUITE.check(
    title="What hangs on an object is counted by the database",
    why="Fetching all rows only to count them works until there are many.",
    lab=True,
)
async def what_hangs_on_it_is_counted_by_the_database(world: World, data: GrowingData) -> None:
    costs = await survey(world, data)
    for each in costs.comparable(world, data.comparisons):
        points = costs.pair(each)
        expect_no_more_rows(each.name, points, each.size_of, slack=each.slack, hint=_COUNT_HINT)


@SUITE.check(
    title="An answer does not grow with what hangs on it",
    why="An answer that includes everything that hangs on an object is megabytes long once the "
    "object is popular.",
    skills=("rest", "api-design", "performance-scalability"),
    lab=True,
)
async def an_answer_does_not_grow_with_what_hangs_on_it(world: World, data: GrowingData) -> None:
    costs = await survey(world, data)
    for each in costs.comparable(world, data.comparisons):
        expect_no_longer_answer(each.name, costs.pair(each), each.size_of, slack=each.slack)
    for view in costs.measured(world, data.busiest[:1]):
        expect_no_longer_answer(
            message("a page of {noun}", noun=data.noun),
            [(size, costs.of(view, size)) for size in SIZES],
            message("{noun} in all", noun=data.noun),
            slack=40 * PAGE,
        )


@SUITE.check(
    title="A page never holds more than 100 entries, whatever limit says",
    why="Without a maximum, one client can make the server fetch, build and send the whole table, "
    "as often as it likes.",
    cites="OWASP API4:2023 (CWE-770)",
    skills=("rest", "api-design"),
    lab=True,
)
async def a_page_never_holds_more_than_a_hundred(world: World, data: GrowingData) -> None:
    costs = await survey(world, data)
    costs.measured(world, data.busiest)
    for answer, member in costs.oversized:
        _expect_capped(answer, member, data.noun)


def _expect_capped(answer: Answer, member: str, noun: str) -> None:
    """Expect at most 100 entries; rejecting the limit with a 4xx is fine, too."""
    if 400 <= answer.status < 500:
        return
    shown = len(expect(answer).ok().each(member))
    if shown > _MAX_PAGE_SIZE:
        raise answer.failure(
            message("at most {most} {noun} on a page", most=_MAX_PAGE_SIZE, noun=noun),
            message("{shown} {noun}", shown=shown, noun=noun),
            hint="Cap `limit`.",
        )


@SUITE.check(
    title="Reading a page takes no more CPU when there are sixteen times as many entries",
    why="If the CPU time of a page grows with the table, the server needs a larger machine every "
    "year.",
    hint="Look for a loop over all rows: let the database sort, filter and count.",
    skills=("performance-scalability", "algorithms"),
    lab=True,
)
async def a_page_takes_the_same_cpu_however_many_there_are(world: World, data: GrowingData) -> None:
    costs = await survey(world, data)
    if not costs.cpu:
        raise Skipped("this system cannot pin the server to one core, which the measurement needs")
    for view in costs.measured(world, data.busiest):
        small, large = costs.cpu[view, SIZES[0]], costs.cpu[view, SIZES[-1]]
        least = min(b.relative for b in large) / max(a.relative for a in small)
        most = max(b.relative for b in large) / min(a.relative for a in small)
        if least >= _CERTAIN_CPU_GROWTH:
            raise CheckFailed(_cpu_growth_finding(costs, view, least, data.noun))
        if most >= _SUSPECTED_CPU_GROWTH:
            world.note(
                message(
                    "{view}: {least} to {most} times the CPU time: too close to judge",
                    view=view,
                    least=f"{least:.1f}",
                    most=f"{most:.1f}",
                )
            )


def _cpu_growth_finding(costs: Survey, view: str, times: float, noun: str) -> Finding:
    sizes = (SIZES[0], SIZES[-1])
    spent = [1000 * min(each.seconds for each in costs.cpu[view, size]) for size in sizes]
    return Finding(
        expected=message(
            "{view}: about {before} ms of CPU for a page of {page} with {most} "
            "{noun}, as with {least}",
            view=view,
            before=f"{spent[0]:.2f}",
            page=PAGE,
            most=sizes[1],
            noun=noun,
            least=sizes[0],
        ),
        actual=message(
            "{after} ms, at least {times} times as much",
            after=f"{spent[1]:.2f}",
            times=f"{times:.1f}",
        ),
        exchanges=(costs.of(view).answer.exchange,),
        culprit=0,
        figures=(
            Growth(
                title=message("CPU for {view}", view=view),
                size_of=message("{noun} in all", noun=noun),
                unit="ms of CPU",
                sizes=tuple(map(float, sizes)),
                lines=((view, tuple(spent)),),
            ),
        ),
    )
