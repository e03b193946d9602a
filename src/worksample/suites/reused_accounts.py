"""An account of one check that changes it again and again, without registering each time."""

from __future__ import annotations

from typing import Any, Generic, TypeVar

from worksample.checks import Meaning
from worksample.probes.exchange import Exchange
from worksample.suites.account_member import Member
from worksample.suites.account_world import AccountWorld

M = TypeVar("M", bound="Member[Any]")


class ReusedAccount(Generic[M]):
    """An account of one check, and a new one when the server no longer accepts its token."""

    def __init__(self, world: AccountWorld[M]) -> None:
        self._world = world
        self._member: M | None = None
        self._exchanges: list[Exchange] = []

    async def member(self) -> M:
        """Return the account's member, as a precondition, with the registration on record."""
        world, member = self._world, self._member
        if member and (await member.me()).status in world.dialect.accepts(Meaning.OK):
            for exchange in self._exchanges:
                world.session.recall(exchange)
            return member
        known = len(world.session.exchanges)
        self._member = member = await world.own_member()
        self._exchanges = world.session.exchanges[known:]
        return member
