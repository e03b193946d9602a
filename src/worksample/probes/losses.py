"""Lost connections: each round trip of each kind of write loses its connection.

Cut before, PostgreSQL never hears of the statement; cut after, it has done what it was asked and
the server cannot know. The answer to COMMIT may also just not come for a while.
"""

from __future__ import annotations

import asyncio
import time
from collections import deque
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace

from worksample.probes.deeds import (
    Ask,
    Attempt,
    Known,
    Prepare,
    Unprepared,
    ask_again,
    come_to,
    prepared,
    shown,
    succeeded,
    writes,
)
from worksample.probes.exchange import Exchange
from worksample.probes.sessions import OpenTransaction, forgotten_transactions
from worksample.targets import Lab
from worksample.wire import Fault, Script, Trace, Wire
from worksample.wire.faults.cut_after import CutAfter
from worksample.wire.faults.cut_before import CutBefore
from worksample.wire.faults.swallow import Swallow

#: The promise is 5 seconds; a busy machine is no finding.
RECOVER_SECONDS = 10.0
SWALLOWED_SECONDS = 0.3
PAUSE_SECONDS = 0.2
FORGOTTEN_SECONDS = 10.0


@dataclass(frozen=True, slots=True)
class Loss:
    """Lose the connection at the round trip `step` of a deed of this kind."""

    known: Known
    step: int
    fault: Fault
    what: str

    @property
    def key(self) -> tuple[str, int, str]:
        """What tells it from any other."""
        return self.known.kind, self.step, self.what

    @property
    def fate(self) -> str:
        """What befalls the deed."""
        return f"{self.what} round trip {self.known.at(self.step)}"


@dataclass(slots=True)
class Losses:
    """What came of all losses; `left_out` counts those for which there was no time.

    `connections` are how many the server had open before the first and after the last. `unwell` is
    an ordinary request that was still refused long after a loss, which ended the series;
    `forgotten` are the transactions that were open long after the last.
    """

    attempts: list[Attempt] = field(default_factory=list)
    left_out: int = 0
    connections: tuple[int, int] = (0, 0)
    forgotten: list[OpenTransaction] = field(default_factory=list)
    unwell: Exchange | None = None

    @property
    def recovered(self) -> bool:
        """Whether the server was well again after every loss."""
        return self.unwell is None and self.goes_on

    @property
    def goes_on(self) -> bool:
        """Whether the server recovered from the last loss."""
        return not self.attempts or self.attempts[-1].back is not None


def losses(known: Iterable[Known]) -> list[Loss]:
    """Return every loss that matters, one of each kind before the second.

    Whether a round trip that writes nothing is lost before or after makes no difference: it is
    one of them by turns. So is whether a connection ends with RST or with FIN.
    """
    found = [(n, loss) for each in known for n, loss in enumerate(_of(each))]
    return [loss for _, loss in sorted(found, key=lambda pair: pair[0])]


def _of(known: Known) -> Iterator[Loss]:
    last = next((trip.step for trip in reversed(known.trips) if writes(trip)), 0)
    if last:
        yield Loss(known, last, Swallow(), "the answer did not come, then the line broke, after")
    for trip in reversed(known.trips):
        even = trip.step % 2 == 0
        if even or writes(trip):
            yield Loss(known, trip.step, CutAfter(even), "the line broke after")
        if not even or writes(trip):
            yield Loss(known, trip.step, CutBefore(even), "the line broke before")


async def lose(
    lab: Lab, kinds: Mapping[str, Prepare], known: Iterable[Known], other: Ask, budget: float
) -> Losses:
    """Lose one connection after the other, for at most `budget` seconds; return what came of it.

    `other` asks for something else. It ends when the server does not answer others any more.
    """
    history, queue, wire = Losses(), deque(losses(known)), lab.wire
    before, ends = len(wire.connections), time.monotonic() + budget
    tried = {loss.key for loss in queue}
    while queue and history.goes_on and time.monotonic() < ends:
        loss = queue.popleft()
        try:
            attempt = await _lose(wire, kinds, loss, other)
        except Unprepared as error:
            history.unwell = error.exchange
            break
        if attempt.step:
            history.attempts.append(attempt)
        else:
            new = [each for each in _of_this_time(attempt) if each.key not in tried]
            tried |= {each.key for each in new}
            queue.extend(new)
    history.left_out = len(queue)
    history.forgotten = await forgotten_transactions(wire, lab.database, FORGOTTEN_SECONDS)
    history.connections = (before, len(wire.connections))
    return history


async def _lose(wire: Wire, kinds: Mapping[str, Prepare], loss: Loss, other: Ask) -> Attempt:
    """Lose one connection; of step 0 if the deed ended before that round trip this time."""
    deed = await prepared(kinds[loss.known.kind])
    async with wire.watch(deed.kind, Script({loss.step: loss.fault})) as trace:
        task = asyncio.create_task(deed.ask())
        await _let_go(trace, loss, task)
        exchange = await task
    if loss.step not in trace.passages:
        return Attempt(loss.known, "", 0, exchange, None, trips=tuple(trace.trips))
    back = await seconds_until_well(other, RECOVER_SECONDS)
    seen = await shown(deed) if back is not None else None
    again = await ask_again(deed.ask) if back is not None else None
    trips = tuple(trace.trips)
    return Attempt(loss.known, loss.fate, loss.step, exchange, seen, again, back, trips)


def _of_this_time(attempt: Attempt) -> list[Loss]:
    """Return the losses of a deed that took fewer steps this time than it did in peace."""
    if not attempt.trips or not succeeded(attempt.exchange):
        return []
    return list(_of(replace(attempt.known, trips=attempt.trips)))


async def _let_go(trace: Trace, loss: Loss, task: asyncio.Task[Exchange]) -> None:
    """End what is swallowed after a moment."""
    passage = await come_to(trace, loss.step, task)
    if passage is not None and isinstance(loss.fault, Swallow):
        await asyncio.sleep(SWALLOWED_SECONDS)
        passage.release()


async def seconds_until_well(ask: Ask, seconds: float) -> float | None:
    """Ask until the answer is a success; return how long that took, None if longer than allowed."""
    began = time.monotonic()
    while True:
        exchange = await ask()
        took = time.monotonic() - began
        if succeeded(exchange):
            return took
        if took > seconds:
            return None
        await asyncio.sleep(PAUSE_SECONDS)
