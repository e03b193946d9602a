"""Accounts that are prepared before checks begin, for checks that need one of their own.

On the target they are copies of one that registered (see `copied_accounts`). So they are in the
labs, too, each of which has a copy of all of them; where accounts cannot be copied, as many as the
labs need are registered once.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from worksample.suites.copied_accounts import register_one_copy_others
from worksample.suites.shared_accounts import SharedAccount, is_usable, registered

if TYPE_CHECKING:
    from worksample.suites.account_world import AccountWorld

#: At most so many accounts are copied, and one for each check.
MOST_COPIED = 400
#: At most so many accounts are registered for labs, and one for so many of their checks.
MOST_REGISTERED, CHECKS_PER_REGISTERED = 40, 2
#: For fewer checks, preparing costs more than it saves.
LEAST_CHECKS = 12
_AT_ONCE = 4
NONE: Final[Sequence[SharedAccount]] = ()


def accounts_for(checks: int) -> int:
    """Return how many accounts to prepare for so many checks."""
    return min(MOST_COPIED, checks) if checks >= LEAST_CHECKS else 0


async def prepare(world: AccountWorld[Any], count: int) -> Sequence[SharedAccount]:
    """Return a first account and so many others, or fewer; nobody may use the server meanwhile.

    Where they cannot be copied, accounts are registered for labs only: on the target, a check can
    as well register its own.
    """
    found = await register_one_copy_others(world, 1 + count)
    if len(found) > 1 or not found or world.context.lab is None:
        return found
    wanted = min(MOST_REGISTERED, count // CHECKS_PER_REGISTERED)
    return [*found, *await _register(world, wanted)]


async def _register(world: AccountWorld[Any], count: int) -> Sequence[SharedAccount]:
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


@dataclass(frozen=True, slots=True)
class FirstAccount:
    """The first account of a server, which nobody uses: whether its token lasts is seen later.

    at: when it was registered (`time.monotonic`), after so many `starts` of the target.
    """

    account: SharedAccount
    at: float
    starts: int


class PreparedAccounts:
    """The prepared accounts of one server; each is given away once."""

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
