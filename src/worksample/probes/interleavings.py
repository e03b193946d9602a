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
from worksample.probes.hold_points import HoldPointGate, hold_points_of, only_prepared
from worksample.probes.schedules import RequestState, Schedule, ScheduleRun, Step, Timeouts
from worksample.wire import Fault, Gate, Interception, RoundTrip, Trace, Wire
from worksample.wire.faults.hold import Hold

NAMES = ("A", "B")
_POLL_SECONDS = 0.005
_MAX_POLL_SECONDS = 4 * _POLL_SECONDS
_CAPITAL = re.compile("[A-Z]")
_LOCK_NOT_AVAILABLE = "55P03"
_ROLLBACK = "ROLLBACK"

SendRequest = Callable[[], Awaitable[Exchange]]


async def run_serially(
    wire: Wire, requests: tuple[SendRequest, SendRequest], leader: int, timeouts: Timeouts
) -> ScheduleRun:
    """Ask the leader (0 or 1), and when it has ended the other."""
    schedule = Schedule(leader)
    runner = _ScheduleRunner(wire, requests, schedule, timeouts)
    for actor in (leader, schedule.follower):
        async with runner._tracing(actor, 0):
            await runner.begin(actor)
            await wire.wait_idle(timeouts.settling)
    return await runner.finish()


async def interleave(
    wire: Wire, requests: tuple[SendRequest, SendRequest], schedule: Schedule, timeouts: Timeouts
) -> ScheduleRun | None:
    """Let two requests run as `schedule` says; None if the leader ended before it could be held.

    Raises `psycopg.Error` if PostgreSQL cannot be asked who waits for whom.
    """
    runner = _ScheduleRunner(wire, requests, schedule, timeouts)
    async with runner._tracing(schedule.leader, schedule.hold):
        if not await runner.run_leader():
            return None
        async with runner._tracing(schedule.follower, schedule.then):
            await runner.run_follower()
            await runner.resume_leader()
            return await runner.finish()


class _StepGate:
    """Holds the round trip with the number `hold`, if it comes while that is still said."""

    def __init__(self, hold: int) -> None:
        self.hold = hold

    def decide(self, trip: RoundTrip) -> Fault | None:
        """See `wire.Gate`."""
        return Hold() if trip.step == self.hold else None


