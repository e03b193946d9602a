"""Lock waits between the connections of the wire, as the database reports them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from worksample.services import WaitingSessions


@dataclass(frozen=True, slots=True)
class LockWait:
    """The connection `connection` waits for a lock that the connections `blockers` hold.

    Connections are given by number. `blockers` is transitive; 0 in it is a session that serves no
    connection of the wire.
    """

    connection: int
    blockers: tuple[int, ...]


class NoLocks:
    """The `LockMonitor` of a service in which nobody waits for a lock."""

    async def waiting(self) -> WaitingSessions:
        """See `LockMonitor`."""
        return {}

    async def close(self) -> None:
        """See `LockMonitor`."""


def lock_wait(
    waiting: WaitingSessions, session: int, numbers: Mapping[int, int]
) -> LockWait | None:
    """Return the lock wait of a session, None without one; `numbers` maps session -> connection."""
    if not session or session not in waiting:
        return None
    found: list[int] = []
    behind = [session]
    while behind:
        for each in waiting.get(behind.pop(), ()):
            if each not in found:
                found.append(each)
                behind.append(each)
    blockers = dict.fromkeys(numbers.get(each, 0) for each in found if each != session)
    return LockWait(numbers.get(session, 0), tuple(blockers))
