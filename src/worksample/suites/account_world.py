"""What checks do on a product whose accounts have an e-mail address, a password and a token.

A challenge derives its world from `AccountWorld` and its clients from `Member`.
"""

from __future__ import annotations

import random
import time
from abc import ABC, abstractmethod
from collections import Counter
from collections.abc import Sequence
from typing import Any, ClassVar, Generic, Self, TypeVar

from worksample.checks import (
    Answer,
    CheckContext,
    CheckFailed,
    Meaning,
    PreconditionFailed,
    World,
    expect_success,
    precondition,
    precondition_at,
    precondition_success,
    shorten,
)
from worksample.checks.detours import TEMPORARY, go_round
from worksample.messages import message
from worksample.probes.exchange import Request
from worksample.probes.http import Session
from worksample.suites.account_member import AccountApi, Json, Member
from worksample.suites.prepared_accounts import (
    FirstAccount,
    PreparedAccounts,
    accounts_for,
    prepare,
)
from worksample.suites.shared_accounts import SharedAccount, SharedAccounts, refuse_misuse

M = TypeVar("M", bound="Member[Any]")


class AccountWorld(World, ABC, Generic[M]):
    """The client of one check; `person` makes its members."""

    api: ClassVar[AccountApi]

    def __init__(self, context: CheckContext, session: Session, rng: random.Random) -> None:
        super().__init__(context, session, rng)
        self._shared_taken: Counter[str] = Counter()
        self._shared_accounts: list[SharedAccount] = []

    @abstractmethod
    def person(self, name: str = "", token: str | None = None, **account: str) -> M:
        """Return a client that sends `token`; `account` holds `email` and `password`."""

    def visitor(self) -> M:
        """Return a client that is not signed in."""
        return self.person()

    def client_of(self, member: M) -> M:
        """Return a client of this instance of the server for the account of `member`."""
        known = {"email": member.email, "password": member.password}
        return self.person(member.name, member.token, **known)

    def new_account(self, **fields: Any) -> Json:
        """Return fields for a registration, unused so far; `fields` override them."""
        name = self.unique_name("u")
        fresh = {self.api.name: name, "email": self.new_email(name), "password": self.password()}
        return {**fresh, **fields}

    def new_email(self, name: str = "") -> str:
        """Return an unused e-mail address.

        It is at example.com (RFC 2606): strict validators refuse `.test` and unknown top-level
        domains.
        """
        return f"{name or self.unique_name('u')}@example.com"

    def password(self) -> str:
        """Return a new password that also satisfies the composition rules of existing servers."""
        return f"Aa1!{self.unique_name('p', 10)}"

    async def register(self, account: Any) -> Answer:
        """Register exactly this account."""
        payload = {self.api.member: account}
        return await self.send("POST", self.api.register, payload, label="a visitor registers")

    async def log_in(self, email: Any, password: Any) -> Answer:
        """Send a login with exactly these two fields."""
        return await self.send_login({"email": email, "password": password})

    async def send_login(self, fields: Json) -> Answer:
        """Send a login with exactly these fields."""
        label = message("{email} signs in", email=fields.get("email"))
        return await self.send("POST", self.api.login, {self.api.member: fields}, label=label)

    async def sign_up(self, **fields: Any) -> M:
        """Register a new account, as a precondition; return its owner."""
        account = self.new_account(**fields)
        return await self.owner_of(account, await self.register(account))

    async def owner_of(self, account: Json, registered: Answer) -> M:
        """Return the owner of a new account, given the answer to its registration.

        If that has no token, the owner signs in. Raises `PreconditionFailed` if the account was
        refused, or if signing in gives no token either.
        """
        needs = self.api.registering_check
        precondition(registered, Meaning.CREATED, needs=needs)
        try:
            token = self.token_in(registered)
        except CheckFailed as failure:
            missing = PreconditionFailed(needs, failure.findings[0])
            token = await self._sign_in_instead(account, missing)
        email, password = account["email"], account["password"]
        return self.person(account[self.api.name], token, email=email, password=password)

    async def owner_if_any(self, account: Json, registered: Answer) -> M | None:
        """Return the owner as `owner_of` does; None if there is none."""
        try:
            return await self.owner_of(account, registered)
        except PreconditionFailed:
            return None

    async def _sign_in_instead(self, account: Json, missing: PreconditionFailed) -> str:
        """Return the token of a login; raise `missing` if that gives none either.

        A login without an answer is raised as such: the check is then asked again, alone.
        """
        answer = await self.log_in(account["email"], account["password"])
        try:
            token = self.token_in(answer)
        except CheckFailed as failure:
            if answer.status in TEMPORARY:
                raise PreconditionFailed(missing.needs, failure.findings[0]) from None
            raise missing from None
        self.context.note("Registering gives no token: every new account signs in to get one.")
        go_round(self, missing)
        return token

    def token_in(self, answer: Answer) -> str:
        """Return the token in an answer about an account; raise `CheckFailed` if it has none."""
        member = self.api.member
        token = answer.at(member, "token")
        if isinstance(token, str) and token:
            return token
        expected = message("`{member}.token` in the response: a non-empty text", member=member)
        raise answer.failure(expected, shorten(token))

    async def enters(self, email: str, password: str, because: str = "") -> Answer:
        """Expect that signing in succeeds; with which status is asked elsewhere."""
        answer = await self.log_in(email, password)
        return expect_success(self, answer, needs=self.api.signing_in_check, because=because)

    async def is_unknown(self, value: str, *others: str) -> bool:
        """Whether `value`, a name or an address, is nowhere in the database, while another is.

        Nobody has an account with it then. Asking the server costs it a password hash.
        """
        if await self.database.rows_containing(value):
            return False
        for each in others:
            if each != value and await self.database.rows_containing(each):
                return True
        return False

    async def shared_member(self, role: str = "member", **fields: Any) -> M:
        """Return a member whose account other checks use at the same time, as a precondition.

        It is for a check that needs somebody who is signed in, and nothing else of the account. A
        check that changes the account, looks at its lists or counts what it has signs up one of
        its own. Each call in a check returns another account, in the same order in all checks;
        `fields` are those of its registration, the same for all accounts of a `role`.

        A check that is asked again, alone, and one for which the server gave no account that can
        be shared get one of their own.
        """
        self._shared_taken[role] += 1
        number = self._shared_taken[role]
        accounts = self.context.server_state.setdefault("shared accounts", SharedAccounts())
        kept = None if self._is_alone else await accounts.take(role, number, self, fields)
        if kept is None:
            return await self.sign_up(**fields)
        self._shared_accounts.append(kept)
        return self._member_of(kept)

    async def own_member(self) -> M:
        """Return a member whose account only this check uses, as a precondition.

        The account may be one that was prepared before (see `prepared_accounts`). A check of what
        registering or hashing a password does signs up, and so does one that is asked again, alone.
        """
        if self._is_alone:
            return await self.sign_up()
        state = self.context.server_state
        if "own accounts" not in state:
            state["own accounts"] = PreparedAccounts(state.get("prepared", ()))
        kept = await state["own accounts"].take(self)
        return await self.sign_up() if kept is None else self._member_of(kept)

    @property
    def _is_alone(self) -> bool:
        """Whether no other check runs beside this one on the target."""
        return self.context.alone and self.context.lab is None

    def _member_of(self, kept: SharedAccount) -> M:
        """Return the owner of an account that was registered apart from this check."""
        for exchange in kept.exchanges:
            self.session.recall(exchange)
        self.detours.extend(kept.detours)
        return self.person(kept.name, kept.token, email=kept.email, password=kept.password)

    def to_prepare(self, checks: int) -> int:
        """Return how many accounts to prepare for so many checks."""
        return accounts_for(checks)

    async def prepare(self, count: int) -> Sequence[SharedAccount]:
        """Prepare so many accounts, or fewer where that fails, after a first one (see below)."""
        found = await prepare(self, count)
        if found:
            begun = FirstAccount(found[0], time.monotonic(), self.context.target.starts)
            self.context.server_state["first account"] = begun
        return found[1:]

    def first_account(self) -> tuple[M, float] | None:
        """Return the owner of the first account, which nobody uses, and its age in seconds.

        None if there is none, or if the server was started again since: that its tokens do not
        survive a restart is another defect than that they end.
        """
        begun: FirstAccount | None = self.context.server_state.get("first account")
        if begun is None or begun.starts != self.context.target.starts:
            return None
        return self._member_of(begun.account), time.monotonic() - begun.at

    async def second_instance(self) -> Self:
        """Return this world for a second instance; the same accounts are shared there."""
        other = await super().second_instance()
        other._shared_accounts = self._shared_accounts
        return other

    def apart(self, purpose: str, attempt: int) -> Self:
        """Return this world with a record of its own, and random values for `purpose`."""
        context = self.context
        return type(self)(context, context.session(), context.rng(purpose, attempt))

    def before_sending(self, request: Request) -> None:
        """Refuse what a shared account must not send; see `shared_accounts.refuse_misuse`."""
        refuse_misuse(self.api, self._shared_accounts, request)

    async def sign_in(self, email: str, password: str) -> M:
        """Sign in, as a precondition; another success than 200 will do."""
        member, needs = self.api.member, self.api.signing_in_check
        entered = await self.log_in(email, password)
        answer = precondition_success(self, entered, Meaning.OK, needs=needs)
        name = precondition_at(answer, member, self.api.name, needs=needs)
        token = precondition_at(answer, member, "token", needs=needs)
        return self.person(str(name), str(token), email=email, password=password)
