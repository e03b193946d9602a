"""Accounts that were prepared once for all labs: who gets them, and when a check signs up."""

from __future__ import annotations

import time
from dataclasses import replace
from typing import Any

import pytest

from tests.unit.suites.test_shared_accounts import Library, context_of, desk, run
from worksample.checks import CheckContext
from worksample.suites.jwt import Jwt
from worksample.suites.prepared_accounts import (
    CHECKS_PER_REGISTERED,
    LEAST_CHECKS,
    MOST_COPIED,
    accounts_for,
)

COUNT = 6


def test_few_checks_prepare_nothing_and_many_no_more_than_they_need() -> None:
    assert [accounts_for(checks) for checks in (0, LEAST_CHECKS - 1)] == [0, 0]
    assert accounts_for(LEAST_CHECKS) == LEAST_CHECKS
    assert accounts_for(1000) == MOST_COPIED


async def in_labs(library: Library, count: int = 2) -> list[CheckContext]:
    """Prepare accounts, and return the contexts of labs that begin with a copy of them."""
    lab: Any = object()
    context = replace(context_of(library), lab=lab)
    prepared = await desk(context).prepare(COUNT * CHECKS_PER_REGISTERED)
    assert len(prepared) == COUNT
    assert library.registrations == 1 + COUNT
    states = [{"prepared": prepared} for _ in range(count)]
    return [replace(context, alone=True, lab=lab, server_state=state) for state in states]


def test_each_lab_gives_each_account_once() -> None:
    library = Library()

    async def scene() -> None:
        first, second = await in_labs(library)
        mine = [await desk(first, seed).own_member() for seed in range(COUNT)]
        theirs = [await desk(second, seed).own_member() for seed in range(COUNT)]
        assert len({each.name for each in mine}) == COUNT
        assert {each.name for each in mine} == {each.name for each in theirs}
        assert library.registrations == COUNT + 1
        assert (await desk(first).own_member()).name not in {each.name for each in mine}
        assert library.registrations == COUNT + 2

    run(scene)


def test_check_records_the_registration_of_a_prepared_account() -> None:
    async def scene() -> None:
        context, _ = await in_labs(Library())
        check = desk(context)
        member = await check.own_member()
        await member.me()
        sent = [each.request.target for each in check.session.exchanges]
        assert sent == ["/readers", "/readers/me"]
        assert check.session.recalled == 1

    run(scene)


def test_shared_accounts_of_a_lab_are_prepared_ones() -> None:
    library = Library()

    async def scene() -> None:
        context, _ = await in_labs(library)
        shared = await desk(context, 1).shared_member()
        assert (await desk(context, 2).shared_member()).name == shared.name
        assert (await desk(context, 3).own_member()).name != shared.name
        assert library.registrations == COUNT + 1

    run(scene)


def test_sign_up_registers_also_where_accounts_are_prepared() -> None:
    library = Library()

    async def scene() -> None:
        context, _ = await in_labs(library)
        await desk(context).sign_up()
        assert library.registrations == COUNT + 2

    run(scene)


@pytest.mark.parametrize("change", ["gone", "changed"])
def test_checks_sign_up_where_the_server_does_not_know_the_accounts(change: str) -> None:
    """Where sessions lie elsewhere, a token is refused; a server may also reset its data."""
    library = Library()

    async def scene() -> None:
        context, _ = await in_labs(library)
        if change == "changed":
            for reader in library.readers.values():
                reader["motto"] = "spoilt"
        else:
            library.readers.clear()
        first = await desk(context, 1).own_member()
        assert (await first.me()).status == 200
        asked = len(library.asked)
        await desk(context, 2).own_member()
        assert library.asked[asked:] == ["POST /readers"]
        assert library.registrations == COUNT + 3

    run(scene)


def test_token_that_ends_soon_is_not_given_away() -> None:
    library = Library()
    library.claims = {"exp": int(time.time()) + 30}

    async def scene() -> None:
        context, _ = await in_labs(library)
        member = await desk(context).own_member()
        assert Jwt.parse(str(member.token)).claims["exp"]
        assert library.registrations == COUNT + 2

    run(scene)


def test_server_that_registers_nobody_prepares_nothing() -> None:
    library = Library()
    library.registering = 500

    async def scene() -> None:
        assert not await desk(context_of(library)).prepare(COUNT)
        assert library.registrations <= 4

    run(scene)


def test_outside_of_labs_own_accounts_are_registered() -> None:
    context = context_of(library := Library())

    async def scene() -> None:
        await desk(context).own_member()
        assert library.registrations == 1

    run(scene)
