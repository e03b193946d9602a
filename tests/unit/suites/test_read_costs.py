"""The suites on read costs, with a library as the product: a cost that grows fails its check."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from types import SimpleNamespace
from typing import Any

import pytest

from worksample.checks import Answer, Check, CheckFailed, Finding, PreconditionFailed, Suite
from worksample.checks.dialect import Dialect
from worksample.probes.exchange import Exchange, Request, Response
from worksample.probes.work import Work
from worksample.suites import page_costs, read_only_requests, statement_counts
from worksample.suites.read_costs import LIMITS, PAGE, SIZES, Comparison, Survey, View, ViewCost

BORROWERS = Comparison("a book", "readers", ("a new book", SIZES[-1]), ("a book", SIZES[-1]), 6)


class Library:
    """The adapter of a library: one list of books, and single books."""

    noun = "books"
    busiest = ("books",)
    pages_check = "pages-are-chosen"
    views: Sequence[str] = ("books",)
    comparisons: Sequence[Comparison] = (BORROWERS,)
    lists: Mapping[str, View] = {}
    singles: Mapping[str, View] = {}
    unprepared: Mapping[str, PreconditionFailed] = {}

    def __init__(self, world: Any) -> None: ...

    async def prepare(self, size: int) -> None: ...
    async def grow(self, size: int) -> None: ...
    async def add_reactions(self) -> None: ...
    async def far_page(self, limit: int, offset: int) -> Answer:
        raise NotImplementedError


def cost(
    count: int = 2, rows: int = PAGE, entries: int = PAGE, length: int = 10, writes: int = 0
) -> ViewCost:
    """Return the cost of a view with `count` statements that fetch `rows` rows.

    Of its four runs, `writes` change a row.
    """
    shape = "update book set seen = ?"
    times = [
        Work({"select * from book": count}, rows, 0, (shape,) * (n < writes)) for n in range(4)
    ]
    return ViewCost(answer(b" " * length), entries, times[-1], tuple(times))


def answer(body: bytes) -> Answer:
    """Return an answer with this body."""
    return Answer(Exchange(Request("GET", "/books"), Response(200, (), body)), Dialect())


def survey_of(costs: Mapping[tuple[str, int, int], ViewCost]) -> Survey:
    """Return a survey in which every view costs the same, except `costs`."""
    survey = Survey()
    for name in ("books", "a new book", "a book", "a far page"):
        for size in SIZES:
            for limit in LIMITS:
                survey.views[name, size, limit] = cost(entries=limit if name == "books" else 0)
    survey.views.update(costs)
    return survey


def failed(suite: Suite[Any], survey: Survey) -> dict[str, str]:
    """Run the checks of `suite` on a survey; return the id of each that fails, and what it saw."""

    async def once_per_run(name: str, make: Any) -> Survey:
        return survey

    found: dict[str, str] = {}
    for each in suite.checks(Library, clause="W1", stage=7):
        assert isinstance(each, Check)
        assert each.function is not None
        if each.id == "a-page-takes-the-same-cpu-however-many-there-are":
            continue
        world: Any = SimpleNamespace(once_per_run=once_per_run, note=print, unprepared=[])
        try:
            asyncio.run(each.function(world))  # type: ignore[arg-type]
        except CheckFailed as failure:
            found[each.id] = failure.findings[0].actual
        except PreconditionFailed as precondition:
            found[each.id] = f"blocked by {precondition.needs}"
        else:
            for left_out in world.unprepared:
                found[each.id] = f"blocked by {left_out.needs}"
    return found


@pytest.mark.parametrize("suite", [statement_counts.SUITE, page_costs.SUITE])
def test_constant_costs_pass(suite: Suite[Any]) -> None:
    assert not failed(suite, survey_of({}))


@pytest.mark.parametrize(
    ("suite", "costs", "expected"),
    [
        (
            statement_counts.SUITE,
            {("books", SIZES[-1], PAGE): cost(count=21)},
            {
                "a-page-costs-the-same-for-one-or-twenty": "21 statements",
                "a-page-costs-the-same-however-many-there-are": "21 statements",
            },
        ),
        (
            statement_counts.SUITE,
            {("a book", SIZES[-1], PAGE): cost(count=22)},
            {"what-hangs-on-it-costs-no-more-statements": "22 statements"},
        ),
        (
            page_costs.SUITE,
            {("books", SIZES[-1], PAGE): cost(rows=SIZES[-1])},
            {"a-page-fetches-what-it-shows": "320 rows fetched"},
        ),
        (
            page_costs.SUITE,
            {("a far page", SIZES[-1], PAGE): cost(rows=SIZES[-1])},
            {"a-far-page-fetches-what-it-shows": "320 rows fetched"},
        ),
        (
            page_costs.SUITE,
            {("a book", SIZES[-1], PAGE): cost(rows=3 * PAGE)},
            {"what-hangs-on-it-is-counted-by-the-database": "60 rows fetched"},
        ),
        (
            page_costs.SUITE,
            {("a book", SIZES[-1], PAGE): cost(length=5000)},
            {"an-answer-does-not-grow-with-what-hangs-on-it": "5000 bytes"},
        ),
    ],
)
def test_each_growing_cost_fails_its_check(
    suite: Suite[Any], costs: Mapping[tuple[str, int, int], ViewCost], expected: dict[str, str]
) -> None:
    assert failed(suite, survey_of(costs)) == expected


def test_more_than_a_hundred_entries_fail() -> None:
    survey, pages = survey_of({}), (b",".join([b"1"] * count) for count in (100, 101))
    survey.oversized = [(answer(b'{"books": [%s]}' % page), "books") for page in pages]
    assert failed(page_costs.SUITE, survey) == {
        "a-page-never-holds-more-than-a-hundred": "101 books"
    }


LISTING = PreconditionFailed("books-are-listed", Finding("status 200", "500"))


@pytest.mark.parametrize(
    ("suite", "blocked"),
    [
        (
            statement_counts.SUITE,
            {
                "a-page-costs-the-same-for-one-or-twenty",
                "a-page-costs-the-same-however-many-there-are",
            },
        ),
        (
            page_costs.SUITE,
            {
                "a-far-page-fetches-what-it-shows",
                "a-page-fetches-what-it-shows",
                "a-page-never-holds-more-than-a-hundred",
                "an-answer-does-not-grow-with-what-hangs-on-it",
            },
        ),
        (read_only_requests.SUITE, {"reading-writes-nothing"}),
    ],
)
def test_view_that_fails_blocks_only_checks_that_judge_it(
    suite: Suite[Any], blocked: set[str]
) -> None:
    survey = survey_of({})
    survey.failures["books"] = LISTING
    assert failed(suite, survey) == dict.fromkeys(blocked, "blocked by books-are-listed")


def test_other_views_are_judged_beside_one_that_fails() -> None:
    survey = survey_of({("a book", SIZES[-1], PAGE): cost(length=5000)})
    survey.failures["books"] = LISTING
    found = failed(page_costs.SUITE, survey)
    assert found["an-answer-does-not-grow-with-what-hangs-on-it"] == "5000 bytes"


@pytest.mark.parametrize(("writes", "fails"), [(0, False), (1, False), (4, True)])
def test_only_a_write_at_every_read_fails(writes: int, fails: bool) -> None:
    survey = survey_of({("books", SIZES[-1], PAGE): cost(writes=writes)})
    assert bool(failed(read_only_requests.SUITE, survey)) is fails
