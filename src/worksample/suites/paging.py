"""Paging of lists: `limit`, `offset`, a stable order and a count of all matches."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Protocol

from worksample.checks import Answer, Aspect, Meaning, Suite, World, expect, rule
from worksample.messages import message


class PagedList(Protocol):
    """A list with data of its own for one check, which one or more requests show.

    A view is a name for one of these requests, for example with one filter or another.
    """

    @property
    def things(self) -> str:
        """What is listed, in the plural."""

    @property
    def key(self) -> str:
        """What identifies an entry, in the singular."""

    @property
    def counter(self) -> str:
        """The name of the member that counts all matches."""

    @property
    def default_limit(self) -> int:
        """How many entries a page holds if the request says nothing."""

    @property
    def views(self) -> Sequence[str]:
        """The views; the first is one of a list with all parameters, open to anybody."""

    @property
    def ordered_views(self) -> Sequence[str]:
        """Further views that must keep the order of the first."""

    async def fill(self, count: int) -> None:
        """Create `count` entries in their order of creation."""

    async def fill_in_order(self, count: int) -> list[str]:
        """Create `count` entries with different times; return their keys as they are listed."""

    async def fill_at_once(self, count: int) -> list[str]:
        """Create `count` entries at the same time; return their keys in any order."""

    async def page(self, view: str, **query: str | int) -> Answer:
        """Request a page with exactly these paging parameters."""

    def keys(self, answer: Answer) -> list[Any]:
        """Return the keys of the entries on the page; raise `CheckFailed` if they are absent."""

    def total(self, answer: Answer) -> Any:
        """Return the count of all matches; raise `CheckFailed` if it is absent."""


#: `ties` is a rule that a challenge may name: that entries of one time have an order, too.
SUITE = Suite[PagedList](
    "paging",
    PagedList,
    aspect=Aspect.BEHAVIOUR,
    skills=("rest", "api-design", "relational-databases"),
)


def _expect_page(
    entries: PagedList, answer: Answer, wanted: Sequence[str], count: int, because: str
) -> None:
    """Expect a page of exactly `wanted`, in this order, and `count` matches in all."""
    page = expect(answer).ok(because=because)
    what = message("the {key}s of the {things}, in order", key=entries.key, things=entries.things)
    expect(entries.keys(page), what).equals(list(wanted), because=because)
    expect(entries.total(page), entries.counter).equals(count, because=because)


@SUITE.check(
    title="Limit and offset choose a page",
    why="An offset that counts pages instead of entries, or starts at 1, hides entries, and nobody "
    "notices.",
)
async def limit_and_offset_choose_a_page(world: World, entries: PagedList) -> None:
    keys = await entries.fill_in_order(4)
    for limit, offset in ((1, 0), (2, 0), (2, 1), (2, 3), (1, 3), (10, 1)):
        answer = await entries.page(entries.views[0], limit=limit, offset=offset)
        because = message(
            "the list has 4 {things}, offset is {offset}, limit is {limit}",
            things=entries.things,
            offset=offset,
            limit=limit,
        )
        _expect_page(entries, answer, keys[offset : offset + limit], 4, because)


@SUITE.check(
    title="A page holds 20 entries if nothing is said",
    why="Front ends that send no limit divide the count by 20 to get the number of pages.",
)
async def a_page_holds_twenty_if_nothing_is_said(world: World, entries: PagedList) -> None:
    size, count = entries.default_limit, entries.default_limit + 3
    await entries.fill(count)
    for view in entries.views:
        page = expect(await entries.page(view)).ok()
        what = message("the number of {things} on the page", things=entries.things)
        expect(len(entries.keys(page)), what).equals(size)
        expect(entries.total(page), entries.counter).equals(count)
    rest = expect(await entries.page(entries.views[0], offset=size)).ok()
    what = message("the number of {things} on the second page", things=entries.things)
    expect(len(entries.keys(rest)), what).equals(count - size)
    more = expect(await entries.page(entries.views[0], limit=size + 2)).ok()
    what = message(
        "the number of {things} with limit {limit}", things=entries.things, limit=size + 2
    )
    expect(len(entries.keys(more)), what).equals(size + 2)


@SUITE.check(
    title="Whoever walks through the pages sees every entry once, in the same order each time",
    why="Entries that move between pages are read twice or never, and a test of a single page does "
    "not show it.",
    hint="Order by the time and then by a unique column, such as the id.",
)
async def pages_show_every_entry_once(world: World, entries: PagedList) -> None:
    count, first = 16, entries.views[0]
    created = await entries.fill_at_once(count)
    whole = entries.keys(expect(await entries.page(first, limit=50)).ok())
    what = message("the {key}s on one page of 50, sorted", key=entries.key)
    expect(sorted(map(str, whole)), what).equals(sorted(created))
    for limit in (1, 3, 5, 7):
        seen = await _collect_pages(entries, first, limit, count)
        what = message("the {key}s on pages of {limit}, in order", key=entries.key, limit=limit)
        with rule("ties"):
            expect(seen, what).equals(whole, because="pages must keep the order of the whole list")
    for view in entries.ordered_views:
        seen = await _collect_pages(entries, view, 3, count)
        what = message("the {key}s of {view} on pages of 3, in order", key=entries.key, view=view)
        because = message("every list must order {things} in the same way", things=entries.things)
        with rule("ties"):
            expect(seen, what).equals(whole, because=because)


async def _collect_pages(entries: PagedList, view: str, limit: int, count: int) -> list[Any]:
    """Return the keys on all pages of a list of `count` entries, and read one page beyond."""
    seen: list[Any] = []
    for offset in range(0, count + limit, limit):
        page = expect(await entries.page(view, limit=limit, offset=offset)).ok()
        found = entries.keys(page)
        expect(
            len(found),
            message(
                "the number of {things} at offset {offset}", things=entries.things, offset=offset
            ),
        ).equals(max(0, min(limit, count - offset)))
        expect(entries.total(page), entries.counter).equals(
            count, because="it counts all matches, not those on this page"
        )
        seen += found
    return seen


@SUITE.check(
    title="A page beyond the end is empty, and the count is still right",
    why="A front end that loads pages until one is empty must find the end.",
)
async def a_page_beyond_the_end_is_empty(world: World, entries: PagedList) -> None:
    await entries.fill(3)
    for offset in (3, 4, 1000):
        pages = [await entries.page(entries.views[0], offset=offset, limit=2)]
        pages += [await entries.page(view, offset=offset) for view in entries.views]
        for page in pages:
            because = message(
                "there are 3 {things}, and offset is {offset}", things=entries.things, offset=offset
            )
            _expect_page(entries, page, (), 3, because)


@SUITE.check(
    title="A limit or offset that makes no sense does no harm",
    why="People and robots edit URLs. A negative number that reaches the database becomes a 5xx, a "
    "huge one can load the whole table into memory.",
    hint="Parse both as integers with a minimum and a maximum, before any query is sent.",
    skills=("rest", "api-design"),
    cites="CWE-20",
)
async def a_senseless_page_does_no_harm(world: World, entries: PagedList) -> None:
    await entries.fill(3)
    whole = entries.keys(expect(await entries.page(entries.views[0])).ok())
    beginnings = [whole[:length] for length in range(4)]
    for query, sensible in (
        ({"limit": "-1"}, beginnings),
        ({"limit": "0"}, beginnings),
        ({"limit": "many"}, beginnings[1:]),
        ({"limit": str(10**20)}, [whole]),
        ({"offset": "-1"}, [whole]),
        ({"offset": "few"}, [whole]),
        ({"offset": str(10**20)}, [whole, []]),
        ({"limit": "-5", "offset": "-5"}, beginnings),
    ):
        answer = await entries.page(entries.views[0], **query)
        if answer.status != 200:
            expect(answer).means(Meaning.INVALID, Meaning.MALFORMED)
            continue
        expect(
            entries.keys(answer), message("the {key}s with {query}", key=entries.key, query=query)
        ).one_of(sensible)
        expect(entries.total(answer), entries.counter).equals(3)
