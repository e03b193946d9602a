"""Adapter of the suites about passwords and tokens."""

from __future__ import annotations

from typing import Any

from worksample.checks import Answer
from worksample.messages import message
from worksample.suites.accounts import MISSING, Account

from .world import Booking, Person


class BookingAccount:
    """A person's account, as the suites see it; the text that they change is the name."""

    def __init__(self, person: Person) -> None:
        self.person = person
        self.login = person.email
        self.password = person.password
        self.token = person.token
        self.marker = person.email

    async def read_self(self) -> Answer:
        """Read the own account."""
        return await self.person.me()

    async def write_self(self, text: str) -> Answer:
        """Change the name."""
        return await self.person.change(name=text)

    async def write_elsewhere(self) -> Answer:
        """Reserve a seat."""
        return await self.person.reserve(await self.person.world.open_sailing())

    async def change_password(self, new: str | None) -> Answer:
        """Change the password."""
        return await self.person.change(password=new)


class BookingAccounts:
    """Makes accounts."""

    text_name = "the name"
    password_change_check = "a-new-password-replaces-the-old-one"
    product_names = ("booking", "ferry", "ahoy")

    def __init__(self, world: Booking) -> None:
        self.world = world

    async def sign_up(self, password: str | None = None) -> BookingAccount:
        """Register a new account."""
        fields = {} if password is None else {"password": password}
        return BookingAccount(await self.world.sign_up(**fields))

    async def register(self, password: str) -> tuple[str, Answer]:
        """POST /accounts."""
        account = self.world.new_account(password=password)
        return account["email"], await self.world.register(account)

    async def sign_in(self, account: Account) -> BookingAccount:
        """Sign in."""
        return BookingAccount(await self.world.sign_in(account.login, account.password))

    async def log_in(self, login: Any, password: Any) -> Answer:
        """POST /login."""
        fields = {"email": login, "password": password}
        given = {name: value for name, value in fields.items() if value is not MISSING}
        label = message("{email} signs in", email=given.get("email"))
        return await self.world.send("POST", "/login", {"account": given}, label=label)

    def after_change(self, account: Account, answer: Answer) -> BookingAccount:
        """Return the account with the token of the answer, or else with its own."""
        shown = answer.at("account")
        told = shown.get("token") if isinstance(shown, dict) else None
        return self.with_token(account, str(told or account.token))

    def with_token(self, account: Account, token: str) -> BookingAccount:
        """Return the account with another token."""
        person = Person(
            self.world,
            account.marker.partition("@")[0],
            token,
            email=account.login,
            password=account.password,
        )
        return BookingAccount(person)

    def new_login(self) -> str:
        """Return an unused e-mail address."""
        return self.world.new_email()

    def new_password(self) -> str:
        """Return a new password."""
        return self.world.password()

    def text_in(self, answer: Answer) -> object:
        """Return the name."""
        return answer.at("account", "name")

    async def register_with(self, extra: dict[str, Any]) -> Answer:
        """POST /accounts with extra fields."""
        return await self.world.register(self.world.new_account(**extra))

    async def write_with(self, account: Account, text: str, extra: dict[str, Any]) -> Answer:
        """PUT /account with a name and extra fields."""
        person = self.world.person(account.login, account.token)
        return await person.change(name=text, **extra)

    def token_in(self, answer: Answer) -> object:
        """Return the token."""
        return answer.at("account", "token")

    def login_in(self, answer: Answer) -> object:
        """Return the e-mail address."""
        return answer.at("account", "email")