class _ScheduleRunner:
    """Both requests, as one schedule goes on."""

    def __init__(
        self,
        wire: Wire,
        requests: tuple[SendRequest, SendRequest],
        schedule: Schedule,
        timeouts: Timeouts,
    ) -> None:
        self._wire, self._requests, self._schedule = wire, requests, schedule
        self._timeouts = timeouts
        self._traces: dict[int, Trace] = {}
        self._gates: dict[int, _StepGate] = {}
        self._tasks: dict[int, asyncio.Task[Exchange]] = {}
        self._watches: dict[int, AsyncExitStack] = {}
        self._notes: dict[tuple[int, int], str] = {}
        self._interceptions: dict[int, Interception] = {}
        self._follower_state, self._follower_trips = RequestState.ENDED, 0
        self._held_since = self._held_seconds = 0.0

    @asynccontextmanager
    async def _tracing(self, actor: int, hold: int) -> AsyncIterator[None]:
        """Watch what the request of `actor` does, and hold it before its round trip `hold`."""
        self._gates[actor] = _StepGate(hold)
        gate: Gate = self._gates[actor]
        if actor == self._schedule.leader and self._schedule.hold_point is not None:
            gate = HoldPointGate(self._schedule.hold_point, Hold())
        async with AsyncExitStack() as stack:
            self._watches[actor] = stack
            watch = self._wire.trace(NAMES[actor], gate)
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
            return await self._requests[actor]()
        finally:
            await self._watches[actor].aclose()

    async def run_leader(self) -> bool:
        """Let the leader run until it is held; False if it ends before."""
        leader = self._schedule.leader
        task = self.begin(leader)
        interception = await self._traces[leader].wait_for_fault(unless=task)
        if interception is None:
            await task
            return False
        self._schedule = replace(self._schedule, hold=interception.trip.step)
        self._interceptions[leader] = interception
        self._held_since = time.monotonic()
        return True

    async def run_follower(self) -> None:
        """Let the other run as far as it can, or until it is held."""
        follower = self._schedule.follower
        self.begin(follower)
        self._follower_state = await self._run_until_stopped(follower, self._schedule.then)
        self._follower_trips = len(self._traces[follower].trips)
        name = NAMES[follower]
        notes = {RequestState.ENDED: f"held here until {name} has ended"}
        note = notes.get(self._follower_state, f"held here until {name} {self._follower_state}")
        self._notes[self._schedule.leader, self._schedule.hold] = note

    async def resume_leader(self) -> None:
        """Let the leader go on, and then the other, if that is held."""
        leader, follower = self._schedule.leader, self._schedule.follower
        self._held_seconds = time.monotonic() - self._held_since
        self._gates[follower].hold = 0
        self._interceptions[leader].release()
        interception = self._traces[follower].interceptions.get(self._schedule.then)
        if interception is not None:
            how = await self._run_until_stopped(leader, 0)
            note = f"held here until {NAMES[leader]} {'has ended' if how is RequestState.ENDED else how}"
            self._notes[follower, self._schedule.then] = note
            interception.release()

    async def finish(self) -> ScheduleRun:
        """Wait for both answers and for what the server does after them."""
        await asyncio.wait(self._tasks.values())
        settled = await self._wire.wait_idle(self._timeouts.settling)
        traces = (self._traces[0], self._traces[1])
        return ScheduleRun(
            schedule=self._schedule,
            exchanges=(self._tasks[0].result(), self._tasks[1].result()),
            steps=self._steps(),
            follower=self._follower_state,
            round_trips=self._follower_trips,
            held=self._held_seconds,
            lengths=(len(traces[0].trips), len(traces[1].trips)),
            last_errors=(_last_error(traces[0]), _last_error(traces[1])),
            settled=settled,
            hold_points=hold_points_of(traces[self._schedule.leader].trips),
            sure=all(trace.sure for trace in traces),
        )

    async def _run_until_stopped(self, actor: int, hold: int) -> RequestState:
        """Wait until a request has ended, is held, or can go no further without the other."""
        trace, task = self._traces[actor], self._tasks[actor]
        waits: dict[RequestState, asyncio.Future[Any]] = {
            RequestState.LOCKED: asyncio.ensure_future(trace.wait_for_lock(unless=task)),
            RequestState.HELD: asyncio.ensure_future(trace.wait_for_step(hold, unless=task)),
            RequestState.IDLE: asyncio.ensure_future(_wait_until_idle(trace, self._timeouts.idle)),
        }
        try:
            await asyncio.wait((task, *waits.values()), return_when=asyncio.FIRST_COMPLETED)
            if task.done():
                return RequestState.ENDED
            how, wait = next((how, wait) for how, wait in waits.items() if wait.done())
            result = wait.result()
            return result if isinstance(result, RequestState) else how
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
                note = "; ".join(
                    filter(None, (self._notes.get((actor, trip.step)), _error_name(trip)))
                )
                if note or not only_prepared(trip):
                    found.append(Step(actor, str(trip), note, trip.sent or trip.started))
            answer = str(exchange.status or exchange.trouble)
            found.append(Step(actor, f"→ {answer}", "", exchange.started + exchange.seconds))
        return tuple(sorted(found, key=lambda step: step.at))


async def _wait_until_idle(trace: Trace, timeouts: float) -> RequestState:
    """Return once a request was refused a lock, or had nothing in the database for `timeouts` s.

    Refused (NOWAIT, lock_timeout), it may ask again and again, in vain while the other one is
    held. Else it computes, or waits for something that is not in the database: a lock in memory,
    a free connection, its turn. A moment in which we ourselves got no turn is not counted: what
    the server sent meanwhile has not even been read.
    """
    last, still, seen = time.monotonic(), 0.0, -1
    while still < timeouts:
        if any(trip.error == _LOCK_NOT_AVAILABLE for trip in trace.trips):
            return RequestState.REFUSED
        now = time.monotonic()
        still, last = still + min(now - last, _MAX_POLL_SECONDS), now
        if trace.waiting or len(trace.trips) != seen:
            still, seen = 0.0, len(trace.trips)
        await asyncio.sleep(_POLL_SECONDS)
    return RequestState.IDLE


def _last_error(trace: Trace) -> str:
    """Return what the last statement failed with, but for the ROLLBACK that follows a failure."""
    statements = (trip for trip in reversed(trace.trips) if _ROLLBACK not in str(trip).upper())
    return next((trip.error for trip in statements), "")


def _error_name(trip: RoundTrip) -> str:
    """Say how a round trip failed, by PostgreSQL's name for it: `deadlock detected (40P01)`."""
    if not trip.error:
        return ""
    try:
        name = psycopg.errors.lookup(trip.error).__name__
    except KeyError:
        return f"error {trip.error}"
    return f"{_CAPITAL.sub(lambda found: ' ' + found[0].lower(), name).strip()} ({trip.error})"
