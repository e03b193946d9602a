"""The cost of reading a growing data set: measured once per run, used by many checks."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Protocol

from worksample.checks import Answer, Finding, Meaning, PreconditionFailed, World, precondition
from worksample.messages import message
from worksample.probes.cpu import Cost, ReferenceWorkload, can_pin, measure_cost, pinned, warm_up
from worksample.probes.work import Work, cheapest, measure_work

SIZES = (20, 80, 320)
PAGE = 20
LIMITS = (1, 5, PAGE)
OVERSIZED_LIMITS = (101, 1000)
FAR_PAGE = "a far page"
_REPEATS = 4
_WARM_UP_REQUESTS = 40


@dataclass(frozen=True, slots=True)
class View:
    """A read of the data set.

    send: asks for it; takes the limit of a page, which a read of a single object ignores.
    needs: the id of the check that tests whether its answer is correct.
    entries: the member of the answer that lists the entries; empty for a single object.
    """

    send: Callable[[int], Awaitable[Answer]]
    needs: str
    entries: str = ""


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two reads that differ in how much hangs on what they read: none or one, and `PAGE`.

    `few` and `many` are names of views with the size of the data set at which they were read.
    `size_of` names what hangs on it. `slack` is how much more the second read may cost.
    """

    name: str
    size_of: str
    few: tuple[str, int]
    many: tuple[str, int]
    slack: int
    least: int = 0

    @property
    def views(self) -> tuple[str, str]:
        """The names of the two views, which may be the same."""
        return self.few[0], self.many[0]


class GrowingData(Protocol):
    """A data set that grows, how to read it, and which reads one check judges.

    noun: what its entries are called, in the plural.
    lists, singles: all views by name; they are used after `prepare`.
    busiest: the names of the most important lists: their CPU time and largest page are measured.
    pages_check: the id of the check that tests `limit` and `offset`.
    views, comparisons: what the check judges that this adapter is made for.
    unprepared: by name of a view, why what it shows could not be prepared.
    """

    @property
    def noun(self) -> str: ...

    @property
    def lists(self) -> Mapping[str, View]: ...

    @property
    def singles(self) -> Mapping[str, View]: ...

    @property
    def busiest(self) -> Sequence[str]: ...

    @property
    def pages_check(self) -> str: ...

    @property
    def views(self) -> Sequence[str]: ...

    @property
    def comparisons(self) -> Sequence[Comparison]: ...

    @property
    def unprepared(self) -> Mapping[str, PreconditionFailed]: ...

    async def prepare(self, size: int) -> None:
        """Create the data set with `size` entries. Raises `PreconditionFailed`."""

    async def grow(self, size: int) -> None:
        """Add entries until there are `size`; those on the first page belong to many owners."""

    async def add_reactions(self) -> None:
        """Let `PAGE` things hang on what the comparisons read."""

    async def far_page(self, limit: int, offset: int) -> Answer:
        """Read a page of the longest list."""


@dataclass(frozen=True, slots=True)
class ViewCost:
    """The cost of a view: its answer, the work of the cheapest run, and the work of every run.

    `entries` is the number of entries on the page, 0 if the answer is no page.
    """

    answer: Answer
    entries: int
    work: Work
    times: tuple[Work, ...]

    @property
    def length(self) -> int:
        """The length of the response body in bytes."""
        return len(self.answer.response.body)


@dataclass(slots=True)
class Survey:
    """`views` by name, number of entries and limit; `cpu` (measured twice) by name and number.

    `oversized` are the answers to requests with a `limit` above the maximum, with the member that
    lists their entries. `failures` says by name of a view why it was not measured.
    """

    views: dict[tuple[str, int, int], ViewCost] = field(default_factory=dict)
    cpu: dict[tuple[str, int], list[Cost]] = field(default_factory=dict)
    oversized: list[tuple[Answer, str]] = field(default_factory=list)
    failures: dict[str, PreconditionFailed] = field(default_factory=dict)

    def of(self, view: str, size: int = SIZES[-1], limit: int = PAGE) -> ViewCost:
        """Return the cost of a view; raise `PreconditionFailed` if it was not measured."""
        if failure := self.failures.get(view):
            raise PreconditionFailed(failure.needs, failure.finding, exact=failure.exact)
        return self.views[view, size, limit]

    def measured(self, world: World, views: Sequence[str]) -> list[str]:
        """Return those of `views` that were measured; tell the check which were not."""
        world.unprepared += [self.failures[each] for each in views if each in self.failures]
        return [each for each in views if each not in self.failures]

    def comparable(self, world: World, comparisons: Sequence[Comparison]) -> list[Comparison]:
        """Return those of `comparisons` whose views were measured; tell the check of the others."""
        return [each for each in comparisons if len(self.measured(world, each.views)) == 2]

    def pair(self, comparison: Comparison) -> list[tuple[int, ViewCost]]:
        """Return the two costs of a comparison, each with how much hangs on what was read."""
        few, many = comparison.few, comparison.many
        return [(comparison.least, self.of(*few)), (PAGE, self.of(*many))]


