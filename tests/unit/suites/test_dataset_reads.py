"""The base of a challenge's reads passes on what its data set does."""

from __future__ import annotations

import asyncio
from typing import Any, ClassVar

from worksample.checks import Finding, PreconditionFailed
from worksample.suites.dataset_reads import DatasetReads


class Shelf:
    """A data set that counts."""

    def __init__(self, size: int) -> None:
        self.size, self.reactions = size, 0
        self.failures = {"marking": PreconditionFailed("books-are-marked", Finding("200", "500"))}

    async def grow(self, size: int) -> None:
        self.size = size

    async def add_reactions(self) -> None:
        self.reactions = 20


class ShelfReads(DatasetReads[Any, Shelf]):
    """The reads of a shelf."""

    shown_by: ClassVar = {"what is marked": "marking", "the shelf": "filling"}

    async def create(self, size: int) -> Shelf:
        return Shelf(size)


def test_creates_the_data_set_and_lets_it_grow() -> None:
    reads = ShelfReads(None, views=("the shelf",))

    async def scene() -> None:
        await reads.prepare(20)
        assert reads.data.size == 20
        await reads.grow(80)
        await reads.add_reactions()

    asyncio.run(scene())
    assert (reads.data.size, reads.data.reactions) == (80, 20)
    assert (reads.views, reads.comparisons) == (("the shelf",), ())


def test_tells_for_each_view_which_failed_step_prepares_it() -> None:
    reads = ShelfReads(None)
    asyncio.run(reads.prepare(20))
    assert list(reads.unprepared) == ["what is marked"]
    assert reads.unprepared["what is marked"].needs == "books-are-marked"
