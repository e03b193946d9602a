"""Two requests at once, in every order that their statements allow: search where others hope.

One request runs up to its k-th round trip with the database and is held there; the other runs as
far as it can; then the first goes on. For every k, and for both requests as the one that is held:
these are the schedules with one preemption, and most races show in one of them (Musuvathi and
Qadeer, "Iterative Context Bounding for Systematic Testing of Multithreaded Programs", PLDI 2007).
With two preemptions the other one is held too, at its j-th round trip, while the first goes on.
"""

from __future__ import annotations

import asyncio
import re
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import replace
from typing import Any

import psycopg

from worksample.probes.exchange import Exchange
from worksample.probes.places import AtPlace, only_prepared, places_of
from worksample.probes.schedules import How, Patience, Played, Schedule, Step
from worksample.wire import Fault, Gate, Passage, RoundTrip, Trace, Wire
from worksample.wire.faults.hold import Hold

NAMES = ("A", "B")
_LOOK = 0.005
_LONGEST_LOOK = 4 * _LOOK
_CAPITAL = re.compile("[A-Z]")
_LOCK_NOT_AVAILABLE = "55P03"
_ROLLBACK = "ROLLBACK"

Ask = Callable[[], Awaitable[Exchange]]


async def one_after_the_other(
    wire: Wire, asks: tuple[Ask, Ask], leader: int, patience: Patience
) -> Played:
    """Ask the leader (0 or 1), and when it has ended the other."""
    schedule = Schedule(leader)
    game = _Game(wire, asks, schedule, patience)
    for actor in (leader, schedule.follower):
        async with game.watching(actor, 0):
            await game.begin(actor)
            await wire.quiet(patience.settling)
    return await game.end()


async def interleave(
    wire: Wire, asks: tuple[Ask, Ask], schedule: Schedule, patience: Patience
) -> Played | None:
    """Let two requests run as `schedule` says; None if the leader ended before it could be held.

    Raises `psycopg.Error` if PostgreSQL cannot be asked who waits for whom.
    """
    game = _Game(wire, asks, schedule, patience)
    async with game.watching(schedule.leader, schedule.hold):
        if not await game.lead():
            return None
        async with game.watching(schedule.follower, schedule.then):
            await game.follow()
            await game.go_on()
            return await game.end()


class _Gate:
    """Holds the round trip with the number `hold`, if it comes while that is still said."""

    def __init__(self, hold: int) -> None:
        self.hold = hold

    def decide(self, trip: RoundTrip) -> Fault | None:
        """See `wire.Gate`."""
        return Hold() if trip.step == self.hold else None


