"""Accounts that are copied in the database: who gets one, and where none is copied."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from types import SimpleNamespace
from typing import Any

import argon2
import orjson
import pytest

from tests.unit.suites.test_shared_accounts import Library, context_of, desk, run
from worksample.checks import CheckContext
from worksample.errors import DatabaseError
from worksample.probes.exchange import Request
from worksample.services import Row
from worksample.services.postgres.databases import Database
from worksample.services.postgres.login import Login

COUNT = 5
HASHER = argon2.PasswordHasher(2, 64, 1)
LOGIN = Login("127.0.0.1", 1, "app", "secret", {})


class Desk(Library):
    """A library whose readers can sign in, and which keeps them in rows with a hash."""

    def __init__(self) -> None:
        super().__init__()
        self.rows: list[dict[str, Any]] = []
        self.motto_of_copies: str | None = None

    def _answer(self, request: Request) -> tuple[int, Any]:
        if request.target == "/desk":
            return self._sign_in(orjson.loads(request.body)["reader"])
        status, reader = super()._answer(request)
        if request.target == "/readers" and status == 201:
            hashed = HASHER.hash(reader["password"])
            self.rows.append({"card": reader["card"], "email": reader["email"], "hash": hashed})
        return status, reader

    def _sign_in(self, sent: Mapping[str, str]) -> tuple[int, Any]:
        row = next((each for each in self.rows if each["email"] == sent["email"]), None)
        if row is None or not argon2.PasswordHasher().verify(row["hash"], sent["password"]):
            return 401, {}
        token = f"desk-{row['card']}"
        shown = {"card": row["card"], "email": row["email"], "motto": self.motto_of_copies}
        self.readers[token] = {**shown, "token": token}
        return 200, self.readers[token]


@dataclass(frozen=True)
class Records(Database):
    """The database of the desk; `others` counts rows that a registration adds elsewhere."""

    library: Desk = field(default_factory=Desk)
    others: int = 0
    copies: bool = True
    fails: bool = False

    async def row_counts(self) -> dict[str, int]:
        registered = len(self.library.rows)
        return {"public.readers": registered, "public.shelves": self.others * registered}

    async def rows_containing(self, text: str) -> list[Row]:
        found = [each for each in self.library.rows if text in each.values()]
        return [Row("public.readers", each) for each in found]

    async def copy_row(self, row: Row, copies: Sequence[Mapping[str, str]]) -> bool:
        if self.fails:
            raise DatabaseError("permission denied")
        if self.copies:
            for texts in copies:
                copy = {name: texts.get(value, value) for name, value in row.values.items()}
                self.library.rows.append(copy)
        return self.copies


def context_with(database: Records, services: int = 1) -> CheckContext:
    target: Any = SimpleNamespace(resources=[database] * services, starts=1)
    own: Any = database
    return replace(context_of(database.library), target=target, database=own)


def records(**options: Any) -> Records:
    return Records("app", LOGIN, LOGIN, library=Desk(), **options)


def test_one_registers_and_the_others_are_copies_with_passwords_of_their_own() -> None:
    database = records()

    async def scene() -> None:
        prepared = await desk(context_with(database)).prepare(COUNT)
        assert database.library.registrations == 1
        for part in ("name", "email", "password", "token"):
            assert len({getattr(each, part) for each in prepared}) == COUNT
        costs = [argon2.extract_parameters(each["hash"]) for each in database.library.rows]
        assert [each.time_cost for each in costs] == [2] + [1] * COUNT

    run(scene)


def test_checks_on_the_target_get_copies_but_those_that_are_asked_alone() -> None:
    database = records()

    async def scene() -> None:
        context = context_with(database)
        context.server_state["prepared"] = await desk(context).prepare(COUNT)
        members = [await desk(context, seed).own_member() for seed in range(COUNT)]
        assert [(await each.me()).status for each in members] == [200] * COUNT
        assert database.library.registrations == 1
        context.alone = True
        await desk(context).own_member()
        assert database.library.registrations == 2

    run(scene)


def test_check_shows_the_registration_that_would_have_made_the_copy() -> None:
    """What a finding shows can be sent again, to a server where nothing was copied."""
    database = records()

    async def scene() -> None:
        context = context_with(database)
        (copy,) = await desk(context).prepare(1)
        (exchange,) = copy.exchanges
        assert exchange.request.target == "/readers"
        sent = orjson.loads(exchange.request.body)["reader"]
        assert sent == {"card": copy.name, "email": copy.email, "password": copy.password}
        assert exchange.response is not None
        assert orjson.loads(exchange.response.body)["reader"]["token"] == copy.token
        assert "Worksample copied the account" in exchange.label

    run(scene)


@pytest.mark.parametrize(
    "options",
    [{"others": 1}, {"copies": False}, {"fails": True}],
    ids=["rows elsewhere", "cannot be copied", "not allowed"],
)
def test_nothing_is_copied_where_a_copy_would_not_be_the_same(options: Mapping[str, Any]) -> None:
    database = records(**options)

    async def scene() -> None:
        context = context_with(database)
        assert len(await desk(context).prepare(COUNT)) == 0
        assert desk(context).first_account() is not None

    run(scene)


def test_nothing_is_copied_where_other_services_store_things_too() -> None:
    database = records()

    async def scene() -> None:
        assert len(await desk(context_with(database, services=2)).prepare(COUNT)) == 0

    run(scene)


def test_copies_that_the_server_shows_in_another_way_are_left_out() -> None:
    database = records()
    database.library.motto_of_copies = "none yet"

    async def scene() -> None:
        assert len(await desk(context_with(database)).prepare(COUNT)) == 0
        assert len(database.library.rows) == 2, "one copy was tried, and no other was made"

    run(scene)


def test_where_nothing_is_copied_labs_get_accounts_that_register() -> None:
    database = records(copies=False)

    async def scene() -> None:
        lab: Any = object()
        context = replace(context_with(database), lab=lab)
        assert len(await desk(context).prepare(2 * COUNT)) == COUNT
        assert database.library.registrations == 1 + COUNT

    run(scene)


def test_first_account_is_given_to_nobody_and_known_until_the_server_starts_again() -> None:
    database = records()

    async def scene() -> None:
        context = context_with(database)
        prepared = await desk(context).prepare(COUNT)
        first = desk(context).first_account()
        assert first is not None
        assert first[0].name not in {each.name for each in prepared}
        assert first[1] >= 0
        context.target.starts = 2  # type: ignore[misc]
        assert desk(context).first_account() is None

    run(scene)
