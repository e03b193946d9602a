"""A few accounts that send many requests at the same moment; base of adapters for bursts."""

from __future__ import annotations

import asyncio
from typing import Any, Generic, TypeVar

from worksample.suites.account_world import AccountWorld

#: How many accounts a crowd has, its owner included.
ACCOUNTS = 8
W = TypeVar("W", bound=AccountWorld[Any])


class Crowd(Generic[W]):
    """`owner` has what the `people` ask for."""

    owner: Any
    people: list[Any]

    def __init__(self, world: W) -> None:
        self.world = world

    async def prepare(self) -> None:
        """Sign the accounts up concurrently."""
        signing_up = (self.world.shared_member() for _ in range(ACCOUNTS))
        self.owner, *self.people = await asyncio.gather(*signing_up)
