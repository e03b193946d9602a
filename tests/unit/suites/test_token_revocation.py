"""Tokens from before a change of password."""

from __future__ import annotations

import asyncio
from typing import Any

import orjson
import pytest

from worksample.checks import Answer, CheckFailed, PreconditionFailed
from worksample.checks.dialect import Dialect
from worksample.probes.exchange import Exchange, Request, Response
from worksample.suites import tokens


class Session:
    """A client with a token; the server knows those in `good`."""

    def __init__(self, accounts: Accounts, token: str) -> None:
        self.accounts, self.token = accounts, token

    async def read_self(self) -> Answer:
        return self._answer(200 if self.token in self.accounts.good else 401)

    async def write_self(self, text: str) -> Answer:
        return await self.read_self()

    async def change_password(self, new: str) -> Answer:
        self.accounts.good = self.accounts.kept
        return self._answer(self.accounts.status)

    def _answer(self, status: int) -> Answer:
        body = orjson.dumps({"bio": None})
        return Answer(Exchange(Request("GET", "/user"), Response(status, (), body)), Dialect())


class Accounts:
    """One account, with a token from registering and one from signing in.

    kept: the tokens that stay good when the one who signed in changes the password.
    """

    text_name, password_change_check, status = "bio", "a-password-can-be-changed", 200

    def __init__(self, *kept: str) -> None:
        self.good, self.kept = {"registered", "signed in"}, set(kept)

    async def sign_up(self) -> Session:
        return Session(self, "registered")

    async def sign_in(self, account: Session) -> Session:
        return Session(self, "signed in")

    def new_password(self) -> str:
        return "a new one"

    def after_change(self, account: Session, answer: Answer) -> Session:
        return Session(self, "new")

    def with_token(self, account: Session, token: str) -> Session:
        return Session(self, token)

    def text_in(self, answer: Answer) -> object:
        return answer.at("bio")


def ask(accounts: Accounts) -> None:
    """Run the check."""
    body: Any = tokens.REVOCATION.templates["a-new-password-ends-old-tokens"].body
    asyncio.run(body(None, accounts))


@pytest.mark.parametrize("kept", [("new",), ("new", "signed in")])
def test_passes_where_all_others_are_signed_out(kept: tuple[str, ...]) -> None:
    ask(Accounts(*kept))


@pytest.mark.parametrize(
    ("kept", "because"),
    [
        (("new", "registered"), "the token was given out before the password was changed"),
        (("registered", "signed in"), "its token is that of the answer to the change"),
    ],
)
def test_fails_where_old_tokens_go_on_or_the_new_one_does_not(
    kept: tuple[str, ...], because: str
) -> None:
    with pytest.raises(CheckFailed) as raised:
        ask(Accounts(*kept))
    assert raised.value.findings[0].because == because


def test_is_blocked_where_the_password_cannot_be_changed() -> None:
    accounts = Accounts("new")
    accounts.status = 500
    with pytest.raises(PreconditionFailed) as raised:
        ask(accounts)
    assert raised.value.needs == "a-password-can-be-changed"