async def survey(world: World, data: GrowingData) -> Survey:
    """Return the read costs of this run; the first check that needs them measures them."""
    name = "read costs of a growing data set"
    return await world.once_per_run(name, lambda: _Surveyor(world, data).run())


class _Surveyor:
    """Measures the views of a data set while it grows."""

    def __init__(self, world: World, data: GrowingData) -> None:
        self._world, self._data = world, data
        self._result = Survey()

    async def run(self) -> Survey:
        data = self._data
        await data.prepare(SIZES[0])
        await self._observe_views(SIZES[0])
        async with ReferenceWorkload.start() as reference:
            await self._measure_cpu(reference, SIZES[0])
            await data.grow(SIZES[1])
            await self._observe_views(SIZES[1])
            await data.add_reactions()
            await data.grow(SIZES[2])
            await self._observe_views(SIZES[2])
            await self._observe_pages()
            await self._measure_cpu(reference, SIZES[2])
        return self._result

    async def _observe_views(self, size: int) -> None:
        times = _REPEATS if size == SIZES[-1] else 2
        self._result.failures |= self._data.unprepared
        for name, view in {**self._data.lists, **self._data.singles}.items():
            await self._observe(name, view, size, PAGE, times)

    async def _observe_pages(self) -> None:
        """Observe, at the last size, shorter pages, a page at a high offset, oversized limits."""
        data, size = self._data, SIZES[-1]
        for limit in LIMITS:
            for name, view in data.lists.items():
                if limit != PAGE:
                    await self._observe(name, view, size, limit)
                self._require_full_page(name, limit)
        far = View(partial(data.far_page, offset=size - 2 * PAGE), data.pages_check, self._member())
        await self._observe(FAR_PAGE, far, size, PAGE)
        self._require_full_page(FAR_PAGE, PAGE)
        for limit in OVERSIZED_LIMITS:
            for name in self._busiest():
                view = data.lists[name]
                self._result.oversized.append((await view.send(limit), view.entries))

    def _busiest(self) -> list[str]:
        """The busiest lists, except those that cannot be read."""
        return [each for each in self._data.busiest if each not in self._result.failures]

    def _member(self) -> str:
        return self._data.lists[self._data.busiest[0]].entries

    async def _observe(self, name: str, view: View, size: int, limit: int, times: int = 2) -> None:
        """Measure a view, unless it failed before; other views are measured whatever it answers."""
        if name in self._result.failures:
            return
        works = []
        for _ in range(times):
            answer, work = await measure_work(self._world.wire, name, lambda: view.send(limit))
            works.append(work)
        try:
            precondition(answer, Meaning.OK, needs=view.needs)
        except PreconditionFailed as failure:
            self._result.failures[name] = PreconditionFailed(
                failure.needs, failure.finding, exact=False
            )
        else:
            entries = _count(answer, view.entries)
            cost = ViewCost(answer, entries, cheapest(works), tuple(works))
            self._result.views[name, size, limit] = cost

    def _require_full_page(self, name: str, limit: int) -> None:
        """Count a view as failed unless its page shows `limit` entries; more match."""
        if name in self._result.failures:
            return
        cost = self._result.of(name, SIZES[-1], limit)
        if cost.entries != limit:
            noun = self._data.noun
            finding = Finding(
                expected=message(
                    "{limit} {noun} on the page (more than that match)", limit=limit, noun=noun
                ),
                actual=message("{count} {noun}", count=cost.entries, noun=noun),
                exchanges=(cost.answer.exchange,),
                culprit=0,
            )
            self._result.failures[name] = PreconditionFailed(self._data.pages_check, finding)

    async def _measure_cpu(self, reference: ReferenceWorkload, size: int) -> None:
        """Measure the CPU time of the busiest lists, twice, unless processes cannot be pinned."""
        if not can_pin():
            return
        target = self._world.lab.target
        with pinned([*target.pids(), reference.pid]):
            for name in self._busiest():
                view = partial(self._data.lists[name].send, PAGE)
                await warm_up(view, _WARM_UP_REQUESTS)
                self._result.cpu[name, size] = [
                    await measure_cost(target, reference, view) for _ in range(2)
                ]


def _count(answer: Answer, member: str) -> int:
    """Return the number of entries on a page; 0 if the answer is not a page."""
    body = answer.json()
    entries = body.get(member) if isinstance(body, dict) else None
    return len(entries) if isinstance(entries, list) else 0
