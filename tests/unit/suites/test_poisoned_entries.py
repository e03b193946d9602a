"""Finding the entry that makes a list fail."""

from __future__ import annotations

import asyncio
from collections.abc import Collection

import pytest

from worksample.checks import Answer, CheckFailed, Dialect
from worksample.probes.exchange import Exchange, Request, Response
from worksample.suites.poisoned_entries import raise_if_one_entry_breaks_it

ENTRIES = 70


def judge(broken: Collection[int], limit: int = 100, offset: int = 0) -> None:
    """Judge a page of a list of `ENTRIES`, in which these entries cannot be shown."""

    async def read(limit: int, offset: int) -> Answer:
        page = range(offset, min(offset + limit, ENTRIES))
        status = 500 if any(each in broken for each in page) else 200
        request = Request("GET", f"/books?limit={limit}&offset={offset}")
        return Answer(Exchange(request, Response(status, (), b"{}")), Dialect())

    async def scene() -> None:
        page = await read(limit, offset)
        await raise_if_one_entry_breaks_it(page, limit, offset, read)

    asyncio.run(scene())


@pytest.mark.parametrize("place", [0, 1, 17, 63, 69])
def test_one_entry_that_breaks_the_list_is_told(place: int) -> None:
    with pytest.raises(CheckFailed) as failure:
        judge([place])
    [finding] = failure.value.findings
    assert f"at offset {place} a page of one answers 500" in finding.actual
    assert finding.exchanges[1].request.target == f"/books?limit=1&offset={place}"
    assert finding.culprit == 0


def test_entry_on_a_later_page_is_found() -> None:
    with pytest.raises(CheckFailed, match="at offset 66"):
        judge([66], limit=20, offset=50)


@pytest.mark.parametrize("broken", [(), range(ENTRIES), (17, 18)])
def test_list_that_works_or_fails_altogether_has_no_such_entry(broken: Collection[int]) -> None:
    judge(broken)
