"""In which order a run asks its checks, and until when.

Schedule                 by stage, without an end
├── Shuffled             within a stage, in an order that a seed decides
└── GivenOrder           in the order in which the checks were given
    └── Budget           that, until a time is over
"""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import Coroutine, Mapping, Sequence
from enum import IntEnum
from types import MappingProxyType
from typing import Any, Protocol, TypeVar

from worksample.checks.model import Check

_T = TypeVar("_T")
#: Seconds on a reference from which a check begins before the shorter ones: the others of its phase
#: would otherwise have ended while it goes on alone. So long take ten password hashes, for which a
#: server with slow ones needs twenty times as long.
_LONG = 0.15


class Phase(IntEnum):
    """The parts of a run that follow each other.

    CONCURRENT: checks beside each other, and those that have to run again. ALONE: checks that
    disturb or measure the target. LABS: checks on copies of the target.
    """

    CONCURRENT = 0
    ALONE = 1
    LABS = 2


class Clock(Protocol):
    """Tells the time in seconds."""

    def now(self) -> float:
        """Return the time."""

    async def sleep_until(self, moment: float) -> None:
        """Return when the time is `moment`."""


class MonotonicClock:
    """The clock of this machine."""

    def now(self) -> float:
        """See `Clock`."""
        return time.monotonic()

    async def sleep_until(self, moment: float) -> None:
        """See `Clock`."""
        await asyncio.sleep(moment - self.now())


class Schedule:
    """Asks the checks of the lowest stage first, and all of them.

    `costs` says how many seconds each check is expected to take, by id: long ones begin first, and
    in labs all in the order of their costs, so that none is still busy when all others have ended.
    """

    #: Whether the first checks tell most, so that none of the last ones may be taken before.
    in_order = False

    def __init__(self, costs: Mapping[str, float] = MappingProxyType({})) -> None:
        self._costs = costs

    def arrange(self, checks: Sequence[Check]) -> list[Check]:
        """Return `checks` in the order in which they are asked."""
        return sorted(checks, key=lambda check: (not self.is_long(check), check.stage))

    def arrange_for_labs(self, checks: Sequence[Check]) -> list[Check]:
        """Return those that are asked in labs in the order in which they begin there."""
        return sorted(checks, key=lambda check: -self._costs.get(check.id, 0.0))

    def is_long(self, check: Check) -> bool:
        """Whether the check is expected to take long, and begins before the others."""
        return self._costs.get(check.id, 0.0) >= _LONG

    def begin(self, phases: Mapping[Phase, Sequence[Check]]) -> None:
        """Hear that the run begins, and which checks belong to each phase."""

    def is_over(self, phase: Phase) -> bool:
        """Return whether no further check of the phase may begin."""
        return False

    async def within(self, phase: Phase, asking: Coroutine[Any, Any, _T]) -> _T | None:
        """Return what `asking` returns; None if it was stopped, because the phase is over."""
        return await asking


class Shuffled(Schedule):
    """Asks the checks of a stage in an order that `seed` decides, and all of them.

    `lab` checks keep their order: each finds a copy of the server that was restored, and shares
    experiments with those of its kind.
    """

    def __init__(self, seed: int, costs: Mapping[str, float] = MappingProxyType({})) -> None:
        super().__init__(costs)
        self._seed = seed

    def arrange(self, checks: Sequence[Check]) -> list[Check]:
        """See `Schedule`."""
        drawn = random.Random(self._seed)  # noqa: S311 - not for secrets
        shuffled = sorted((check for check in checks if not check.lab), key=lambda check: check.id)
        drawn.shuffle(shuffled)
        in_labs = [check for check in checks if check.lab]
        return sorted([*shuffled, *in_labs], key=lambda check: check.stage)


class GivenOrder(Schedule):
    """Asks the checks in the order in which they were given, and all of them."""

    in_order = True

    def arrange(self, checks: Sequence[Check]) -> list[Check]:
        """See `Schedule`."""
        return list(checks)

    def arrange_for_labs(self, checks: Sequence[Check]) -> list[Check]:
        """See `Schedule`."""
        return list(checks)


class Budget(GivenOrder):
    """Asks the checks in the order in which they were given, until `seconds` are over.

    A phase gets that share of the time which its checks need by `costs`, and what an earlier phase
    left over.
    """

    def __init__(
        self, seconds: float, costs: Mapping[str, float], clock: Clock | None = None
    ) -> None:
        super().__init__(costs)
        self._seconds = seconds
        self._clock: Clock = clock or MonotonicClock()
        self._ends: dict[Phase, float] = {}

    def begin(self, phases: Mapping[Phase, Sequence[Check]]) -> None:
        """See `Schedule`."""
        needs = {
            phase: sum(self._costs.get(each.id, 0.0) for each in phases[phase]) for phase in Phase
        }
        total = sum(needs.values()) or 1.0
        end = self._clock.now()
        for phase in Phase:
            end += self._seconds * needs[phase] / total
            self._ends[phase] = end

    def is_over(self, phase: Phase) -> bool:
        """See `Schedule`."""
        return self._clock.now() >= self._ends[phase]

    async def within(self, phase: Phase, asking: Coroutine[Any, Any, _T]) -> _T | None:
        """See `Schedule`."""
        task = asyncio.ensure_future(asking)
        end = asyncio.ensure_future(self._clock.sleep_until(self._ends[phase]))
        try:
            await asyncio.wait((task, end), return_when=asyncio.FIRST_COMPLETED)
            return task.result() if task.done() else None
        finally:
            await cancel(task, end)


async def cancel(*tasks: asyncio.Future[Any]) -> None:
    """Cancel those that are not done, and wait until they are."""
    left = [task for task in tasks if not task.done() and task.cancel()]
    # The exceptions are returned, and nobody needs them.
    await asyncio.gather(*left, return_exceptions=True)
