"""The clients of a product whose accounts have an e-mail address, a password and a token.

A challenge derives them from `Member`, and says in an `AccountApi` how its contract spells the four
operations on accounts.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from worksample.checks import Answer, Meaning, PreconditionFailed, first_of, precondition
from worksample.checks.detours import go_round
from worksample.messages import message

if TYPE_CHECKING:
    from worksample.suites.account_world import AccountWorld

Json = dict[str, Any]
W = TypeVar("W", bound="AccountWorld[Any]")
_SERVER_ERROR = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountApi:
    """The operations on accounts, and the checks that test them.

    register, login: the paths of these two POST requests.
    own: the path at which an owner reads (GET) and changes (PUT) the account.
    member: the member of bodies and answers that holds the account.
    name: the required field of a registration beside `email` and `password`.
    text: the field of an account that its owner may change to any text.
    registering_check, signing_in_check, changing_check: the ids of the checks that test these.
    personal: regular expressions of method and path, with its query, of the requests whose answer
        depends on what else an account has done, or which change that; a shared account sends none.
    """

    register: str
    login: str
    own: str
    member: str
    name: str
    text: str
    registering_check: str
    signing_in_check: str
    changing_check: str
    personal: Sequence[str] = ()


class Member(Generic[W]):
    """A client of the API: a visitor (no token) or the owner of an account."""

    def __init__(self, world: W, name: str = "", token: str | None = None, **account: str) -> None:
        self.world = world
        self.name = name
        self.token = token
        self.email = account.get("email", "")
        self.password = account.get("password", "")

    @property
    def auth_header(self) -> tuple[str, str]:
        """The Authorization header that this client sends."""
        return ("Authorization", f"{self.world.dialect.scheme} {self.token}")

    async def ask(self, method: str, path: str, label: str, **options: Any) -> Answer:
        """Send a request; `label` describes it in findings, after the name of the client."""
        who = self.name or "a visitor"
        return await self.world.send(
            method,
            path,
            token=self.token,
            label=message("{who} {does}", who=who, does=label),
            **options,
        )

    async def me(self) -> Answer:
        """Read the own account."""
        return await self.ask("GET", self.world.api.own, "reads their own account")

    async def change(self, **fields: Any) -> Answer:
        """Change the own account by exactly these fields."""
        api, what = self.world.api, ", ".join(fields) or "nothing"
        return await self.ask(
            "PUT", api.own, message("changes {what}", what=what), payload={api.member: fields}
        )

    async def change_in_working_form(self, **fields: Any) -> Answer:
        """Change the own account by these fields; the answer counts, whatever it is.

        Where the server fails (5xx), and fails at any change that comes without the password, the
        password is sent too: `world.detours` then notes it. For checks of more than that.
        """
        answer = await self.change(**fields)
        if answer.status < _SERVER_ERROR or not await self._needs_password_to_change():
            return answer
        failed = answer.failure("any status below 500", str(answer.status)).findings[0]
        go_round(self.world, PreconditionFailed(self.world.api.changing_check, failed))
        return await self.change(**{"password": self.password, **fields})

    async def _needs_password_to_change(self) -> bool:
        """Return whether another account can be changed only if its password is sent too."""
        member, known = await self.world.own_member(), len(self.world.detours)
        try:
            await member.changes_text()
        except PreconditionFailed:
            return False
        return len(self.world.detours) > known

    async def changes_text(self) -> Answer:
        """Change the text of the account, as a precondition; with the password if that fails."""
        return await first_of(
            self.world,
            self._changes_text,
            lambda: self._changes_text(password=self.password),
        )

    async def _changes_text(self, **extra: str) -> Answer:
        answer = await self.change(**{self.world.api.text: self.world.unique_name("n")}, **extra)
        return precondition(answer, Meaning.OK, needs=self.world.api.changing_check)

    def token_from(self, answer: Answer) -> str | None:
        """Return the token in the answer to a change of the account, or the current token."""
        account = answer.at(self.world.api.member)
        told = account.get("token") if isinstance(account, dict) else None
        return told if isinstance(told, str) and told else self.token
