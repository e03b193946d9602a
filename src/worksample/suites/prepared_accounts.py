"""Accounts registered once, of which each lab has a copy, for checks that need one of their own."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Final

from worksample.suites.shared_accounts import SharedAccount, is_usable, registered

if TYPE_CHECKING:
    from worksample.suites.account_world import AccountWorld

#: At most so many accounts are registered for labs, and one for so many of their checks.
MOST, CHECKS_PER_ACCOUNT = 40, 2
#: For fewer, the original of the labs costs more than it saves.
LEAST = 6
_AT_ONCE = 4
NONE: Final[Sequence[SharedAccount]] = ()


def accounts_for(checks: int) -> int:
    """Return how many accounts to register for so many checks in labs."""
    count = min(MOST, checks // CHECKS_PER_ACCOUNT)
    return count if count >= LEAST else 0


async def register(world: AccountWorld[Any], count: int) -> Sequence[SharedAccount]:
    """Return so many new accounts, or fewer if the server fails to register one."""
    numbers, found = iter(range(count)), list[SharedAccount]()

    async def register_some() -> None:
        for number in numbers:
            account = await registered(world.apart("prepared account", number))
            if account is None:
                return
            found.append(account)

    await asyncio.gather(*(register_some() for _ in range(_AT_ONCE)))
    return found


class PreparedAccounts:
    """The prepared accounts of one lab; each is given away once."""

    def __init__(self, accounts: Sequence[SharedAccount] = NONE) -> None:
        self._left = deque(accounts)

    async def take(self, world: AccountWorld[Any]) -> SharedAccount | None:
        """Return the next account, or None.

        Once the server does not accept a token, or does not show the account as it was, no more
        are given away: it keeps its sessions elsewhere than in its database, or was reset.
        """
        if not self._left:
            return None
        account = self._left.popleft()
        if await is_usable(world.apart("prepared account", len(self._left)), account):
            return account
        self._left.clear()
        return None
