"""Other ways to meet a precondition."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from types import SimpleNamespace
from typing import Any

import pytest

from worksample.checks import (
    Answer,
    CheckFailed,
    Dialect,
    Finding,
    Meaning,
    PreconditionFailed,
    expect_success,
    first_of,
    precondition_success,
    stored_id,
)
from worksample.checks.detours import no_detours
from worksample.errors import DatabaseError
from worksample.probes.exchange import Exchange, Request, Response, Trouble
from worksample.services import Row


def failing(answer: int | Trouble, needs: str = "usual") -> Callable[[], Awaitable[str]]:
    """Return a way that gets this answer to its request and fails."""
    response = None if isinstance(answer, Trouble) else Response(answer, (), b"")
    trouble = answer if isinstance(answer, Trouble) else None
    exchange = Exchange(Request("PUT", "/user"), response, trouble)
    finding = Finding("status 200", str(answer), exchanges=(exchange,), culprit=0)

    async def way() -> str:
        raise PreconditionFailed(needs, finding)

    return way


async def working() -> str:
    """Return a result."""
    return "done"


def taken(*ways: Callable[[], Awaitable[str]]) -> tuple[str, list[str]]:
    """Take the first way that works; return its result, and which preconditions were met so."""
    world: Any = SimpleNamespace(detours=[])
    result = asyncio.run(_taken(world, *ways))
    return result, [each.needs for each in world.detours]


async def _taken(world: Any, *ways: Callable[[], Awaitable[str]]) -> str:
    return await first_of(world, *ways)


def test_usual_way_is_no_detour() -> None:
    assert taken(working, failing(500)) == ("done", [])


@pytest.mark.parametrize("answer", [201, 404, 422, 500])
def test_other_way_is_noted_with_the_failure_of_the_usual_one(answer: int) -> None:
    assert taken(failing(answer), failing(500, "other"), working) == ("done", ["usual"])


def test_failure_of_the_usual_way_is_raised_if_none_works() -> None:
    with pytest.raises(PreconditionFailed) as failure:
        taken(failing(500), failing(404, "other"))
    assert failure.value.needs == "usual"


@pytest.mark.parametrize("answer", [429, 503, Trouble.TIMEOUT])
def test_no_other_way_for_a_server_that_is_only_busy(answer: int | Trouble) -> None:
    with pytest.raises(PreconditionFailed):
        taken(failing(answer), working)


def stored(rows: list[Row] | DatabaseError | None) -> int:
    """Return the id of the row with `text` in a database with these rows."""

    async def rows_containing(text: str) -> list[Row]:
        if isinstance(rows, DatabaseError):
            raise rows
        return rows or []

    database = None if rows is None else SimpleNamespace(rows_containing=rows_containing)
    world: Any = SimpleNamespace(context=SimpleNamespace(database=database))
    return asyncio.run(stored_id(world, "text", "usual"))


def test_reads_the_id_from_the_only_row() -> None:
    assert stored([Row("public.comment", {"id": 7, "body": "text"})]) == 7


@pytest.mark.parametrize(
    "rows",
    [
        None,
        [],
        [Row("public.comment", {"key": 7})],
        [Row("public.comment", {"id": 7}), Row("public.event", {"id": 8})],
        DatabaseError("is away"),
    ],
)
def test_blocked_where_the_database_does_not_say(rows: Any) -> None:
    with pytest.raises(PreconditionFailed) as failure:
        stored(rows)
    assert failure.value.needs == "usual"


def answered(status: int) -> Answer:
    return Answer(Exchange(Request("POST", "/login"), Response(status, (), b"")), Dialect())


def test_another_success_is_noted_and_told_by_the_check_of_the_status() -> None:
    world: Any = SimpleNamespace(detours=[])
    assert expect_success(world, answered(200), needs="login") and not world.detours
    assert expect_success(world, answered(201), needs="login").status == 201
    assert precondition_success(world, answered(202), Meaning.OK, needs="login").status == 202
    assert [each.needs for each in world.detours] == ["login", "login"]


@pytest.mark.parametrize("status", [302, 401, 500])
def test_what_is_no_success_fails_or_blocks(status: int) -> None:
    world: Any = SimpleNamespace(detours=[])
    with pytest.raises(CheckFailed):
        expect_success(world, answered(status), needs="login")
    with pytest.raises(PreconditionFailed, match="login"):
        precondition_success(world, answered(status), Meaning.OK, needs="login")
    assert world.detours == []


def test_no_other_way_counts_without_detours() -> None:
    world: Any = SimpleNamespace(detours=[])
    with no_detours():
        with pytest.raises(PreconditionFailed, match="usual"):
            taken(failing(500), working)
        with pytest.raises(CheckFailed):
            expect_success(world, answered(201), needs="login")
    assert taken(failing(500), working) == ("done", ["usual"])
