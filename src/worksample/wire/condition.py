"""A condition variable without a lock, for tasks of one event loop."""

from __future__ import annotations

import asyncio
from collections.abc import Callable


class Condition:
    """Waiters evaluate their predicate again at each `notify_all`, which follows each change."""

    __slots__ = ("_waiters",)

    def __init__(self) -> None:
        self._waiters: list[asyncio.Future[None]] = []

    def notify_all(self) -> None:
        """Wake all waiters."""
        if self._waiters:
            waiters, self._waiters = self._waiters, []
            for each in waiters:
                if not each.done():
                    each.set_result(None)

    async def wait_for(self, predicate: Callable[[], bool]) -> None:
        """Wait until `predicate()` is true."""
        while not predicate():
            waiter = asyncio.get_running_loop().create_future()
            self._waiters.append(waiter)
            await waiter
