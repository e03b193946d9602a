"""How long a token lasts, as its `exp` says."""

from __future__ import annotations

import asyncio
import time
from types import SimpleNamespace
from typing import Any

import pytest

from worksample.checks import Answer, CheckFailed, Dialect, PreconditionFailed, Skipped
from worksample.probes.exchange import Exchange, Request, Response
from worksample.suites import tokens
from worksample.suites.jwt import Jwt

HOUR = 3600
PLAIN = Jwt({"alg": "HS256"}, {"sub": "1"}, "")


class Accounts:
    """Accounts whose tokens last for some seconds from now; None: for ever."""

    def __init__(self, registered: float | None, signed_in: float | None) -> None:
        self.registered, self.signed_in = registered, signed_in
        self.first: Any = None

    @property
    def signing_in_check(self) -> str:
        return "signing-in"

    def first_account(self) -> Any:
        return self.first

    async def sign_up(self) -> Any:
        return SimpleNamespace(token=_token(self.registered))

    async def sign_in(self, account: Any) -> Any:
        return Session(200, _token(self.signed_in))


class Session:
    """An account whose owner is answered with a status when it reads itself."""

    def __init__(self, status: int, token: str = "") -> None:
        self.status, self.token = status, token

    async def read_self(self) -> Answer:
        return Answer(Exchange(Request("GET", "/me"), Response(self.status, (), b"{}")), Dialect())


def _token(seconds: float | None) -> str:
    ends = {} if seconds is None else {"exp": time.time() + seconds}
    return PLAIN.with_key(b"key", **ends)


def ask(accounts: Any) -> None:
    """Run the check."""
    template = tokens.LIFETIMES.templates["tokens-last-a-day"]
    body: Any = template.body
    asyncio.run(body(SimpleNamespace(dialect=Dialect()), accounts))


@pytest.mark.parametrize("seconds", [24 * HOUR, 23.5 * HOUR, 7 * 24 * HOUR, None])
def test_token_that_lasts_a_day_passes(seconds: float | None) -> None:
    ask(Accounts(seconds, seconds))


@pytest.mark.parametrize(("registered", "signed_in"), [(900, 90000), (90000, 900), (-1, 90000)])
def test_token_that_lasts_for_minutes_fails(registered: float, signed_in: float) -> None:
    with pytest.raises(CheckFailed) as caught:
        ask(Accounts(registered, signed_in))
    origin = "a registration" if registered < HOUR else "a login"
    expected = f"the lifetime in hours of the token from {origin}: at least 24"
    assert caught.value.findings[0].expected == expected


def test_token_of_another_kind_is_not_judged() -> None:
    accounts = Accounts(None, None)

    async def opaque() -> Any:
        return SimpleNamespace(token="opaque")

    accounts.sign_up = opaque  # type: ignore[method-assign]
    with pytest.raises(Skipped):
        ask(accounts)


@pytest.mark.parametrize("status", [200, 500])
def test_token_that_is_not_refused_later_passes(status: int) -> None:
    accounts = Accounts(25 * HOUR, 25 * HOUR)
    accounts.first = Session(status), 40.4
    ask(accounts)


def test_token_that_is_refused_later_fails_although_it_says_that_it_lasts() -> None:
    accounts = Accounts(25 * HOUR, 25 * HOUR)
    accounts.first = Session(401), 40.4
    with pytest.raises(CheckFailed) as caught:
        ask(accounts)
    (finding,) = caught.value.findings
    assert finding.expected == (
        "a token that was given out 40 s ago, and not used since, is accepted"
    )
    assert finding.actual == "401"


def test_refused_token_of_an_account_that_cannot_be_entered_is_not_judged() -> None:
    """The account may be gone, or signing in may be what fails."""
    accounts = Accounts(25 * HOUR, 25 * HOUR)
    accounts.first = Session(401), 40.4

    async def nobody_enters(account: Any) -> Any:
        return Session(401)

    accounts.sign_in = nobody_enters  # type: ignore[method-assign]
    with pytest.raises(PreconditionFailed):
        ask(accounts)
