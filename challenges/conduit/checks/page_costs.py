"""The rows, bytes and CPU time of a page depend on what it shows, not on the data (W1, W2)."""

from __future__ import annotations

from worksample.checks import Answer, Aspect, CheckFailed, Finding, Growth, Skipped, check, expect

from .dataset import PAGE
from .growth import expect_no_longer_answer, expect_no_more_rows
from .list_assertions import slugs_in
from .read_cost_survey import CPU_VIEWS, FAR_PAGE, SIZES, Survey, survey
from .world import Conduit

SKILLS = ("sql", "relational-databases", "performance-scalability")
_LIMIT_HINT = "Let the database select the page: ORDER BY ... LIMIT ... OFFSET."
_COUNT_HINT = "Let the database count: SELECT count(*)."
_MAX_PAGE_SIZE = 100
_SUSPECTED_CPU_GROWTH, _CERTAIN_CPU_GROWTH = 1.8, 2.5


def _expect_constant_rows(costs: Survey, *views: str) -> None:
    """Expect that a page fetches as many rows when there are more articles than it shows.

    The slack is half of the added articles, at most two pages: more rows than that mean that the
    server fetches most of the list.
    """
    for view in views:
        points = [(size, costs.of(view, size)) for size in SIZES]
        whole = [(size, seen) for size, seen in points if seen.entries == PAGE]
        added = min(whole[-1][0] - whole[0][0], 4 * PAGE)
        hint = f"{_LIMIT_HINT} {_COUNT_HINT}"
        expect_no_more_rows(view, whole, "articles in all", slack=added // 2, hint=hint)


@check(
    title="A page of articles fetches what it shows",
    aspect=Aspect.PERFORMANCE,
    stage=7,
    clause="W2",
    why="A server that loads every article to show twenty, or to count them, slows down with each "
    "article and finally runs out of memory.",
    skills=SKILLS,
    lab=True,
)
async def a_page_fetches_what_it_shows(world: Conduit) -> None:
    _expect_constant_rows(await survey(world), "articles", "articles, signed in")


@check(
    title="A narrowed page fetches what it shows",
    aspect=Aspect.PERFORMANCE,
    stage=7,
    clause="W2",
    why="The list of a tag that everyone uses is as long as the list of all articles.",
    skills=SKILLS,
    lab=True,
)
async def a_narrowed_page_fetches_what_it_shows(world: Conduit) -> None:
    _expect_constant_rows(await survey(world), "by tag", "by author", "favourites")


@check(
    title="The feed fetches what it shows",
    aspect=Aspect.PERFORMANCE,
    stage=7,
    clause="W2",
    why="The most active members follow the most people, and wait longest.",
    skills=SKILLS,
    lab=True,
)
async def the_feed_fetches_what_it_shows(world: Conduit) -> None:
    _expect_constant_rows(await survey(world), "the feed")


@check(
    title="A page far down the list fetches no more rows than the first",
    aspect=Aspect.PERFORMANCE,
    stage=7,
    clause="W2",
    why="Crawlers read every list to its end: if a page loads all pages before it, the last one "
    "costs a hundred times as much as the first.",
    skills=SKILLS,
    lab=True,
)
async def a_far_page_fetches_what_it_shows(world: Conduit) -> None:
    costs = await survey(world)
    points = [(0, costs.of("articles")), (SIZES[-1] - 2 * PAGE, costs.of(FAR_PAGE))]
    slack = SIZES[-1] // 4
    expect_no_more_rows("a page", points, "articles before it", slack=slack, hint=_LIMIT_HINT)


@check(
    title="Those who like an article or follow a person are counted by the database",
    aspect=Aspect.PERFORMANCE,
    stage=7,
    clause="W2",
    why="Fetching all fans of an article only to count them works until an article has many.",
    skills=SKILLS,
    lab=True,
)
async def likes_are_counted_by_the_database(world: Conduit) -> None:
    costs = await survey(world)
    article = [(0, costs.of("a plain article")), (PAGE, costs.of("a popular article"))]
    profile = [(0, costs.of("a profile", SIZES[1])), (PAGE, costs.of("a profile", SIZES[2]))]
    half = PAGE // 2
    expect_no_more_rows("an article", article, "people who like it", slack=half, hint=_COUNT_HINT)
    expect_no_more_rows("a profile", profile, "people who follow it", slack=half, hint=_COUNT_HINT)


@check(
    title="An answer does not grow with what hangs on it",
    aspect=Aspect.PERFORMANCE,
    stage=7,
    clause="W2",
    why="An article that includes all its fans, or its whole discussion, is megabytes long once "
    "it is popular.",
    skills=("rest", "api-design", "performance-scalability"),
    lab=True,
)
async def an_answer_does_not_grow_with_what_hangs_on_it(world: Conduit) -> None:
    costs = await survey(world)
    for view, size_of in (("a popular article", "people who like it"), ("a profile", "followers")):
        points = [(0, costs.of(view, SIZES[1])), (PAGE, costs.of(view, SIZES[2]))]
        expect_no_longer_answer(view, points, size_of, slack=5 * PAGE)
    pages = [(size, costs.of("articles", size)) for size in SIZES]
    slack = 40 * PAGE
    expect_no_longer_answer("a page of articles", pages, "articles in all", slack=slack)


@check(
    title="A page never holds more than 100 articles, whatever limit says",
    aspect=Aspect.PERFORMANCE,
    stage=7,
    clause="W2",
    why="Without a maximum, one client can make the server fetch, build and send the whole table, "
    "as often as it likes.",
    cites="OWASP API4:2023 (CWE-770)",
    skills=("rest", "api-design"),
    lab=True,
)
async def a_page_never_holds_more_than_a_hundred(world: Conduit) -> None:
    costs = await survey(world)
    for answer in costs.oversized:
        _expect_capped(answer)


def _expect_capped(answer: Answer) -> None:
    """Expect at most 100 articles; rejecting the limit with a 4xx is fine, too."""
    if 400 <= answer.status < 500:
        return
    shown = len(slugs_in(expect(answer).ok()))
    if shown > _MAX_PAGE_SIZE:
        raise answer.failure(
            f"at most {_MAX_PAGE_SIZE} articles on a page",
            f"{shown} articles",
            hint="Cap `limit`.",
        )


@check(
    title="Reading a page takes no more CPU when there are sixteen times as many articles",
    aspect=Aspect.PERFORMANCE,
    stage=7,
    clause="W1",
    why="If the CPU time of a page grows with the table, the server needs a larger machine every "
    "year.",
    hint="Look for a loop over all rows: let the database sort, filter and count.",
    skills=("performance-scalability", "algorithms"),
    lab=True,
)
async def a_page_takes_the_same_cpu_however_many_there_are(world: Conduit) -> None:
    costs = await survey(world)
    if not costs.cpu:
        raise Skipped("this system cannot pin the server to one core, which the measurement needs")
    for view in CPU_VIEWS:
        small, large = costs.cpu[view, SIZES[0]], costs.cpu[view, SIZES[-1]]
        least = min(b.relative for b in large) / max(a.relative for a in small)
        most = max(b.relative for b in large) / min(a.relative for a in small)
        if least >= _CERTAIN_CPU_GROWTH:
            raise CheckFailed(_cpu_growth_finding(costs, view, least))
        if most >= _SUSPECTED_CPU_GROWTH:
            world.remark(
                f"{view}: {least:.1f} to {most:.1f} times the CPU time: too close to judge"
            )


def _cpu_growth_finding(costs: Survey, view: str, times: float) -> Finding:
    sizes = (SIZES[0], SIZES[-1])
    spent = [1000 * min(each.seconds for each in costs.cpu[view, size]) for size in sizes]
    return Finding(
        expected=f"{view}: about {spent[0]:.2f} ms of CPU for a page of {PAGE} with {sizes[1]} "
        f"articles, as with {sizes[0]}",
        actual=f"{spent[1]:.2f} ms, at least {times:.1f} times as much",
        exchanges=(costs.of(view).answer.exchange,),
        culprit=0,
        figures=(
            Growth(
                title=f"CPU for {view}",
                size_of="articles in all",
                unit="ms of CPU",
                sizes=tuple(map(float, sizes)),
                lines=((view, tuple(spent)),),
            ),
        ),
    )
