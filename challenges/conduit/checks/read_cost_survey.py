"""The cost of reading with 20, 80 and 320 articles: measured once per run, used by many checks."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from functools import partial

from worksample.checks import Answer, Finding, Meaning, PreconditionFailed, precondition
from worksample.probes.cpu import Cost, ReferenceWorkload, can_pin, measure_cost, pinned, warm_up
from worksample.probes.work import Work, cheapest, measure_work

from .dataset import PAGE, Dataset, create_dataset
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

View = Callable[[Dataset, int], Awaitable[Answer]]

#: Name -> the request (for a limit), and the id of the check that covers its correctness.
LISTS: dict[str, tuple[View, str]] = {
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
SINGLES: dict[str, tuple[View, str]] = {
    "a plain article": (lambda dataset, _: dataset.reader.read(dataset.plain_article), READING),
    "a popular article": (lambda dataset, _: dataset.reader.read(dataset.popular_article), READING),
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
    """The cost of a view: its answer, the work of the cheapest run, and the work of every run."""

    answer: Answer
    work: Work
    times: tuple[Work, ...]

    @property
    def entries(self) -> int:
        """The number of articles on the page; 0 if the answer is not a page of articles."""
        body = self.answer.json()
        articles = body.get("articles") if isinstance(body, dict) else None
        return len(articles) if isinstance(articles, list) else 0

    @property
    def length(self) -> int:
        """The length of the response body in bytes."""
        return len(self.answer.response.body)


@dataclass(slots=True)
class Survey:
    """`views` by name, number of articles and limit; `cpu` (measured twice) by name and number.

    `oversized` are the answers to requests with a `limit` above the maximum.
    """

    views: dict[tuple[str, int, int], ViewCost] = field(default_factory=dict)
    cpu: dict[tuple[str, int], list[Cost]] = field(default_factory=dict)
    oversized: list[Answer] = field(default_factory=list)

    def of(self, view: str, size: int = SIZES[-1], limit: int = PAGE) -> ViewCost:
        """Return the cost of a view."""
        return self.views[view, size, limit]


async def survey(world: Conduit) -> Survey:
    """Return the read costs of this run; the first check that needs them measures them."""
    return await world.once_per_run("read costs of a growing data set", lambda: _survey(world))


async def _survey(world: Conduit) -> Survey:
    assert world.wire
    result = Survey()
    dataset = await create_dataset(world, SIZES[0])
    await _observe_views(result, dataset, SIZES[0])
    async with ReferenceWorkload.start() as reference:
        await _measure_cpu(result, dataset, reference, SIZES[0])
        await dataset.grow(SIZES[1])
        await _observe_views(result, dataset, SIZES[1])
        await dataset.add_reactions()
        await dataset.grow(SIZES[2])
        await _observe_views(result, dataset, SIZES[2])
        await _observe_pages(result, dataset)
        await _measure_cpu(result, dataset, reference, SIZES[2])
    return result


async def _observe_views(result: Survey, dataset: Dataset, size: int) -> None:
    for name, (view, needs) in (LISTS | SINGLES).items():
        send, times = partial(view, dataset, PAGE), _REPEATS if size == SIZES[-1] else 2
        result.views[name, size, PAGE] = await _observe(dataset, name, send, needs, times)


async def _observe_pages(result: Survey, dataset: Dataset) -> None:
    """Observe, at the last size, shorter pages, a page at a high offset, and oversized limits."""
    size = SIZES[-1]
    for limit in LIMITS:
        for name, (view, needs) in LISTS.items():
            if limit != PAGE:
                result.views[name, size, limit] = await _observe(
                    dataset, name, partial(view, dataset, limit), needs
                )
            _require_full_page(result.of(name, size, limit), limit)
    far = partial(dataset.visitor.list, limit=PAGE, offset=size - 2 * PAGE)
    result.views[FAR_PAGE, size, PAGE] = await _observe(dataset, FAR_PAGE, far, _PAGES)
    _require_full_page(result.of(FAR_PAGE), PAGE)
    for limit in OVERSIZED_LIMITS:
        result.oversized += [
            await dataset.visitor.list(limit=limit),
            await dataset.reader.feed(limit=limit),
        ]


async def _observe(
    dataset: Dataset, name: str, send: Callable[[], Awaitable[Answer]], needs: str, times: int = 2
) -> ViewCost:
    works = []
    for _ in range(times):
        answer, work = await measure_work(dataset.world.wire, name, send)
        works.append(work)
    return ViewCost(precondition(answer, Meaning.OK, needs=needs), cheapest(works), tuple(works))


def _require_full_page(cost_of_view: ViewCost, limit: int) -> None:
    """Raise `PreconditionFailed` unless the page shows `limit` articles; more than that match."""
    if cost_of_view.entries != limit:
        finding = Finding(
            expected=f"{limit} articles on the page (more than that match)",
            actual=f"{cost_of_view.entries} articles",
            exchanges=(cost_of_view.answer.exchange,),
            culprit=0,
        )
        raise PreconditionFailed(_PAGES, finding)


async def _measure_cpu(
    result: Survey, dataset: Dataset, reference: ReferenceWorkload, size: int
) -> None:
    """Measure the CPU time of `CPU_VIEWS`, each twice, unless processes cannot be pinned here."""
    if not can_pin():
        return
    target = dataset.world.lab.target
    with pinned([*target.pids(), reference.pid]):
        for name in CPU_VIEWS:
            view = partial(LISTS[name][0], dataset, PAGE)
            await warm_up(view, _WARM_UP_REQUESTS)
            result.cpu[name, size] = [await measure_cost(target, reference, view) for _ in range(2)]
