"""A toy product for the suites about accounts: a library whose readers have a card."""

from __future__ import annotations

import asyncio
import random
from types import SimpleNamespace
from typing import Any

import orjson

from worksample.checks import Answer
from worksample.checks.dialect import Dialect
from worksample.probes.exchange import Exchange, Request, Response
from worksample.probes.http import Limits, Session
from worksample.suites.account_adapters import EmailAccounts
from worksample.suites.account_member import AccountApi, Member
from worksample.suites.account_world import AccountWorld


class Reader(Member["Library"]):
    """A client of the library."""


class Library(AccountWorld[Reader]):
    """A product that answers from a dictionary of its accounts by address.

    Cards and addresses must be unique, addresses in any letters, unless it is `careless`.
    Registering or signing in may give no token. A change without the field `change_needs` fails.
    """

    careless = False
    gives_token = True
    gives_token_at_login = True
    login_status = 200
    change_needs = ""

    api = AccountApi(
        register="/readers", login="/desk", own="/readers/me", member="reader", name="card",
        text="motto", registering_check="readers-register", signing_in_check="readers-sign-in",
        changing_check="readers-change",
    )  # fmt: skip

    def __init__(self, accounts: dict[str, Any] | None = None) -> None:
        self.run_notes: list[str] = []
        context = SimpleNamespace(
            dialect=Dialect(),
            client=SimpleNamespace(limits=Limits()),
            note=self.run_notes.append,
            database=None,
            clashing=asyncio.Lock(),
            alone=True,
            lab=None,
            server_state={},
        )
        super().__init__(context, Session(None), random.Random(1))  # type: ignore[arg-type]
        self.accounts = {} if accounts is None else accounts
        self.sent: list[tuple[str, str, Any, str | None, str]] = []

    def person(self, name: str = "", token: str | None = None, **account: str) -> Reader:
        return Reader(self, name, token, **account)

    async def send(self, method: str, path: str, payload: Any = None, **options: Any) -> Answer:
        token = options.get("token")
        self.sent.append((method, path, payload, token, options["label"]))
        status, reader = self._respond(method, path, (payload or {}).get("reader", {}), token)
        body = orjson.dumps({"reader": reader, "errors": {}})
        return Answer(Exchange(Request(method, path), Response(status, (), body)), Dialect())

    def _respond(
        self, method: str, path: str, fields: dict[str, Any], token: str | None
    ) -> tuple[int, Any]:
        if path == "/readers":
            if self._is_taken(fields):
                return 422, {}
            self.accounts[fields["email"]] = {**fields, "token": f"t-{fields['card']}"}
            return 201, self._shown(self.accounts[fields["email"]], self.gives_token)
        if path == "/desk":
            found = self.accounts.get(fields.get("email", ""))
            signed_in = found is not None and found["password"] == fields.get("password")
            return (
                (self.login_status, self._shown(found, self.gives_token_at_login))
                if signed_in
                else (401, {})
            )
        found = next((each for each in self.accounts.values() if each["token"] == token), None)
        if found is None:
            return 401, {}
        if method == "PUT" and self.change_needs and self.change_needs not in fields:
            return 500, {}
        if method == "PUT":
            if fields.get("card") in {each["card"] for each in self.accounts.values()}:
                return 422, {}
            found.update(fields)
        return 200, found

    def _shown(self, account: Any, with_token: bool) -> Any:
        return {name: value for name, value in account.items() if with_token or name != "token"}

    def _is_taken(self, fields: dict[str, Any]) -> bool:
        taken = {each["card"] for each in self.accounts.values()}
        taken |= {address.lower() for address in self.accounts}
        return not self.careless and not taken.isdisjoint((fields["card"], fields["email"].lower()))

    async def second_instance(self) -> Library:
        return Library(self.accounts)


class LibraryDatabase:
    """What Worksample finds in the library's database."""

    def __init__(self, library: Library) -> None:
        self._library = library

    async def rows_containing(self, text: str) -> list[Any]:
        stored = self._library.accounts.items()
        return [each for each in stored if text.lower() in str(each).lower()]


class LibraryAccounts(EmailAccounts):
    """Makes accounts; the write elsewhere reads instead."""

    product_names = ("library",)
    taken_name_check = "a-taken-card-is-refused"
    taken_by_change_check = "a-card-cannot-be-changed-to-a-taken-one"

    async def write_elsewhere(self, member: Reader) -> Answer:
        return await member.ask("GET", "/elsewhere", "writes elsewhere")
