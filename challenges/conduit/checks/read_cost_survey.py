"""What reading costs in a town of 20, 80 and 320 articles: surveyed once, judged by many checks."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from functools import partial

from worksample.checks import Answer, Finding, Meaning, PreconditionFailed, precondition
from worksample.probes.cpu import Cost, ReferenceWorkload, can_pin, measure_cost, pinned, warm_up
from worksample.probes.work import Work, cheapest, measure_work

from .dataset import PAGE, Dataset, found
from .world import COMMENTING, READING, Conduit

SIZES = (20, 80, 320)
LIMITS = (1, 5, PAGE)
_REPEATS = 4
_WARM_UP_REQUESTS = 40
_LISTS = "a-new-article-is-in-the-list"
_PAGES = "limit-and-offset-choose-a-page"
_FEED = "the-feed-shows-whom-one-follows"
_NARROWED = "a-list-is-narrowed-by-tag"
_PROFILES = "anyone-can-see-a-profile"
_TAGS = "the-tags-in-use-are-listed-once"

Look = Callable[[Dataset, int], Awaitable[Answer]]

#: Name -> what is looked at, with a limit, and the check whose question it is that it works at all.
LISTS: dict[str, tuple[Look, str]] = {
    "articles": (lambda dataset, limit: dataset.visitor.list(limit=limit), _LISTS),
    "articles, signed in": (lambda dataset, limit: dataset.reader.list(limit=limit), _LISTS),
    "by tag": (
        lambda dataset, limit: dataset.visitor.list(tag=dataset.tag, limit=limit),
        _NARROWED,
    ),
    "by author": (
        lambda dataset, limit: dataset.visitor.list(
            author=dataset.main_author.username, limit=limit
        ),
        "a-list-is-narrowed-by-author",
    ),
    "favourites": (
        lambda dataset, limit: dataset.visitor.list(favorited=dataset.fan.username, limit=limit),
        "a-list-is-narrowed-to-favourites",
    ),
    "the feed": (lambda dataset, limit: dataset.reader.feed(limit=limit), _FEED),
}
SINGLES: dict[str, tuple[Look, str]] = {
    "a plain article": (lambda dataset, _: dataset.reader.read(dataset.plain_article), READING),
    "a loved article": (lambda dataset, _: dataset.reader.read(dataset.popular_article), READING),
    "one comment": (lambda dataset, _: dataset.reader.comments(dataset.plain_article), COMMENTING),
    "many comments": (
        lambda dataset, _: dataset.reader.comments(dataset.popular_article),
        COMMENTING,
    ),
    "a profile": (
        lambda dataset, _: dataset.reader.view_profile(dataset.main_author.username),
        _PROFILES,
    ),
    "the tags": (lambda dataset, _: dataset.visitor.tags(), _TAGS),
}
FAR_PAGE = "a far page"
OVERSIZED_LIMITS = (101, 1000)
CPU_VIEWS = ("articles", "the feed")


@dataclass(frozen=True, slots=True)
class ViewCost:
    """A view as it was seen: the answer, its cheapest work, and that of every time it was asked."""

    answer: Answer
    work: Work
    times: tuple[Work, ...]

    @property
    def entries(self) -> int:
        """How many articles are on the page; 0 if it is none."""
        told = self.answer.json()
        found = told.get("articles") if isinstance(told, dict) else None
        return len(found) if isinstance(found, list) else 0

    @property
    def length(self) -> int:
        """The bytes of the answer's body."""
        return len(self.answer.response.body)


@dataclass(slots=True)
class Survey:
    """`seen` by view, size of the town and limit; `costs` (CPU, measured twice) by view and size.

    `endless` are the answers to those who ask for a page of more than there may be.
    """

    seen: dict[tuple[str, int, int], ViewCost] = field(default_factory=dict)
    costs: dict[tuple[str, int], list[Cost]] = field(default_factory=dict)
    endless: list[Answer] = field(default_factory=list)

    def of(self, view: str, size: int = SIZES[-1], limit: int = PAGE) -> ViewCost:
        """Return what was seen of a view."""
        return self.seen[view, size, limit]


async def survey(world: Conduit) -> Survey:
    """Return the survey of this run, made by the first check that asks for it."""
    return await world.once_per_run("survey of a growing town", lambda: _survey(world))


async def _survey(world: Conduit) -> Survey:
    assert world.wire
    made = Survey()
    dataset = await found(world, SIZES[0])
    await _observe_views(made, dataset, SIZES[0])
    async with ReferenceWorkload.start() as reference:
        await _measure_cpu(made, dataset, reference, SIZES[0])
        await dataset.grow(SIZES[1])
        await _observe_views(made, dataset, SIZES[1])
        await dataset.add_reactions()
        await dataset.grow(SIZES[2])
        await _observe_views(made, dataset, SIZES[2])
        await _observe_pages(made, dataset)
        await _measure_cpu(made, dataset, reference, SIZES[2])
    return made


async def _observe_views(made: Survey, dataset: Dataset, size: int) -> None:
    for name, (look, needs) in (LISTS | SINGLES).items():
        ask, times = partial(look, dataset, PAGE), _REPEATS if size == SIZES[-1] else 2
        made.seen[name, size, PAGE] = await _observe(dataset, name, ask, needs, times)


async def _observe_pages(made: Survey, dataset: Dataset) -> None:
    """At the last size: shorter pages, and one that is far down the list."""
    size = SIZES[-1]
    for limit in LIMITS:
        for name, (look, needs) in LISTS.items():
            if limit != PAGE:
                made.seen[name, size, limit] = await _observe(
                    dataset, name, partial(look, dataset, limit), needs
                )
            _require_full_page(made.of(name, size, limit), limit)
    far = partial(dataset.visitor.list, limit=PAGE, offset=size - 2 * PAGE)
    made.seen[FAR_PAGE, size, PAGE] = await _observe(dataset, FAR_PAGE, far, _PAGES)
    _require_full_page(made.of(FAR_PAGE), PAGE)
    for limit in OVERSIZED_LIMITS:
        made.endless += [
            await dataset.visitor.list(limit=limit),
            await dataset.reader.feed(limit=limit),
        ]


async def _observe(
    dataset: Dataset, name: str, ask: Callable[[], Awaitable[Answer]], needs: str, times: int = 2
) -> ViewCost:
    works = []
    for _ in range(times):
        answer, work = await measure_work(dataset.world.wire, name, ask)
        works.append(work)
    return ViewCost(precondition(answer, Meaning.OK, needs=needs), cheapest(works), tuple(works))


def _require_full_page(seen: ViewCost, limit: int) -> None:
    """Take for granted that a page shows as much as was asked for: there is more than enough."""
    if seen.entries != limit:
        finding = Finding(
            expected=f"{limit} articles on the page: more than that match",
            actual=f"{seen.entries} articles",
            exchanges=(seen.answer.exchange,),
            culprit=0,
        )
        raise PreconditionFailed(_PAGES, finding)


async def _measure_cpu(
    made: Survey, dataset: Dataset, reference: ReferenceWorkload, size: int
) -> None:
    """Measure the CPU of some views, each twice."""
    if not can_pin():
        return
    target = dataset.world.lab.target
    with pinned([*target.pids(), reference.pid]):
        for name in CPU_VIEWS:
            look = partial(LISTS[name][0], dataset, PAGE)
            await warm_up(look, _WARM_UP_REQUESTS)
            made.costs[name, size] = [await measure_cost(target, reference, look) for _ in range(2)]
