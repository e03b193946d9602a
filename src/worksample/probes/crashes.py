"""Crash points: the server is killed before each round trip of each kind of write.

Many deeds are held at once, each before a round trip of its own, so that one kill and one start
show what became of all of them.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Iterable, Mapping
from contextlib import AsyncExitStack
from dataclasses import dataclass, field, replace

from worksample.probes.deeds import (
    Ask,
    Attempt,
    Deed,
    Known,
    Prepare,
    ask_again,
    come_to_it,
    prepared,
    shown,
    succeeded,
    told,
)
from worksample.probes.exchange import Exchange
from worksample.probes.places import AtPlace, Place
from worksample.targets import Lab
from worksample.wire import Passage, Trace
from worksample.wire.faults.hold import Hold

#: So many are held at once: a common pool has ten connections, and others must be served.
WIDTH = 7
MOST_KILLS = 14
REACH_SECONDS = 4.0
SETTLE_SECONDS = 0.3

Started = Callable[[], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Point:
    """Kill before this place of a deed of this kind."""

    known: Known
    place: Place

    @property
    def key(self) -> tuple[str, Place]:
        """What tells it from any other."""
        return self.known.kind, self.place


@dataclass(slots=True)
class Held:
    """A deed under way; `reached` is where it stands before its point, None if it does not."""

    point: Point
    deed: Deed
    task: asyncio.Task[Exchange]
    trace: Trace
    reached: Passage | None = None

    @property
    def stuck(self) -> bool:
        """Whether it neither gets to its point nor to its end."""
        return self.reached is None and not self.task.done()


@dataclass(slots=True)
class Crashes:
    """What came of all kills. `left_out` are the points that were never reached."""

    attempts: list[Attempt] = field(default_factory=list)
    left_out: list[Point] = field(default_factory=list)
    kills: int = 0


def points(known: Iterable[Known]) -> list[Point]:
    """Return all points at which a crash could matter, one of each kind before the second."""
    found = [
        (number, Point(each, place))
        for each in known
        for number, place in enumerate(reversed(each.telling))
    ]
    return [point for _, point in sorted(found, key=lambda pair: pair[0])]


async def crash(
    lab: Lab,
    kinds: Mapping[str, Prepare],
    known: Iterable[Known],
    barrier: Ask,
    started: Started,
) -> Crashes:
    """Kill at every point, start again after each kill, and see what is there.

    At most `MOST_KILLS` times. `barrier` asks for something else, `started` is called after each
    start. Raises `StartFailed` if the server does not start again, `Unprepared` if it then does not
    work.
    """
    history, queue, width = Crashes(), deque(points(known)), WIDTH
    tried = {point.key for point in queue}
    while queue and history.kills < MOST_KILLS:
        batch = [queue.popleft() for _ in range(min(width, len(queue)))]
        held = await _hold_and_kill(lab, kinds, batch, barrier)
        history.kills += 1
        await lab.target.begin()
        await started()
        history.attempts += [await _judged(each) for each in held]
        untried = batch[len(held) :]
        if untried or not _got_there(held[-1]):
            width = max(1, len(held) - 1)
            untried = [held[-1].point, *untried] if len(batch) > 1 else []
            history.left_out += [] if untried else batch
        queue.extendleft(reversed(untried))
        for each in held:
            new = [point for point in _of_this_time(each) if point.key not in tried]
            tried |= {point.key for point in new}
            queue.extend(new)
    history.left_out += queue
    return history


async def _hold_and_kill(
    lab: Lab, kinds: Mapping[str, Prepare], batch: list[Point], barrier: Ask
) -> list[Held]:
    """Let each of the batch run up to its point, then kill; one that gets stuck ends the row."""
    deeds = [await prepared(kinds[point.known.kind]) for point in batch]
    held: list[Held] = []
    async with AsyncExitStack() as stack:
        for point, deed in zip(batch, deeds, strict=True):
            held.append(await _run_up_to(lab, stack, point, deed))
            if held[-1].stuck:
                break
        await _let_answers_come(held, barrier)
        await lab.target.kill()
        await asyncio.wait([each.task for each in held])
    return held


async def _run_up_to(lab: Lab, stack: AsyncExitStack, point: Point, deed: Deed) -> Held:
    """Start a deed: it is held at its point, or ends, or does neither in time.

    The watch over one that has ended is closed, so that the next one's round trips are its own.
    """
    async with AsyncExitStack() as own:
        watch = lab.wire.watch(point.known.kind, AtPlace(point.place, Hold()))
        trace = await own.enter_async_context(watch)
        held = Held(point, deed, asyncio.create_task(deed.ask()), trace)
        try:
            async with asyncio.timeout(REACH_SECONDS):
                held.reached = await come_to_it(trace, held.task)
        except TimeoutError:
            pass
        if held.reached is not None or held.stuck:
            stack.push_async_exit(own.pop_all())
        else:
            await lab.wire.quiet(SETTLE_SECONDS)
    return held


async def _let_answers_come(held: list[Held], barrier: Ask) -> None:
    """Wait until a later request is answered: what is answered while it is held, is by then."""
    asking = asyncio.create_task(barrier())
    await asyncio.wait((asking,), timeout=REACH_SECONDS / 2)
    waiting = [each.task for each in held if not each.task.done()]
    if waiting:
        await asyncio.wait(waiting, timeout=SETTLE_SECONDS)
    asking.cancel()
    await asyncio.wait((asking,))


def _of_this_time(held: Held) -> list[Point]:
    """Return the points of a deed that never came to its point: it went another way this time."""
    trips = tuple(held.trace.trips)
    if held.reached is not None or not trips or not succeeded(held.task.result()):
        return []
    known = replace(held.point.known, trips=trips)
    return [Point(known, place) for place in known.telling]


def _got_there(held: Held) -> bool:
    return held.reached is not None or held.task.result().response is not None


async def _judged(held: Held) -> Attempt:
    seen = await shown(held.deed)
    trip = held.reached.trip if held.reached is not None else None
    when = f"before round trip {told(trip)}" if trip is not None else "after the answer"
    return Attempt(
        known=held.point.known,
        fate=f"the server was killed {when}",
        step=trip.step if trip is not None else 0,
        exchange=held.task.result(),
        seen=seen,
        again=await ask_again(held.deed.ask),
        trips=tuple(held.trace.trips),
    )
