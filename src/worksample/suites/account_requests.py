"""The requests of an `AccountWorld` that hash a password; adapters of `password_hashing`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from worksample.checks import Answer, Meaning
from worksample.messages import message
from worksample.suites.account_member import Member
from worksample.suites.account_world import AccountWorld


@dataclass(frozen=True, slots=True)
class CheapRead:
    """A GET that anybody may send: its path, its label in findings, and the check that tests it."""

    path: str
    label: str
    needs: str


class SigningIn:
    """Signing in to an account, and a cheap read beside it."""

    meaning = Meaning.OK
    member: Member[Any]

    def __init__(self, world: AccountWorld[Any], beside: CheapRead) -> None:
        self.world, self.beside = world, beside

    @property
    def needs(self) -> str:
        """The check that tests signing in."""
        return self.world.api.signing_in_check

    @property
    def cheap_name(self) -> str:
        """The cheap read, for findings."""
        return f"GET {self.beside.path}"

    @property
    def cheap_needs(self) -> str:
        """The check that tests the cheap read."""
        return self.beside.needs

    async def prepare(self) -> None:
        """Open the account; its hash has to be one that the server made."""
        self.member = await self.world.sign_up()

    async def slow(self) -> Answer:
        """Sign in."""
        return await self.world.log_in(self.member.email, self.member.password)

    async def cheap(self) -> Answer:
        """Send the cheap read."""
        label = message("a visitor {does}", does=self.beside.label)
        return await self.world.send("GET", self.beside.path, label=label, fresh=True)


class Registering(SigningIn):
    """Registering a new account each time."""

    meaning = Meaning.CREATED

    @property
    def needs(self) -> str:
        """The check that tests registering."""
        return self.world.api.registering_check

    async def prepare(self) -> None:
        """Nothing is needed."""

    async def slow(self) -> Answer:
        """Register."""
        return await self.world.register(self.world.new_account())


class ChangingPassword(SigningIn):
    """Changing the password of an account."""

    async def prepare(self) -> None:
        """Take an account; each change has the server make a hash."""
        self.member = await self.world.own_member()

    @property
    def needs(self) -> str:
        """The check that tests changing an account."""
        return self.world.api.changing_check

    async def slow(self) -> Answer:
        """Change the password; a token in the answer replaces the old one."""
        answer = await self.member.change(password=self.world.password())
        if answer.status == 200:
            self.member.token = self.member.token_from(answer)
        return answer
