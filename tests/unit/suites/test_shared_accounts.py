"""Accounts that checks share: who gets which, when one is replaced, and what it must not send."""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import Awaitable, Callable
from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import orjson
import pytest

from worksample.catalogue import load
from worksample.checks import CheckContext, Dialect, PreconditionFailed
from worksample.errors import InternalError
from worksample.probes.exchange import Exchange, Request, Response
from worksample.probes.http import Session
from worksample.suites.account_member import AccountApi, Member
from worksample.suites.account_world import AccountWorld
from worksample.suites.jwt import Jwt
from worksample.suites.reused_accounts import ReusedAccount
from worksample.suites.shared_accounts import SharedAccount, refuse_misuse

API = AccountApi(
    register="/readers", login="/desk", own="/readers/me", member="reader", name="card",
    text="motto", registering_check="readers-register", signing_in_check="readers-sign-in",
    changing_check="readers-change", personal=(r"GET .*/loans",),
)  # fmt: skip


class Library:
    """Answers like a library whose readers have a card; stands in for `HttpClient`."""

    def __init__(self) -> None:
        self.readers: dict[str, dict[str, Any]] = {}
        self.registering = 201
        self.claims: dict[str, Any] = {}
        self.asked: list[str] = []

    async def send(self, request: Request, *, record: Callable[[Exchange], None], **_: Any) -> Any:
        await asyncio.sleep(0)
        self.asked.append(f"{request.method} {request.target}")
        status, reader = self._answer(request)
        body = orjson.dumps({"reader": reader})
        exchange = Exchange(request, Response(status, (), body))
        record(exchange)
        return exchange

    def _answer(self, request: Request) -> tuple[int, Any]:
        if request.target == "/readers":
            reader = orjson.loads(request.body)["reader"]
            token = f"t-{reader['card']}"
            if self.claims:
                token = Jwt({}, {}, token).signed_part({"alg": "HS256"}, self.claims) + f".{token}"
            reader = {"motto": None, **reader, "token": token}
            if self.registering == 201:
                self.readers[token] = reader
            return self.registering, reader
        token = dict(request.headers).get("Authorization", "").partition(" ")[2]
        found = self.readers.get(token)
        return (401, {}) if found is None else (200, found)

    @property
    def registrations(self) -> int:
        """How many registrations were sent."""
        return self.asked.count("POST /readers")


class Reader(Member["Desk"]):
    """A client of the library."""


class Desk(AccountWorld[Reader]):
    """The client of one check."""

    api = API

    def person(self, name: str = "", token: str | None = None, **account: str) -> Reader:
        return Reader(self, name, token, **account)


def context_of(library: Library) -> CheckContext:
    made: Any = CheckContext
    target = SimpleNamespace(resources=(), starts=1)
    context: CheckContext = made(client=library, target=target, contract=None, seed=1)
    return replace(context, dialect=Dialect())


def desk(context: CheckContext, seed: int = 1) -> Desk:
    """Return the client of a check."""
    return Desk(context, Session(context.client), random.Random(seed))


def run(scene: Callable[[], Awaitable[None]]) -> None:
    asyncio.run(scene())  # type: ignore[arg-type]


def test_checks_get_the_same_accounts_in_the_same_order() -> None:
    context = context_of(library := Library())

    async def scene() -> None:
        one, two = desk(context, 1), desk(context, 2)
        mine = [await one.shared_member() for _ in range(2)]
        theirs = [await two.shared_member() for _ in range(2)]
        assert [each.name for each in mine] == [each.name for each in theirs]
        assert mine[0].name != mine[1].name
        assert (theirs[0].token, theirs[0].email) == (mine[0].token, mine[0].email)
        assert library.registrations == 2

    run(scene)


def test_accounts_of_another_role_are_others() -> None:
    context = context_of(Library())

    async def scene() -> None:
        check = desk(context)
        assert (await check.shared_member()).name != (await check.shared_member("hostile")).name

    run(scene)


def test_checks_that_ask_at_once_wait_for_one_registration() -> None:
    context = context_of(library := Library())

    async def scene() -> None:
        checks = [desk(context, seed) for seed in range(5)]
        members = await asyncio.gather(*(each.shared_member() for each in checks))
        assert len({each.name for each in members}) == library.registrations == 1

    run(scene)


def test_each_check_records_the_registration_that_it_did_not_send() -> None:
    context = context_of(Library())

    async def scene() -> None:
        for check in (desk(context, 1), desk(context, 2)):
            member = await check.shared_member()
            await member.me()
            sent = [each.request.target for each in check.session.exchanges]
            assert sent == ["/readers", "/readers/me"]
            assert check.session.recalled == 1

    run(scene)


def test_check_that_is_asked_again_gets_an_account_of_its_own() -> None:
    context = context_of(library := Library())

    async def scene() -> None:
        shared = await desk(context, 1).shared_member()
        context.alone = True
        assert (await desk(context, 2).shared_member()).name != shared.name
        assert library.registrations == 2

    run(scene)


def test_each_lab_has_accounts_of_its_own_until_it_closes() -> None:
    context = context_of(library := Library())

    class Lab:
        """A lab whose server is the same library."""

    def in_lab(lab: Any) -> CheckContext:
        state = context.lab_states.setdefault(lab, {})
        return replace(context, alone=True, lab=lab, server_state=state)

    async def scene() -> None:
        lab, other = Lab(), Lab()
        await desk(context).shared_member()
        await desk(in_lab(lab)).shared_member()
        await desk(in_lab(lab), 2).shared_member()
        assert library.registrations == 2
        await desk(in_lab(other)).shared_member()
        assert library.registrations == 3

    run(scene)


