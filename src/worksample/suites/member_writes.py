"""What the `Writes` of all products with an `AccountWorld` do alike."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any, Generic, TypeVar

from worksample.checks import Meaning
from worksample.messages import message
from worksample.probes.write_operations import WriteOperation
from worksample.suites.account_member import Member
from worksample.suites.account_world import AccountWorld
from worksample.suites.writes import Names, Observe, write_operation

W = TypeVar("W", bound=AccountWorld[Any])
M = TypeVar("M", bound=Member[Any])


class MemberWrites(Generic[W, M]):
    """Writes that members send.

    judged: the kinds that a check on half-written data judges.
    members: the accounts that several writes use; a challenge fills the list.
    promised: members of answers that every write of a kind must leave the same.
    """

    judged: Collection[str]
    promised: Collection[str]

    def __init__(self, world: W, judged: Collection[str] = ()) -> None:
        self.world, self.judged = world, judged
        self.members: list[M] = []

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
