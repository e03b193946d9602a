"""What reading costs in a town of 20, 80 and 320 articles: surveyed once, judged by many checks."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from functools import partial

from worksample.checks import Answer, Finding, GivenFailed, Meaning, given
from worksample.probes.cpu import Cost, Yardstick, can_pin, cost, pinned, warm
from worksample.probes.work import Work, least, watched

from .town import PAGE, Town, found
from .world import COMMENTING, READING, Conduit

SIZES = (20, 80, 320)
LIMITS = (1, 5, PAGE)
_TIMES = 4
_WARM = 40
_LISTS = "a-new-article-is-in-the-list"
_PAGES = "limit-and-offset-choose-a-page"
_FEED = "the-feed-shows-whom-one-follows"
_NARROWED = "a-list-is-narrowed-by-tag"
_PROFILES = "anyone-can-see-a-profile"
_TAGS = "the-tags-in-use-are-listed-once"

Look = Callable[[Town, int], Awaitable[Answer]]

#: Name -> what is looked at, with a limit, and the check whose question it is that it works at all.
LISTS: dict[str, tuple[Look, str]] = {
    "articles": (lambda town, limit: town.visitor.list(limit=limit), _LISTS),
    "articles, signed in": (lambda town, limit: town.reader.list(limit=limit), _LISTS),
    "by tag": (lambda town, limit: town.visitor.list(tag=town.tag, limit=limit), _NARROWED),
    "by author": (
        lambda town, limit: town.visitor.list(author=town.busy.username, limit=limit),
        "a-list-is-narrowed-by-author",
    ),
    "favourites": (
        lambda town, limit: town.visitor.list(favorited=town.fan.username, limit=limit),
        "a-list-is-narrowed-to-favourites",
    ),
    "the feed": (lambda town, limit: town.reader.feed(limit=limit), _FEED),
}
SINGLES: dict[str, tuple[Look, str]] = {
    "a plain article": (lambda town, _: town.reader.read(town.plain), READING),
    "a loved article": (lambda town, _: town.reader.read(town.loved), READING),
    "one comment": (lambda town, _: town.reader.comments(town.plain), COMMENTING),
    "many comments": (lambda town, _: town.reader.comments(town.loved), COMMENTING),
    "a profile": (lambda town, _: town.reader.look_at(town.busy.username), _PROFILES),
    "the tags": (lambda town, _: town.visitor.tags(), _TAGS),
}
FAR = "a far page"
ENDLESS = (101, 1000)
MEASURED = ("articles", "the feed")


@dataclass(frozen=True, slots=True)
class Seen:
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

    seen: dict[tuple[str, int, int], Seen] = field(default_factory=dict)
    costs: dict[tuple[str, int], list[Cost]] = field(default_factory=dict)
    endless: list[Answer] = field(default_factory=list)

    def of(self, view: str, size: int = SIZES[-1], limit: int = PAGE) -> Seen:
        """Return what was seen of a view."""
        return self.seen[view, size, limit]


async def survey(world: Conduit) -> Survey:
    """Return the survey of this run, made by the first check that asks for it."""
    return await world.once("survey of a growing town", lambda: _make(world))


async def _make(world: Conduit) -> Survey:
    assert world.wire
    made = Survey()
    town = await found(world, SIZES[0])
    await _look(made, town, SIZES[0])
    async with Yardstick.start() as yardstick:
        await _measure(made, town, yardstick, SIZES[0])
        await town.grow(SIZES[1])
        await _look(made, town, SIZES[1])
        await town.everybody_comes()
        await town.grow(SIZES[2])
        await _look(made, town, SIZES[2])
        await _look_closer(made, town)
        await _measure(made, town, yardstick, SIZES[2])
    return made


async def _look(made: Survey, town: Town, size: int) -> None:
    for name, (look, needs) in (LISTS | SINGLES).items():
        ask, times = partial(look, town, PAGE), _TIMES if size == SIZES[-1] else 2
        made.seen[name, size, PAGE] = await _see(town, name, ask, needs, times)


async def _look_closer(made: Survey, town: Town) -> None:
    """At the last size: shorter pages, and one that is far down the list."""
    size = SIZES[-1]
    for limit in LIMITS:
        for name, (look, needs) in LISTS.items():
            if limit != PAGE:
                made.seen[name, size, limit] = await _see(
                    town, name, partial(look, town, limit), needs
                )
            _require(made.of(name, size, limit), limit)
    far = partial(town.visitor.list, limit=PAGE, offset=size - 2 * PAGE)
    made.seen[FAR, size, PAGE] = await _see(town, FAR, far, _PAGES)
    _require(made.of(FAR), PAGE)
    for limit in ENDLESS:
        made.endless += [await town.visitor.list(limit=limit), await town.reader.feed(limit=limit)]


async def _see(
    town: Town, name: str, ask: Callable[[], Awaitable[Answer]], needs: str, times: int = 2
) -> Seen:
    works = []
    for _ in range(times):
        answer, work = await watched(town.world.wire, name, ask)
        works.append(work)
    return Seen(given(answer, Meaning.OK, needs=needs), least(works), tuple(works))


def _require(seen: Seen, limit: int) -> None:
    """Take for granted that a page shows as much as was asked for: there is more than enough."""
    if seen.entries != limit:
        finding = Finding(
            expected=f"{limit} articles on the page: more than that match",
            actual=f"{seen.entries} articles",
            exchanges=(seen.answer.exchange,),
            culprit=0,
        )
        raise GivenFailed(_PAGES, finding)


async def _measure(made: Survey, town: Town, yardstick: Yardstick, size: int) -> None:
    """Measure the CPU of some views, each twice."""
    if not can_pin():
        return
    target = town.world.lab.target
    with pinned([*target.pids(), yardstick.pid]):
        for name in MEASURED:
            look = partial(LISTS[name][0], town, PAGE)
            await warm(look, _WARM)
            made.costs[name, size] = [await cost(target, yardstick, look) for _ in range(2)]
