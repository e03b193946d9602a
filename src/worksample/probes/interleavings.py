"""Run two concurrent requests in a given interleaving of their database statements.

One request (the leader) runs up to its k-th round trip with the database and is held there. The
other (the follower) runs until it ends or is blocked. Then the leader continues. All k, with either
request as the leader, are the schedules with one preemption. Most races show in one of them
(Musuvathi and Qadeer, "Iterative Context Bounding for Systematic Testing of Multithreaded
Programs", PLDI 2007). With two preemptions the follower is held too, at its j-th round trip, while
the leader continues.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import replace
from typing import Any

from worksample.messages import message
from worksample.probes.exchange import Exchange
from worksample.probes.hold_points import HoldPointGate, hold_points_of, only_prepared
from worksample.probes.idle import POLL_SECONDS, StallClock
from worksample.probes.schedules import RequestState, Schedule, ScheduleRun, Step, Timeouts
from worksample.wire import Fault, Gate, Interception, RoundTrip, Trace, Wire
from worksample.wire.faults.hold import Hold

NAMES = ("A", "B")
_ROLLBACK = "ROLLBACK"

SendRequest = Callable[[], Awaitable[Exchange]]


async def run_serially(
    wire: Wire, requests: tuple[SendRequest, SendRequest], leader: int, timeouts: Timeouts
) -> ScheduleRun:
    """Run the request of the leader (0 or 1) to its end, then the other one."""
    schedule = Schedule(leader)
    runner = _ScheduleRunner(wire, requests, schedule, timeouts)
    for actor in (leader, schedule.follower):
        async with runner.tracing(actor, 0):
            await runner.begin(actor)
            await wire.wait_idle(timeouts.settling)
    return await runner.finish()


async def interleave(
    wire: Wire,
    requests: tuple[SendRequest, SendRequest],
    schedule: Schedule,
    timeouts: Timeouts,
    computes: Callable[[], bool] = lambda: False,
) -> ScheduleRun | None:
    """Run two requests by `schedule`; return None if the leader ended before it could be held.

    `computes` tells whether the server computes just now. Raises `DatabaseError` if the query for
    lock waits fails.
    """
    runner = _ScheduleRunner(wire, requests, schedule, timeouts, computes)
    async with runner.tracing(schedule.leader, schedule.hold):
        if not await runner.run_leader():
            return None
        async with runner.tracing(schedule.follower, schedule.then):
            await runner.run_follower()
            await runner.resume_leader()
            return await runner.finish()


class _StepGate:
    """A gate that holds the round trip with step `hold`. Set `hold` to 0 to hold nothing."""

    def __init__(self, hold: int) -> None:
        self.hold = hold

    def decide(self, trip: RoundTrip) -> Fault | None:
        """See `wire.Gate`."""
        return Hold() if trip.step == self.hold else None


class _ScheduleRunner:
    """The state of both requests while one schedule runs."""

    def __init__(
        self,
        wire: Wire,
        requests: tuple[SendRequest, SendRequest],
        schedule: Schedule,
        timeouts: Timeouts,
        computes: Callable[[], bool] = lambda: False,
    ) -> None:
        self._wire, self._requests, self._schedule = wire, requests, schedule
        self._timeouts, self._computes = timeouts, computes
        self._traces: dict[int, Trace] = {}
        self._gates: dict[int, _StepGate] = {}
        self._tasks: dict[int, asyncio.Task[Exchange]] = {}
        self._watches: dict[int, AsyncExitStack] = {}
        self._notes: dict[tuple[int, int], str] = {}
        self._interceptions: dict[int, Interception] = {}
        self._follower_state, self._follower_trips = RequestState.ENDED, 0
        self._held_since = self._held_seconds = 0.0

    @asynccontextmanager
    async def tracing(self, actor: int, hold: int) -> AsyncIterator[None]:
        """Trace the request of `actor`, and hold it before its round trip `hold`."""
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
        task = self._tasks[actor] = asyncio.ensure_future(self._send(actor))
        return task

    async def _send(self, actor: int) -> Exchange:
        """Send the request, and end its trace with the answer.

        If the trace stayed open, a later statement of the other request on another connection could
        be attributed to this one.
        """
        try:
            return await self._requests[actor]()
        finally:
            await self._watches[actor].aclose()

    async def run_leader(self) -> bool:
        """Run the leader until it is held; return False if it ends first."""
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
        """Run the follower until it ends, is blocked, or is held."""
        follower = self._schedule.follower
        self.begin(follower)
        self._follower_state = await self._run_until_stopped(follower, self._schedule.then)
        self._follower_trips = len(self._traces[follower].trips)
        note = message(
            "held here until {other} {state}", other=NAMES[follower], state=self._follower_state
        )
        self._notes[self._schedule.leader, self._schedule.hold] = note

    async def resume_leader(self) -> None:
        """Release the leader, and then the follower if it is held."""
        leader, follower = self._schedule.leader, self._schedule.follower
        self._held_seconds = time.monotonic() - self._held_since
        self._gates[follower].hold = 0
        self._interceptions[leader].release()
        interception = self._traces[follower].interceptions.get(self._schedule.then)
        if interception is not None:
            state = await self._run_until_stopped(leader, 0)
            self._notes[follower, self._schedule.then] = message(
                "held here until {other} {state}", other=NAMES[leader], state=state
            )
            interception.release()

    async def finish(self) -> ScheduleRun:
        """Wait for both answers and for the server's work after them; return the results."""
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
        """Wait until a request has ended, is held, or is blocked by the other one."""
        trace, task = self._traces[actor], self._tasks[actor]
        waits: dict[RequestState, asyncio.Future[Any]] = {
            RequestState.LOCKED: asyncio.ensure_future(trace.wait_for_lock(unless=task)),
            RequestState.HELD: asyncio.ensure_future(trace.wait_for_step(hold, unless=task)),
            RequestState.IDLE: asyncio.ensure_future(self._wait_until_idle(trace)),
        }
        try:
            await asyncio.wait((task, *waits.values()), return_when=asyncio.FIRST_COMPLETED)
            if task.done():
                return RequestState.ENDED
            state, wait = next((state, wait) for state, wait in waits.items() if wait.done())
            result = wait.result()
            return result if isinstance(result, RequestState) else state
        finally:
            for wait in waits.values():
                wait.cancel()
            await asyncio.wait(waits.values())

    async def _wait_until_idle(self, trace: Trace) -> RequestState:
        """Return when a request was refused a lock, or is stalled with no round trip in progress.

        A request that is refused a lock (NOWAIT, lock_timeout) may retry in vain while the other
        one is held. A stalled request waits for something outside the database: a lock in memory,
        a pooled connection, its turn.
        """
        refused = self._wire.upstream.errors.is_lock_refusal
        clock = StallClock(self._computes, self._timeouts.idle, self._timeouts.computing)
        while not clock.is_stalled(object() if trace.waiting else len(trace.trips)):
            if any(refused(trip.error) for trip in trace.trips):
                return RequestState.REFUSED
            await asyncio.sleep(POLL_SECONDS)
        return RequestState.IDLE

    def _steps(self) -> tuple[Step, ...]:
        """Return the steps of both requests, in the order seen by the database and the client."""
        found: list[Step] = []
        for actor, task in self._tasks.items():
            exchange = task.result()
            line = f"{exchange.request.method} {exchange.request.target}"
            found.append(Step(actor, line, "", exchange.started))
            for trip in (*self._traces[actor].trips, *self._traces[actor].late):
                notes = self._notes.get((actor, trip.step)), self._error_name(trip)
                note = "; ".join(filter(None, notes))
                if note or not only_prepared(trip):
                    found.append(Step(actor, str(trip), note, trip.sent or trip.started))
            answer = str(exchange.status or exchange.trouble)
            found.append(Step(actor, f"→ {answer}", "", exchange.started + exchange.seconds))
        return tuple(sorted(found, key=lambda step: step.at))

    def _error_name(self, trip: RoundTrip) -> str:
        return self._wire.upstream.errors.describe(trip.error) if trip.error else ""


def _last_error(trace: Trace) -> str:
    """Return the error code of the last statement other than ROLLBACK, "" if it succeeded."""
    statements = (trip for trip in reversed(trace.trips) if _ROLLBACK not in str(trip).upper())
    return next((trip.error for trip in statements), "")
