"""What a weak server stores although it should refuse it, kept from other checks."""

from __future__ import annotations

import asyncio
from types import SimpleNamespace
from typing import Any

import pytest

from worksample.checks import (
    Aspect,
    Check,
    CheckFailed,
    Finding,
    Profile,
    remove_rows,
    removed_on_failure,
)
from worksample.checks.judging import Judging, fail
from worksample.errors import DatabaseError


class Rows:
    """A database of texts; deleting `kept` fails, as other rows refer to it."""

    def __init__(self, *texts: str, kept: str = "") -> None:
        self.texts, self._kept = list(texts), kept

    async def delete_rows_containing(self, text: str) -> int:
        if text == self._kept:
            raise DatabaseError("a row refers to it")
        self.texts = [each for each in self.texts if text not in each]
        return 1


def world(database: Rows | None) -> Any:
    return SimpleNamespace(context=SimpleNamespace(database=database, clashing=asyncio.Lock()))


async def write(of: Any, marker: str, *, fails: bool) -> None:
    async with removed_on_failure(of, marker):
        if fails:
            raise CheckFailed(Finding("status 422", "201"))


def test_removes_what_was_stored_if_the_block_fails() -> None:
    rows = Rows("blank, ada@example.com", "bob@example.com")
    with pytest.raises(CheckFailed):
        asyncio.run(write(world(rows), "ada@example.com", fails=True))
    assert rows.texts == ["bob@example.com"]


def test_removes_nothing_if_the_block_does_not_fail() -> None:
    rows = Rows("ada@example.com")
    asyncio.run(write(world(rows), "ada@example.com", fails=False))
    assert rows.texts == ["ada@example.com"]


def test_removes_what_a_check_only_remarks_on() -> None:
    rows = Rows("blank, ada@example.com", "bob@example.com")
    of = world(rows)

    async def remark_twice() -> None:
        for _ in range(2):
            rows.texts.append("blank, cyd@example.com")
            async with removed_on_failure(of, "cyd@example.com"):
                fail(CheckFailed(Finding("status 422", "201", clause="A10")))

    profile = Profile("open", "the open specification", remarks=frozenset({"A10"}))
    check = Check("any", "any", Aspect.BEHAVIOUR, 1, "A10", "", skills=())
    with Judging(check, profile):
        asyncio.run(remark_twice())
    assert rows.texts == ["blank, ada@example.com", "bob@example.com"]


@pytest.mark.parametrize("database", [None, Rows("ada", kept="ada")])
def test_failure_stays_where_nothing_can_be_removed(database: Rows | None) -> None:
    with pytest.raises(CheckFailed):
        asyncio.run(write(world(database), "ada", fails=True))


def test_rows_to_which_others_refer_stay() -> None:
    rows = Rows("ada", kept="ada")
    asyncio.run(remove_rows(world(rows), "ada"))
    assert rows.texts == ["ada"]


def test_one_block_after_the_other() -> None:
    shared, inside = world(None), []

    async def check(name: str) -> None:
        async with removed_on_failure(shared, "any"):
            inside.append(f"{name} begins")
            await asyncio.sleep(0)
            inside.append(f"{name} ends")

    async def both() -> None:
        await asyncio.gather(check("a"), check("b"))

    asyncio.run(both())
    assert inside == ["a begins", "a ends", "b begins", "b ends"]