@pytest.mark.parametrize("change", [{"motto": "spoilt"}, {"email": "other@example.com"}])
def test_changed_account_is_replaced(change: dict[str, str]) -> None:
    context = context_of(library := Library())

    async def scene() -> None:
        before = await desk(context, 1).shared_member()
        library.readers[str(before.token)].update(change)
        after = await desk(context, 2).shared_member()
        assert after.name != before.name
        assert (await desk(context, 3).shared_member()).name == after.name

    run(scene)


def test_account_whose_token_is_refused_is_replaced() -> None:
    context = context_of(library := Library())

    async def scene() -> None:
        before = await desk(context, 1).shared_member()
        library.readers.clear()
        after = await desk(context, 2).shared_member()
        assert after.name != before.name
        assert (await after.me()).status == 200

    run(scene)


@pytest.mark.parametrize(("seconds", "registrations"), [(30, 2), (600, 1)])
def test_token_that_ends_soon_is_replaced(seconds: int, registrations: int) -> None:
    context = context_of(library := Library())
    library.claims = {"exp": int(time.time()) + seconds}

    async def scene() -> None:
        await desk(context, 1).shared_member()
        await desk(context, 2).shared_member()
        assert library.registrations == registrations

    run(scene)


def test_server_that_spoils_accounts_gets_no_more_shared_ones() -> None:
    context = context_of(library := Library())

    async def scene() -> None:
        names = set()
        for seed in range(6):
            names.add((await desk(context, seed).shared_member()).name)
            library.readers.clear()
        assert len(names) == 6
        assert library.registrations == 6

    run(scene)


def test_blocks_by_the_check_of_registering_when_the_server_registers_nobody() -> None:
    context = context_of(library := Library())
    library.registering = 500

    async def scene() -> None:
        with pytest.raises(PreconditionFailed) as failure:
            await desk(context).shared_member()
        assert failure.value.needs == "readers-register"
        assert library.registrations == 2
        library.registering = 201
        first, second = await desk(context, 2).shared_member(), await desk(context).shared_member()
        assert first.name != second.name
        assert library.registrations == 4

    run(scene)


def test_own_account_is_used_again_while_its_token_is_accepted() -> None:
    context = context_of(library := Library())

    async def scene() -> None:
        check = desk(context)
        account = ReusedAccount(check)
        member = await account.member()
        assert await account.member() is member
        recorded = [each.request.target for each in check.session.exchanges]
        assert recorded == ["/readers", "/readers/me", "/readers"]
        library.readers.clear()
        assert (await account.member()).name != member.name

    run(scene)


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("PUT", "/readers/me"),
        ("DELETE", "/api/readers/me"),
        ("GET", "/loans"),
        ("GET", "/books?reader={card}"),
        ("GET", "/books?limit=5&reader={card}"),
    ],
)
def test_refuses_what_lets_checks_see_each_other(method: str, path: str) -> None:
    context = context_of(library := Library())

    async def scene() -> None:
        check = desk(context)
        member = await check.shared_member()
        asked = list(library.asked)
        with pytest.raises(InternalError, match="must not use a shared account"):
            await member.ask(method, path.format(card=member.name), "misuses the account")
        assert library.asked == asked

    run(scene)


def test_refuses_to_sign_in_to_a_shared_account_and_to_misuse_it_in_a_burst() -> None:
    context = context_of(Library())

    async def scene() -> None:
        check = desk(context)
        member = await check.shared_member()
        with pytest.raises(InternalError):
            await check.log_in(member.email, member.password)
        with pytest.raises(InternalError):
            request = check.request("PUT", "/readers/me", {}, token=member.token)
            await check.send_concurrently([request])

    run(scene)


@pytest.mark.parametrize(
    ("method", "path"),
    [("GET", "/readers/me"), ("POST", "/books"), ("GET", "/books?reader=x"), ("GET", "/loans/1")],
)
def test_allows_reads_and_writes_that_nobody_else_sees(method: str, path: str) -> None:
    context = context_of(Library())

    async def scene() -> None:
        member = await desk(context).shared_member()
        await member.ask(method, path, "uses the account")
        await desk(context).visitor().ask("PUT", "/readers/me", "is not signed in")

    run(scene)


@pytest.mark.parametrize(
    ("name", "refused"),
    [
        ("conduit", {"updateUser", "feed", "follow", "unfollow"}),
        ("booking", {"updateAccount", "listReservations"}),
    ],
)
def test_challenges_name_what_depends_on_an_account(name: str, refused: set[str]) -> None:
    challenge = load(name)
    assert issubclass(challenge.world, AccountWorld)
    api = challenge.world.api
    account = SharedAccount("Ada", "t-1", "ada@example.com", "secret", (), (), ())

    def refuses(method: str, path: str) -> bool:
        sent = Request(method, f"/api{path}?limit=5", (("Authorization", "Token t-1"),))
        try:
            refuse_misuse(api, [account], sent)
        except InternalError:
            return True
        return False

    operations = challenge.contract.operations
    assert {each.id for each in operations if refuses(each.method, each.path)} == refused
