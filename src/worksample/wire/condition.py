"""Wait for something to be true of what passes, looked at whenever something passed."""

from __future__ import annotations

import asyncio
from collections.abc import Callable


class Condition:
    """Whoever changes something calls `notify_all`; whoever waits looks again."""

    __slots__ = ("_waiters",)

    def __init__(self) -> None:
        self._waiters: list[asyncio.Future[None]] = []

    def notify_all(self) -> None:
        """Let all who wait look again."""
        if self._waiters:
            waiters, self._waiters = self._waiters, []
            for each in waiters:
                if not each.done():
                    each.set_result(None)

    async def wait_for(self, true: Callable[[], bool]) -> None:
        """Return once it is true."""
        while not true():
            waiter = asyncio.get_running_loop().create_future()
            self._waiters.append(waiter)
            await waiter
