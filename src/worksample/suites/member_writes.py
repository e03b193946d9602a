"""What the `Writes` of all products with an `AccountWorld` do alike."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any, Generic, TypeVar

from worksample.checks import Meaning
from worksample.messages import message
from worksample.probes.write_operations import WriteOperation
from worksample.suites.account_member import Json, Member
from worksample.suites.account_world import AccountWorld
from worksample.suites.writes import Names, Observe, StateReader, write_operation

W = TypeVar("W", bound=AccountWorld[Any])
M = TypeVar("M", bound=Member[Any])


class SignInsOfNewAccounts:
    """What signing in shows of accounts that writes register.

    A good server computes a password hash to refuse a sign-in. So only the first sign-in with an
    address that is nowhere in the database is sent; the state of others is the same refusal.
    """

    def __init__(self, world: AccountWorld[Any]) -> None:
        self._world = world
        self._known = ""
        self._refusal: Any = None

    async def prepare(self) -> None:
        """Take an account whose address the database knows. Raises `PreconditionFailed`."""
        self._known = self._known or (await self._world.own_member()).email

    async def observe(self, view: StateReader, account: Json) -> Any:
        """Return what signing in to `account` shows."""
        unknown = await self._world.is_unknown(account["email"], self._known)
        if unknown and self._refusal is not None:
            return self._refusal
        answer = await self._world.log_in(account["email"], account["password"])
        found = view.extract(answer, self._world.api.member)
        if unknown:
            self._refusal = found
        return found


class MemberWrites(Generic[W, M]):
    """Writes that members send.

    judged: the kinds that a check on half-written data judges.
    members: the accounts that several writes use; a challenge fills the list.
    sign_ins: what signing in shows of accounts that writes register.
    promised: members of answers that every write of a kind must leave the same.
    """

    judged: Collection[str]
    promised: Collection[str]

    def __init__(self, world: W, judged: Collection[str] = ()) -> None:
        self.world, self.judged = world, judged
        self.members: list[M] = []
        self.sign_ins = SignInsOfNewAccounts(world)

    async def reauthenticate(self) -> None:
        """Sign all members in again if the server no longer accepts their tokens."""
        unknown = self.world.dialect.accepts(Meaning.UNAUTHENTICATED)
        if not self.members or (await self.members[0].me()).status not in unknown:
            return
        for each in self.members:
            each.token = (await self.world.sign_in(each.email, each.password)).token

    def write(
        self,
        sender: Member[Any],
        method: str,
        path: str,
        payload: Any,
        what: str,
        names: Names,
        observe: Observe,
    ) -> WriteOperation:
        """Return a write that `sender` sends; `what` describes it in findings, after the name.

        names, observe: see `write_operation`.
        """
        return write_operation(
            self.world,
            method,
            path,
            payload,
            token=sender.token,
            label=message("{who} {does}", who=sender.name or "a visitor", does=what),
            observe=observe,
            names=names,
            promised=self.promised,
        )
