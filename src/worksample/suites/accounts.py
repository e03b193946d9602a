"""The adapter for accounts, which the suites of passwords and tokens share."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final, Protocol

from worksample.checks import Answer

#: In place of a login or password: the request has no such field.
MISSING: Final = object()


class Account(Protocol):
    """An account of its own for one check, and the requests of its owner."""

    @property
    def login(self) -> str:
        """What the owner signs in with, beside the password."""

    @property
    def password(self) -> str:
        """The current password."""

    @property
    def token(self) -> str | None:
        """The token that the requests carry."""

    @property
    def marker(self) -> str:
        """A text that is in the database row of this account only."""

    async def read_self(self) -> Answer:
        """Read this account."""

    async def write_self(self, text: str) -> Answer:
        """Change one text of this account, which is not its password and not its login."""

    async def write_elsewhere(self) -> Answer:
        """Send a valid write that changes something other than this account."""

    async def change_password(self, new: str | None) -> Answer:
        """Change the password; None is sent as null."""


class Accounts(Protocol):
    """Makes accounts of one challenge and reads the answers about them."""

    @property
    def text_name(self) -> str:
        """The name of the text that `Account.write_self` changes, for findings."""

    @property
    def signing_in_check(self) -> str:
        """The id of the check that tests that an owner can sign in."""

    @property
    def password_change_check(self) -> str:
        """The id of the check that tests that a password can be changed."""

    @property
    def product_names(self) -> Sequence[str]:
        """Names of the product, which attackers try as keys."""

    def first_account(self) -> tuple[Account, float] | None:
        """Return an account that nobody has used since it registered, and its age in seconds."""

    async def own_account(self) -> Account:
        """Return an account that only this check uses, as a precondition; it may be prepared."""

    async def sign_up(self, password: str | None = None) -> Account:
        """Register a new account, as a precondition."""

    async def register(self, password: str) -> tuple[str, Answer]:
        """Send the registration of a new account; return its login and the answer."""

    async def sign_in(self, account: Account) -> Account:
        """Sign in to `account`, as a precondition; return it with its new token."""

    async def log_in(self, login: Any, password: Any) -> Answer:
        """Send a login; `MISSING` leaves a field out."""

    async def write_with(self, account: Account, text: str, extra: dict[str, Any]) -> Answer:
        """Send `Account.write_self` with extra fields; `password` is one of them."""

    def after_change(self, account: Account, answer: Answer) -> Account:
        """Return `account` with the token of an answer to a change, if that has one."""

    def with_token(self, account: Account, token: str) -> Account:
        """Return `account` with another token."""

    def new_login(self) -> str:
        """Return a login that no account has."""

    def new_password(self) -> str:
        """Return a valid password that no account has."""

    def text_in(self, answer: Answer) -> object:
        """Return the text that `Account.write_self` changes from an answer to `read_self`."""

    def login_in(self, answer: Answer) -> object:
        """Return the login from an answer that shows the own account."""