class _Game:
    """Both requests, as one schedule goes on."""

    def __init__(
        self, wire: Wire, asks: tuple[Ask, Ask], schedule: Schedule, patience: Patience
    ) -> None:
        self._wire, self._asks, self._schedule = wire, asks, schedule
        self._patience = patience
        self._traces: dict[int, Trace] = {}
        self._gates: dict[int, _Gate] = {}
        self._tasks: dict[int, asyncio.Task[Exchange]] = {}
        self._watches: dict[int, AsyncExitStack] = {}
        self._notes: dict[tuple[int, int], str] = {}
        self._passages: dict[int, Passage] = {}
        self._how, self._came = How.ENDED, 0
        self._since = self._held = 0.0

    @asynccontextmanager
    async def watching(self, actor: int, hold: int) -> AsyncIterator[None]:
        """Watch what the request of `actor` does, and hold it before its round trip `hold`."""
        self._gates[actor] = _Gate(hold)
        gate: Gate = self._gates[actor]
        if actor == self._schedule.leader and self._schedule.place is not None:
            gate = AtPlace(self._schedule.place, Hold())
        async with AsyncExitStack() as stack:
            self._watches[actor] = stack
            watch = self._wire.watch(NAMES[actor], gate)
            self._traces[actor] = await stack.enter_async_context(watch)
            try:
                yield
            finally:
                if (task := self._tasks.get(actor)) and not task.done():
                    task.cancel()
                    await asyncio.wait((task,))

    def begin(self, actor: int) -> asyncio.Task[Exchange]:
        """Send the request of `actor`."""
        task = self._tasks[actor] = asyncio.ensure_future(self._ask(actor))
        return task

    async def _ask(self, actor: int) -> Exchange:
        """Ask, and end the watch with the answer: what comes then is not this request's doing.

        With its watch open, a statement of the other one on another connection could be taken for
        its own, and the story would be told of the wrong one.
        """
        try:
            return await self._asks[actor]()
        finally:
            await self._watches[actor].aclose()

    async def lead(self) -> bool:
        """Let the leader run until it is held; False if it ends before."""
        leader = self._schedule.leader
        task = self.begin(leader)
        passage = await self._traces[leader].befallen(unless=task)
        if passage is None:
            await task
            return False
        self._schedule = replace(self._schedule, hold=passage.trip.step)
        self._passages[leader] = passage
        self._since = time.monotonic()
        return True

    async def follow(self) -> None:
        """Let the other run as far as it can, or until it is held."""
        follower = self._schedule.follower
        self.begin(follower)
        self._how = await self._as_far_as_it_can(follower, self._schedule.then)
        self._came = len(self._traces[follower].trips)
        name = NAMES[follower]
        notes = {How.ENDED: f"held here until {name} has ended"}
        note = notes.get(self._how, f"held here until {name} {self._how}")
        self._notes[self._schedule.leader, self._schedule.hold] = note

    async def go_on(self) -> None:
        """Let the leader go on, and then the other, if that is held."""
        leader, follower = self._schedule.leader, self._schedule.follower
        self._held = time.monotonic() - self._since
        self._gates[follower].hold = 0
        self._passages[leader].release()
        passage = self._traces[follower].passages.get(self._schedule.then)
        if passage is not None:
            how = await self._as_far_as_it_can(leader, 0)
            note = f"held here until {NAMES[leader]} {'has ended' if how is How.ENDED else how}"
            self._notes[follower, self._schedule.then] = note
            passage.release()

    async def end(self) -> Played:
        """Wait for both answers and for what the server does after them."""
        await asyncio.wait(self._tasks.values())
        settled = await self._wire.quiet(self._patience.settling)
        traces = (self._traces[0], self._traces[1])
        return Played(
            schedule=self._schedule,
            exchanges=(self._tasks[0].result(), self._tasks[1].result()),
            steps=self._steps(),
            follower=self._how,
            round_trips=self._came,
            held=self._held,
            lengths=(len(traces[0].trips), len(traces[1].trips)),
            last_errors=(_last_error(traces[0]), _last_error(traces[1])),
            settled=settled,
            places=places_of(traces[self._schedule.leader].trips),
            sure=all(trace.sure for trace in traces),
        )

    async def _as_far_as_it_can(self, actor: int, hold: int) -> How:
        """Wait until a request has ended, is held, or can go no further without the other."""
        trace, task = self._traces[actor], self._tasks[actor]
        waits: dict[How, asyncio.Future[Any]] = {
            How.LOCKED: asyncio.ensure_future(trace.stuck(unless=task)),
            How.HELD: asyncio.ensure_future(trace.reached(hold, unless=task)),
            How.IDLE: asyncio.ensure_future(_no_further(trace, self._patience.idle)),
        }
        try:
            await asyncio.wait((task, *waits.values()), return_when=asyncio.FIRST_COMPLETED)
            if task.done():
                return How.ENDED
            how, wait = next((how, wait) for how, wait in waits.items() if wait.done())
            told = wait.result()
            return told if isinstance(told, How) else how
        finally:
            for wait in waits.values():
                wait.cancel()
            await asyncio.wait(waits.values())

    def _steps(self) -> tuple[Step, ...]:
        """Return what both did, in the order in which PostgreSQL and the client saw it."""
        found: list[Step] = []
        for actor, task in self._tasks.items():
            exchange = task.result()
            said = f"{exchange.request.method} {exchange.request.target}"
            found.append(Step(actor, said, "", exchange.started))
            for trip in (*self._traces[actor].trips, *self._traces[actor].late):
                note = "; ".join(filter(None, (self._notes.get((actor, trip.step)), _fate(trip))))
                if note or not only_prepared(trip):
                    found.append(Step(actor, str(trip), note, trip.sent or trip.started))
            answer = str(exchange.status or exchange.trouble)
            found.append(Step(actor, f"→ {answer}", "", exchange.started + exchange.seconds))
        return tuple(sorted(found, key=lambda step: step.at))


async def _no_further(trace: Trace, patience: float) -> How:
    """Return once a request was refused a lock, or had nothing in the database for `patience` s.

    Refused (NOWAIT, lock_timeout), it may ask again and again, in vain while the other one is
    held. Else it computes, or waits for something that is not in the database: a lock in memory,
    a free connection, its turn. A moment in which we ourselves got no turn is not counted: what
    the server sent meanwhile has not even been read.
    """
    last, still, seen = time.monotonic(), 0.0, -1
    while still < patience:
        if any(trip.error == _LOCK_NOT_AVAILABLE for trip in trace.trips):
            return How.REFUSED
        now = time.monotonic()
        still, last = still + min(now - last, _LONGEST_LOOK), now
        if trace.waiting or len(trace.trips) != seen:
            still, seen = 0.0, len(trace.trips)
        await asyncio.sleep(_LOOK)
    return How.IDLE


def _last_error(trace: Trace) -> str:
    """Return what the last statement failed with, but for the ROLLBACK that follows a failure."""
    statements = (trip for trip in reversed(trace.trips) if _ROLLBACK not in str(trip).upper())
    return next((trip.error for trip in statements), "")


def _fate(trip: RoundTrip) -> str:
    """Say how a round trip failed, by PostgreSQL's name for it: `deadlock detected (40P01)`."""
    if not trip.error:
        return ""
    try:
        name = psycopg.errors.lookup(trip.error).__name__
    except KeyError:
        return f"error {trip.error}"
    return f"{_CAPITAL.sub(lambda found: ' ' + found[0].lower(), name).strip()} ({trip.error})"
