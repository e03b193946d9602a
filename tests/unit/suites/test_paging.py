"""The suite of paging, with a bookshelf as the product: each defect fails its check."""

from __future__ import annotations

import asyncio
import random
from typing import Any

import orjson
import pytest

from worksample.checks import Answer, Check, CheckFailed, Dialect
from worksample.probes.exchange import Exchange, Request, Response
from worksample.suites.paging import SUITE

ALL = [name.replace("_", "-") for name in SUITE.templates]


class Bookshelf:
    """The adapter of a bookshelf in memory, latest book first; subclasses have one defect."""

    things, key, counter = "books", "title", "count"
    default_limit = 20
    views = ("the shelf",)
    ordered_views = ("the shelf by colour",)

    def __init__(self, world: Any) -> None:
        self.titles: list[str] = []
        self.rng = random.Random(1)

    async def fill(self, count: int) -> None:
        self.titles = [f"book {number}" for number in range(count)][::-1]

    async def fill_in_order(self, count: int) -> list[str]:
        await self.fill(count)
        return self.titles

    async def fill_at_once(self, count: int) -> list[str]:
        await self.fill(count)
        return sorted(self.titles)

    async def page(self, view: str, **query: str | int) -> Answer:
        limit, offset = (self.number(query, *each) for each in (("limit", 20), ("offset", 0)))
        if limit is None or offset is None:
            return _answer(422, {"errors": {}})
        return _answer(200, self.body(view, limit, offset))

    def number(self, query: dict[str, Any], name: str, usual: int) -> int | None:
        text = str(query.get(name, usual))
        return int(text) if text.isdecimal() and len(text) < 10 else None

    def body(self, view: str, limit: int, offset: int) -> dict[str, Any]:
        return {"books": self.titles[offset : offset + limit], "count": len(self.titles)}

    def keys(self, answer: Answer) -> list[Any]:
        return list(answer.at("books"))

    def total(self, answer: Answer) -> Any:
        return answer.at("count")


class OffsetsCountPages(Bookshelf):
    def body(self, view: str, limit: int, offset: int) -> dict[str, Any]:
        return super().body(view, limit, offset * limit)


class TenToAPage(Bookshelf):
    def number(self, query: dict[str, Any], name: str, usual: int) -> int | None:
        return super().number(query, name, 10 if name == "limit" else usual)


class ColourHasNoOrder(Bookshelf):
    def body(self, view: str, limit: int, offset: int) -> dict[str, Any]:
        if view != self.views[0]:
            self.rng.shuffle(self.titles)
        return super().body(view, limit, offset)


class CountsThePage(Bookshelf):
    def body(self, view: str, limit: int, offset: int) -> dict[str, Any]:
        shown = super().body(view, limit, offset)
        return {**shown, "count": len(shown["books"])}


class EverythingForANonsensicalOffset(Bookshelf):
    def number(self, query: dict[str, Any], name: str, usual: int) -> int | None:
        return 1 if query.get(name) == "few" else super().number(query, name, usual)


def _answer(status: int, body: dict[str, Any]) -> Answer:
    response = Response(status, (), orjson.dumps(body))
    return Answer(Exchange(Request("GET", "/books"), response), Dialect())


def verdict(adapter: type[Bookshelf], name: str) -> str:
    """Return `pass`, or the first finding's expectation."""
    declared = SUITE.checks(adapter, clause="L1", stage=1)
    checks = {each.id: each for each in declared if isinstance(each, Check)}
    function = checks[name].function
    assert function is not None
    try:
        asyncio.run(_ask(function))
    except CheckFailed as failure:
        return failure.findings[0].expected
    return "pass"


async def _ask(function: Any) -> None:
    await function(None)


@pytest.mark.parametrize("name", ALL)
def test_accepts_the_correct_shelf(name: str) -> None:
    assert verdict(Bookshelf, name) == "pass"


@pytest.mark.parametrize(
    ("adapter", "name"),
    [
        (OffsetsCountPages, "limit-and-offset-choose-a-page"),
        (TenToAPage, "a-page-holds-twenty-if-nothing-is-said"),
        (ColourHasNoOrder, "pages-show-every-entry-once"),
        (CountsThePage, "a-page-beyond-the-end-is-empty"),
        (EverythingForANonsensicalOffset, "a-senseless-page-does-no-harm"),
    ],
    ids=lambda value: value if isinstance(value, str) else value.__name__,
)
def test_defect_fails_its_check(adapter: type[Bookshelf], name: str) -> None:
    assert verdict(adapter, name) != "pass"
