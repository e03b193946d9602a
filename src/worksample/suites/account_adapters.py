"""The adapters of the suites about accounts, for a challenge whose world is an `AccountWorld`."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from typing import Any

from worksample.checks import Answer, expect
from worksample.messages import message
from worksample.suites.account_member import Json, Member
from worksample.suites.account_world import AccountWorld
from worksample.suites.accounts import MISSING, Account


class OwnAccount:
    """The account of a member, as the suites see it."""

    def __init__(self, accounts: EmailAccounts, member: Member[Any]) -> None:
        self.accounts, self.member = accounts, member
        self.login, self.password, self.token = member.email, member.password, member.token
        self.marker = member.email

    async def read_self(self) -> Answer:
        """Read the own account."""
        return await self.member.me()

    async def write_self(self, text: str) -> Answer:
        """Change the text of the account."""
        return await self.accounts.write_with(self, text, {})

    async def write_elsewhere(self) -> Answer:
        """Send the challenge's valid write."""
        return await self.accounts.write_elsewhere(self.member)

    async def change_password(self, new: str | None) -> Answer:
        """Change the password."""
        return await self.member.change(password=new)


class EmailAccounts(ABC):
    """Makes accounts; a challenge adds a write that changes something other than an account."""

    password_change_check = "a-new-password-replaces-the-old-one"  # noqa: S105 - an id
    product_names: Sequence[str]
    world: AccountWorld[Any]

    def __init__(self, world: AccountWorld[Any]) -> None:
        self.world, self.api = world, world.api

    @abstractmethod
    async def write_elsewhere(self, member: Any) -> Answer:
        """Send a valid write of `member` that changes something other than the account."""

    @property
    def signing_in_check(self) -> str:
        """The check of `AccountApi`."""
        return self.api.signing_in_check

    @property
    def text_name(self) -> str:
        """The text of an account, for findings."""
        return message("the {text}", text=self.api.text)

    def first_account(self) -> tuple[OwnAccount, float] | None:
        """Return the first account of the server, which nobody uses, and its age in seconds."""
        first = self.world.first_account()
        return first and (OwnAccount(self, first[0]), first[1])

    async def own_account(self) -> OwnAccount:
        """Return an account that only this check uses; see `AccountWorld.own_member`."""
        return OwnAccount(self, await self.world.own_member())

    async def sign_up(self, password: str | None = None) -> OwnAccount:
        """Register a new account."""
        fields = {} if password is None else {"password": password}
        return OwnAccount(self, await self.world.sign_up(**fields))

    async def register(self, password: str) -> tuple[str, Answer]:
        """Send the registration of a new account."""
        account = self.world.new_account(password=password)
        return account["email"], await self.world.register(account)

    async def sign_in(self, account: Account) -> OwnAccount:
        """Sign in."""
        return OwnAccount(self, await self.world.sign_in(account.login, account.password))

    async def log_in(self, login: Any, password: Any) -> Answer:
        """Send a login."""
        fields = {"email": login, "password": password}
        given = {name: value for name, value in fields.items() if value is not MISSING}
        return await self.world.send_login(given)

    def after_change(self, account: Account, answer: Answer) -> OwnAccount:
        """Return the account with the token of the answer, or else with its own."""
        return self._with(account, self._member(account).token_from(answer))

    def with_token(self, account: Account, token: str) -> OwnAccount:
        """Return the account with another token."""
        return self._with(account, token)

    def new_login(self) -> str:
        """Return an unused e-mail address."""
        return self.world.new_email()

    def new_password(self) -> str:
        """Return a new password."""
        return self.world.password()

    def text_in(self, answer: Answer) -> object:
        """Return the text of the account."""
        return answer.at(self.api.member, self.api.text)

    async def register_with(self, extra: Json) -> Answer:
        """Send a registration with extra fields."""
        return await self.world.register(self.world.new_account(**extra))

    async def write_with(self, account: Account, text: str, extra: Json) -> Answer:
        """Change the text of the account, with extra fields."""
        return await self._member(account).change(**{self.api.text: text}, **extra)

    def token_in(self, answer: Answer) -> object:
        """Return the token."""
        account = answer.at(self.api.member)
        return account.get("token") if isinstance(account, dict) else None

    def login_in(self, answer: Answer) -> object:
        """Return the e-mail address."""
        return answer.at(self.api.member, "email")

    def _with(self, account: Account, token: str | None) -> OwnAccount:
        name = self._member(account).name
        known = {"email": account.login, "password": account.password}
        return OwnAccount(self, self.world.person(name, token, **known))

    def _member(self, account: Account) -> Member[Any]:
        assert isinstance(account, OwnAccount)
        return account.member


class EmailRegistration:
    """Registers accounts by their name, e-mail address and password."""

    def __init__(self, world: AccountWorld[Any]) -> None:
        self.world, self.api = world, world.api

    @property
    def blanks(self) -> Mapping[str, Sequence[str]]:
        """All three are required."""
        return {self.api.name: ("", "   "), "email": ("", "  "), "password": ("", " " * 12)}

    @property
    def name_field(self) -> str:
        """The field of `AccountApi`."""
        return self.api.name

    @property
    def registering_check(self) -> str:
        """The check of `AccountApi`."""
        return self.api.registering_check

    @property
    def signing_in_check(self) -> str:
        """The check of `AccountApi`."""
        return self.api.signing_in_check

    def new_fields(self, **fields: Any) -> Json:
        """Return a new account's fields."""
        return self.world.new_account(**fields)

    def new_address(self, name: str) -> str:
        """Return an address at example.com."""
        return self.world.new_email(name)

    async def register(self, fields: Json) -> Answer:
        """Send a registration."""
        return await self.world.register(fields)

    async def log_in(self, login: Any, password: Any) -> Answer:
        """Send a login."""
        return await self.world.log_in(login, password)

    def owner_in(self, answer: Answer) -> Any:
        """Return the name, which `AccountWorld.new_account` makes unique."""
        return answer.at(self.api.member, self.api.name)

    async def expect_no_account(self, fields: Json, because: str) -> None:
        """Expect that nobody signs in with these fields."""
        answer = await self.world.log_in(fields["email"], fields["password"])
        expect(answer).refused(because=because)
