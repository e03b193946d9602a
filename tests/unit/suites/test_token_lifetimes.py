"""How long a token lasts, as its `exp` says."""

from __future__ import annotations

import asyncio
import time
from types import SimpleNamespace
from typing import Any

import pytest

from worksample.checks import CheckFailed, Skipped
from worksample.suites import tokens
from worksample.suites.jwt import Jwt

HOUR = 3600
PLAIN = Jwt({"alg": "HS256"}, {"sub": "1"}, "")


class Accounts:
    """Accounts whose tokens last for some seconds from now; None: for ever."""

    def __init__(self, registered: float | None, signed_in: float | None) -> None:
        self.registered, self.signed_in = registered, signed_in

    async def sign_up(self) -> Any:
        return SimpleNamespace(token=_token(self.registered))

    async def sign_in(self, account: Any) -> Any:
        return SimpleNamespace(token=_token(self.signed_in))


def _token(seconds: float | None) -> str:
    ends = {} if seconds is None else {"exp": time.time() + seconds}
    return PLAIN.with_key(b"key", **ends)


def ask(accounts: Any) -> None:
    """Run the check."""
    template = tokens.LIFETIMES.templates["tokens-last-a-day"]
    body: Any = template.body
    asyncio.run(body(None, accounts))


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
