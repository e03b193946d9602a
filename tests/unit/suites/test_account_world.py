"""The client and the adapters for accounts, with the readers of a library as the product."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from worksample.checks import CheckFailed, Meaning, PreconditionFailed
from worksample.checks.adapters import missing_members
from worksample.suites.account_adapters import EmailRegistration
from worksample.suites.account_disclosures import AccountDisclosures, generated_by
from worksample.suites.account_requests import (
    ChangingPassword,
    CheapRead,
    Registering,
    SigningIn,
)
from worksample.suites.accounts import MISSING, Accounts
from worksample.suites.leaks import LeakPatterns
from worksample.suites.mass_assignment import GuardedAccounts
from worksample.suites.password_hashing import SlowRequest
from worksample.suites.registration import Registration

from .library import Library, LibraryAccounts

BESIDE = CheapRead("/books", "lists the books", "books-are-listed")


def test_registers_and_signs_in_with_the_fields_and_paths_of_the_api() -> None:
    world = Library()
    reader = asyncio.run(world.sign_up())
    assert (reader.email, reader.token) == (f"{reader.name}@example.com", f"t-{reader.name}")
    returning = asyncio.run(world.sign_in(reader.email, reader.password))
    assert (returning.name, returning.token) == (reader.name, reader.token)
    account = {"card": reader.name, "email": reader.email, "password": reader.password}
    login = {"email": reader.email, "password": reader.password}
    assert world.sent == [
        ("POST", "/readers", {"reader": account}, None, "a visitor registers"),
        ("POST", "/desk", {"reader": login}, None, f"{reader.email} signs in"),
    ]


def test_signs_in_where_registering_gives_no_token() -> None:
    world = Library()
    world.gives_token = False
    reader = asyncio.run(world.sign_up())
    assert reader.token == f"t-{reader.name}"
    assert [path for _, path, *_ in world.sent] == ["/readers", "/desk"]
    [detour] = world.detours
    assert detour.needs == "readers-register"
    assert detour.finding.expected == "`reader.token` in the response"
    assert world.run_notes == ["Registering gives no token: every new account signs in to get one."]


def test_blocks_by_the_check_of_registering_if_signing_in_gives_no_token_either() -> None:
    world = Library()
    world.gives_token = world.gives_token_at_login = False
    with pytest.raises(PreconditionFailed) as failure:
        asyncio.run(world.sign_up())
    assert failure.value.needs == "readers-register"
    assert failure.value.finding.exchanges[0].request.target == "/readers"
    assert world.detours == []


def test_login_without_an_answer_is_what_blocks_then() -> None:
    world = Library()
    world.gives_token = world.gives_token_at_login = False
    world.login_status = 503
    with pytest.raises(PreconditionFailed) as failure:
        asyncio.run(world.sign_up())
    assert failure.value.needs == "readers-register"
    assert failure.value.finding.exchanges[0].request.target == "/desk"


@pytest.mark.parametrize("token", ["", None, 7])
def test_token_must_be_a_non_empty_text(token: object) -> None:
    world = Library({"a@example.com": {"password": "p", "token": token}})
    answer = asyncio.run(world.log_in("a@example.com", "p"))
    with pytest.raises(CheckFailed, match="a non-empty text"):
        world.token_in(answer)


def test_signs_in_where_a_login_answers_created() -> None:
    world = Library()
    reader = asyncio.run(world.sign_up())
    world.login_status = 201
    assert asyncio.run(world.sign_in(reader.email, reader.password)).token == reader.token
    assert [detour.needs for detour in world.detours] == ["readers-sign-in"]


def test_blocks_by_the_check_that_tests_signing_in() -> None:
    with pytest.raises(PreconditionFailed) as failure:
        asyncio.run(Library().sign_in("nobody@example.com", "wrong"))
    assert failure.value.needs == "readers-sign-in"


def test_labels_requests_by_the_name_of_the_client() -> None:
    world = Library()
    asyncio.run(world.visitor().me())
    asyncio.run(world.person("Ada", "t").change(motto="x", card="y"))
    assert [label for *_, label in world.sent] == [
        "a visitor reads their own account", "Ada changes motto, card",
    ]  # fmt: skip
    assert world.sent[1][:4] == ("PUT", "/readers/me", {"reader": {"motto": "x", "card": "y"}}, "t")


def test_client_of_another_instance_keeps_the_account() -> None:
    here = Library()
    reader = asyncio.run(here.sign_up())
    there = Library(here.accounts).client_of(reader)
    assert there.world is not here
    assert (there.name, there.token, there.email, there.password) == (
        reader.name, reader.token, reader.email, reader.password,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("adapter", "protocol"),
    [
        (LibraryAccounts, Accounts),
        (LibraryAccounts, GuardedAccounts),
        (EmailRegistration, Registration),
        (generated_by(Library.api), LeakPatterns),
        (SigningIn, SlowRequest),
        (Registering, SlowRequest),
        (ChangingPassword, SlowRequest),
    ],
)
def test_adapters_have_every_member_of_their_protocol(adapter: Any, protocol: type) -> None:
    assert missing_members(adapter, protocol) == []


def test_leaves_out_what_is_missing_from_a_login() -> None:
    world = Library()
    asyncio.run(LibraryAccounts(world).log_in("a@example.com", MISSING))
    assert world.sent[0][2] == {"reader": {"email": "a@example.com"}}


def test_account_with_another_token_keeps_login_and_password() -> None:
    accounts = LibraryAccounts(Library())

    async def scene() -> None:
        account = await accounts.sign_up(password="correct horse")
        other = accounts.with_token(account, "forged")
        assert (other.login, other.password, other.token) == (
            account.login,
            "correct horse",
            "forged",
        )
        assert (await other.read_self()).status == 401
        answer = await account.write_self("a motto")
        assert accounts.text_in(answer) == "a motto"
        assert accounts.after_change(other, answer).token == account.token

    asyncio.run(scene())


def test_every_field_of_a_registration_has_blanks() -> None:
    assert set(EmailRegistration(Library()).blanks) == {"card", "email", "password"}


def test_expects_that_a_refused_registration_leaves_no_account() -> None:
    world = Library()
    registration, fields = EmailRegistration(world), world.new_account()
    asyncio.run(registration.expect_no_account(fields, because="it was refused"))
    asyncio.run(registration.register(fields))
    with pytest.raises(CheckFailed):
        asyncio.run(registration.expect_no_account(fields, because="it was refused"))


def test_patterns_match_what_the_world_generates() -> None:
    world, patterns = Library(), generated_by(Library.api)(None)
    account = world.new_account()
    assert patterns.address.fullmatch(account["email"].encode())
    assert patterns.password.fullmatch(account["password"].encode())
    own = ("/readers", "/readers/me/", "/desk", "/readers/7", "/books")
    matched = [path for path in own if patterns.own_account.fullmatch(path)]
    assert matched == ["/readers", "/readers/me/", "/desk"]


def test_disclosures_cover_the_four_operations_on_the_own_account() -> None:
    disclosures = AccountDisclosures()
    disclosures.world = world = Library()
    told = asyncio.run(disclosures.account_answers())
    assert [answer.status for _, answer in told] == [201, 200, 200, 200]
    assert [path for _, path, *_ in world.sent] == [
        "/readers", "/readers", "/desk", "/readers/me", "/readers/me",
    ]  # fmt: skip


def test_slow_requests_work_again_and_again() -> None:
    world = Library()
    cases = [
        (SigningIn(world, BESIDE), Meaning.OK, "readers-sign-in", 200),
        (Registering(world, BESIDE), Meaning.CREATED, "readers-register", 201),
        (ChangingPassword(world, BESIDE), Meaning.OK, "readers-change", 200),
    ]

    async def scene() -> None:
        for request, meaning, needs, status in cases:
            await request.prepare()
            assert (request.meaning, request.needs) == (meaning, needs)
            assert [(await request.slow()).status for _ in "ab"] == [status, status]

    asyncio.run(scene())
    assert (cases[0][0].cheap_name, cases[0][0].cheap_needs) == ("GET /books", "books-are-listed")


@pytest.mark.parametrize(
    ("needed", "statuses"),
    [("", [200]), ("password", [200]), ("nothing helps", [500])],
)
def test_sends_the_password_along_where_each_change_without_it_fails(
    needed: str, statuses: list[int]
) -> None:
    world = Library()
    reader = asyncio.run(world.sign_up())
    world.change_needs = needed
    answer = asyncio.run(reader.change_in_working_form(motto="new"))
    assert [answer.status] == statuses
    wanted = {"readers-change"} if needed == "password" else set()
    assert {detour.needs for detour in world.detours} == wanted


def test_entry_with_another_success_is_told_by_the_check_that_tests_signing_in() -> None:
    world = Library()
    reader = asyncio.run(world.sign_up())
    world.login_status = 201
    assert asyncio.run(world.enters(reader.email, reader.password)).status == 201
    assert [detour.needs for detour in world.detours] == ["readers-sign-in"]
    with pytest.raises(CheckFailed):
        asyncio.run(world.enters(reader.email, "wrong"))
