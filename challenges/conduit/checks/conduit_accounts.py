"""Adapter of the suites about passwords and tokens."""

from __future__ import annotations

from typing import Any

from worksample.checks import Answer
from worksample.messages import message
from worksample.suites.accounts import MISSING, Account

from .world import Conduit, Person


class ConduitAccount:
    """A person's account, as the suites see it; the text that they change is the bio."""

    def __init__(self, person: Person) -> None:
        self.person = person
        self.login = person.email
        self.password = person.password
        self.token = person.token
        self.marker = person.username

    async def read_self(self) -> Answer:
        """Read the own account."""
        return await self.person.me()

    async def write_self(self, text: str) -> Answer:
        """Change the bio."""
        return await self.person.change(bio=text)

    async def write_elsewhere(self) -> Answer:
        """Publish an article."""
        return await self.person.post(self.person.world.article())

    async def change_password(self, new: str | None) -> Answer:
        """Change the password."""
        return await self.person.change(password=new)


class ConduitAccounts:
    """Makes accounts."""

    text_name = "the bio"
    password_change_check = "a-new-password-replaces-the-old-one"
    product_names = ("conduit", "realworld")

    def __init__(self, world: Conduit) -> None:
        self.world = world

    async def sign_up(self, password: str | None = None) -> ConduitAccount:
        """Register a new account."""
        fields = {} if password is None else {"password": password}
        return ConduitAccount(await self.world.sign_up(**fields))

    async def register(self, password: str) -> tuple[str, Answer]:
        """POST /users."""
        account = self.world.new_account(password=password)
        return account["email"], await self.world.register(account)

    async def sign_in(self, account: Account) -> ConduitAccount:
        """Sign in."""
        return ConduitAccount(await self.world.sign_in(account.login, account.password))

    async def log_in(self, login: Any, password: Any) -> Answer:
        """POST /users/login."""
        fields = {"email": login, "password": password}
        given = {name: value for name, value in fields.items() if value is not MISSING}
        label = message("{email} signs in", email=given.get("email"))
        return await self.world.send("POST", "/users/login", {"user": given}, label=label)

    def after_change(self, account: Account, answer: Answer) -> ConduitAccount:
        """Return the account with its new token."""
        person = self.world.person(account.marker, account.token)
        person.email, person.password = account.login, account.password
        person.token = person.token_from(answer)
        return ConduitAccount(person)

    def with_token(self, account: Account, token: str) -> ConduitAccount:
        """Return the account with another token."""
        return ConduitAccount(self.world.person(account.marker, token))

    def new_login(self) -> str:
        """Return an unused e-mail address."""
        return self.world.new_email()

    def new_password(self) -> str:
        """Return a new password."""
        return self.world.password()

    def text_in(self, answer: Answer) -> object:
        """Return the bio."""
        return answer.at("user", "bio")

    async def register_with(self, extra: dict[str, Any]) -> Answer:
        """POST /users with extra fields."""
        return await self.world.register(self.world.new_account(**extra))

    async def write_with(self, account: Account, text: str, extra: dict[str, Any]) -> Answer:
        """PUT /user with a bio and extra fields."""
        person = self.world.person(account.marker, account.token)
        return await person.change(bio=text, **extra)

    def token_in(self, answer: Answer) -> object:
        """Return the token."""
        return answer.at("user", "token")

    def login_in(self, answer: Answer) -> object:
        """Return the e-mail address."""
        return answer.at("user", "email")
