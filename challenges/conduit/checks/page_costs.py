"""What a page fetches and answers: what it shows, not everything there is."""

from __future__ import annotations

from worksample.checks import Answer, Aspect, CheckFailed, Finding, Growth, Skipped, check, expect

from .dataset import PAGE
from .growth import expect_no_longer_answer, expect_no_more_rows
from .list_assertions import slugs_in
from .read_cost_survey import CPU_VIEWS, FAR_PAGE, SIZES, Survey, survey
from .world import Conduit

SKILLS = ("sql", "relational-databases", "performance-scalability")
_LIMIT_HINT = "Let the database choose the page: ORDER BY ... LIMIT ... OFFSET."
_COUNT_HINT = "Let the database count: SELECT count(*)."
_MAX_PAGE_SIZE = 100
_SUSPECTED_CPU_GROWTH, _CERTAIN_CPU_GROWTH = 1.8, 2.5


def _expect_constant_rows(made: Survey, *views: str) -> None:
    """Expect that a page fetches no more rows when there is more than it shows.

    What is added to the list decides: a quarter of that many rows more is everything, or much.
    """
    for view in views:
        points = [(size, made.of(view, size)) for size in SIZES]
        whole = [(size, seen) for size, seen in points if seen.entries == PAGE]
        added = min(whole[-1][0] - whole[0][0], 4 * PAGE)
        hint = f"{_LIMIT_HINT} {_COUNT_HINT}"
        expect_no_more_rows(view, whole, "articles in all", slack=added // 2, hint=hint)


@check(
    title="A page of articles fetches what it shows",
    aspect=Aspect.PERFORMANCE,
    stage=7,
    clause="W2",
    why="Whoever loads every article to show twenty of them, or to count them, has a server that "
    "slows down with each article and one day runs out of memory.",
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
    why="A tag that everybody uses is a list as long as all articles.",
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
    why="Those who follow many are the best customers, and the first to wait.",
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
    why="Robots walk to the end of every list: a page that first loads all those before it makes "
    "the last ones a hundred times as dear as the first.",
    skills=SKILLS,
    lab=True,
)
async def a_far_page_fetches_what_it_shows(world: Conduit) -> None:
    made = await survey(world)
    points = [(0, made.of("articles")), (SIZES[-1] - 2 * PAGE, made.of(FAR_PAGE))]
    slack = SIZES[-1] // 4
    expect_no_more_rows("a page", points, "articles before it", slack=slack, hint=_LIMIT_HINT)


@check(
    title="Those who like an article or follow a person are counted by the database",
    aspect=Aspect.PERFORMANCE,
    stage=7,
    clause="W2",
    why="Fetching everybody who likes an article only to count them works until an article is "
    "liked by everybody.",
    skills=SKILLS,
    lab=True,
)
async def likes_are_counted_by_the_database(world: Conduit) -> None:
    made = await survey(world)
    article = [(0, made.of("a plain article")), (PAGE, made.of("a loved article"))]
    profile = [(0, made.of("a profile", SIZES[1])), (PAGE, made.of("a profile", SIZES[2]))]
    half = PAGE // 2
    expect_no_more_rows("an article", article, "people who like it", slack=half, hint=_COUNT_HINT)
    expect_no_more_rows("a profile", profile, "people who follow it", slack=half, hint=_COUNT_HINT)


@check(
    title="An answer does not grow with what hangs on it",
    aspect=Aspect.PERFORMANCE,
    stage=7,
    clause="W2",
    why="An article that brings along everybody who likes it, or its whole discussion, is "
    "megabytes on somebody's telephone once it is popular.",
    skills=("rest", "api-design", "performance-scalability"),
    lab=True,
)
async def an_answer_does_not_grow_with_what_hangs_on_it(world: Conduit) -> None:
    made = await survey(world)
    for view, size_of in (("a loved article", "people who like it"), ("a profile", "followers")):
        points = [(0, made.of(view, SIZES[1])), (PAGE, made.of(view, SIZES[2]))]
        expect_no_longer_answer(view, points, size_of, slack=5 * PAGE)
    pages = [(size, made.of("articles", size)) for size in SIZES]
    slack = 40 * PAGE
    expect_no_longer_answer("a page of articles", pages, "articles in all", slack=slack)


@check(
    title="A page never holds more than 100 articles, whatever limit says",
    aspect=Aspect.PERFORMANCE,
    stage=7,
    clause="W2",
    why="A limit that anybody can lift is none: one address is enough to fetch, build and send all "
    "that there is, as often as one likes.",
    cites="OWASP API4:2023 (CWE-770)",
    skills=("rest", "api-design"),
    lab=True,
)
async def a_page_never_holds_more_than_a_hundred(world: Conduit) -> None:
    made = await survey(world)
    for answer in made.endless:
        _expect_capped(answer)


def _expect_capped(answer: Answer) -> None:
    """A limit that is too big may be refused, too."""
    if 400 <= answer.status < 500:
        return
    shown = len(slugs_in(expect(answer).ok()))
    if shown > _MAX_PAGE_SIZE:
        raise answer.failure(
            f"at most {_MAX_PAGE_SIZE} articles on a page",
            f"{shown} articles",
            hint="Cap the limit.",
        )


@check(
    title="Reading a page takes no more CPU when there are sixteen times as many articles",
    aspect=Aspect.PERFORMANCE,
    stage=7,
    clause="W1",
    why="Work that grows with the data behind a page of the same size is what makes servers need "
    "a new machine every year.",
    hint="Look for a loop over everything: sorting, comparing or counting in the program what the "
    "database could.",
    skills=("performance-scalability", "algorithms"),
    lab=True,
)
async def a_page_takes_the_same_cpu_however_many_there_are(world: Conduit) -> None:
    made = await survey(world)
    if not made.costs:
        raise Skipped("needs to keep the server on one core, which this system does not give")
    for view in CPU_VIEWS:
        small, large = made.costs[view, SIZES[0]], made.costs[view, SIZES[-1]]
        least = min(b.relative for b in large) / max(a.relative for a in small)
        most = max(b.relative for b in large) / min(a.relative for a in small)
        if least >= _CERTAIN_CPU_GROWTH:
            raise CheckFailed(_cpu_growth_finding(made, view, least))
        if most >= _SUSPECTED_CPU_GROWTH:
            world.remark(f"{view}: {least:.1f} to {most:.1f} times the CPU: too close to be judged")


def _cpu_growth_finding(made: Survey, view: str, times: float) -> Finding:
    sizes = (SIZES[0], SIZES[-1])
    spent = [1000 * min(each.seconds for each in made.costs[view, size]) for size in sizes]
    return Finding(
        expected=f"{view}: about as much CPU for a page of {PAGE} with {sizes[1]} articles as "
        f"with {sizes[0]}, which is {spent[0]:.2f} ms",
        actual=f"at least {times:.1f} times as much: {spent[1]:.2f} ms",
        exchanges=(made.of(view).answer.exchange,),
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
