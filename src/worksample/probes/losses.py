"""Lost connections: each round trip of each kind of write loses its connection.

Cut before, PostgreSQL never hears of the statement; cut after, it has done what it was asked and
the server cannot know. The answer to COMMIT may also just not come for a while.
"""

from __future__ import annotations

import asyncio
import time
from collections import Counter, deque
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace

from worksample.probes.deeds import (
    Ask,
    Attempt,
    Known,
    Prepare,
    Unprepared,
    ask_again,
    come_to_it,
    prepared,
    shown,
    succeeded,
    told,
    writes,
)
from worksample.probes.exchange import Exchange
from worksample.probes.places import AtPlace, Place, only_prepared
from worksample.probes.sessions import OpenTransaction, forgotten_transactions
from worksample.targets import Lab
from worksample.wire import Fault, Passage, Trace, Wire
from worksample.wire.faults.cut_after import CutAfter
from worksample.wire.faults.cut_before import CutBefore
from worksample.wire.faults.swallow import Swallow

#: The promise is 5 seconds; a busy machine is no finding.
RECOVER_SECONDS = 10.0
SWALLOWED_SECONDS = 0.3
PAUSE_SECONDS = 0.2
FORGOTTEN_SECONDS = 10.0
MOST_TRIES = 2


@dataclass(frozen=True, slots=True)
class Loss:
    """Lose the connection at this place of a deed of this kind."""

    known: Known
    place: Place
    fault: Fault
    what: str

    @property
    def key(self) -> tuple[str, Place, str]:
        """What tells it from any other."""
        return self.known.kind, self.place, self.what


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
    last = next((place for place, trip in reversed(known.places) if writes(trip)), None)
    if last is not None:
        yield Loss(known, last, Swallow(), "the answer did not come, then the line broke, after")
    for place, trip in reversed(known.places):
        even = trip.step % 2 == 0
        if even or writes(trip):
            yield Loss(known, place, CutAfter(even), "the line broke after")
        if not even or writes(trip):
            yield Loss(known, place, CutBefore(even), "the line broke before")


async def lose(
    lab: Lab, kinds: Mapping[str, Prepare], known: Iterable[Known], other: Ask, budget: float
) -> Losses:
    """Lose one connection after the other, for at most `budget` seconds; return what came of it.

    `other` asks for something else. It ends when the server does not answer others any more.
    """
    history, queue, wire = Losses(), deque(losses(known)), lab.wire
    before, ends = len(wire.connections), time.monotonic() + budget
    tried = {loss.key for loss in queue}
    tried_again: Counter[tuple[str, Place, str]] = Counter()
    while queue and history.goes_on and time.monotonic() < ends:
        loss = queue.popleft()
        try:
            attempt = await _lose(wire, kinds, loss, other)
        except Unprepared as error:
            history.unwell = error.exchange
            break
        if attempt.step:
            history.attempts.append(attempt)
            if _was_to_prepare(attempt) and tried_again[loss.key] < MOST_TRIES:
                tried_again[loss.key] += 1
                queue.append(loss)
        else:
            new = [each for each in _of_this_time(attempt) if each.key not in tried]
            tried |= {each.key for each in new}
            queue.extend(new)
    history.left_out = len(queue)
    history.forgotten = await forgotten_transactions(wire, lab.database, FORGOTTEN_SECONDS)
    history.connections = (before, len(wire.connections))
    return history


async def _lose(wire: Wire, kinds: Mapping[str, Prepare], loss: Loss, other: Ask) -> Attempt:
    """Lose one connection; of step 0 if the deed did not come to that place this time."""
    deed = await prepared(kinds[loss.known.kind])
    async with wire.watch(deed.kind, AtPlace(loss.place, loss.fault)) as trace:
        task = asyncio.create_task(deed.ask())
        passage = await _let_go(trace, loss, task)
        exchange = await task
    if passage is None:
        return Attempt(loss.known, "", 0, exchange, None, trips=tuple(trace.trips))
    back = await seconds_until_well(other, RECOVER_SECONDS)
    seen = await shown(deed) if back is not None else None
    again = await ask_again(deed.ask) if back is not None else None
    trips = tuple(trace.trips)
    fate = f"{loss.what} round trip {told(passage.trip)}"
    return Attempt(loss.known, fate, passage.trip.step, exchange, seen, again, back, trips)


def _of_this_time(attempt: Attempt) -> list[Loss]:
    """Return the losses of a deed that went another way this time than it did in peace."""
    if not attempt.trips or not succeeded(attempt.exchange):
        return []
    return list(_of(replace(attempt.known, trips=attempt.trips)))


def _was_to_prepare(attempt: Attempt) -> bool:
    """Whether what was lost had only been to prepare the statement that was meant."""
    return any(trip.step == attempt.step and only_prepared(trip) for trip in attempt.trips)


async def _let_go(trace: Trace, loss: Loss, task: asyncio.Task[Exchange]) -> Passage | None:
    """Return what was lost, None if the deed did not come to it; what is swallowed ends soon."""
    passage = await come_to_it(trace, task)
    if passage is not None and isinstance(loss.fault, Swallow):
        await asyncio.sleep(SWALLOWED_SECONDS)
        passage.release()
    return passage


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
