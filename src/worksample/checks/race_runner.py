"""Run a race: both serial orders first, then the interleavings of the two requests' statements.

The interleavings are schedules with one preemption (one request is held before one of its round
trips with the database while the other runs), then a sample of those with two. Where Worksample
cannot hold statements, both requests are sent at the same moment, many times.
"""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager, nullcontext
from dataclasses import dataclass, replace
from http import HTTPStatus
from typing import Any

from worksample.checks.answer import Answer
from worksample.checks.outcome import Skipped
from worksample.checks.races import Outcome, Race, RaceFactory
from worksample.checks.world import World
from worksample.messages import message
from worksample.probes.exchange import Exchange
from worksample.probes.hold_points import HoldPoint, HoldPointTracker
from worksample.probes.interleavings import interleave, run_serially
from worksample.probes.schedules import RequestState, Schedule, ScheduleRun, Timeouts

MAX_ROUND_TRIPS = 40
#: `Timeouts.computing` is so many times the slowest serial response, within these bounds in
#: seconds; `Timeouts.idle` is no longer than that, and at most `MAX_IDLE`.
COMPUTING_PER_RESPONSE = 5.0
MAX_COMPUTING = 30.0
MAX_IDLE = 2.0
#: A request that fails after being held for this many seconds may have hit a time limit of the
#: server; the schedule is then run again.
LONG_HELD = 1.0
MAX_ATTEMPTS = 3
#: After this many schedules in a row in which the second request did not reach the database while
#: the first was held, the server is taken to serialize requests. `Timeouts.idle` then drops to
#: SHORT_IDLE: just enough for the second request to queue up.
SERIALIZED_IN_A_ROW = 3
SHORT_IDLE = 0.03
#: Without holding: the number of bursts, and of pairs of requests in each.
BURSTS = 4
PAIRS_AT_ONCE = 8
_RATE_LIMITED = "the server's rate limiter answers 429: switch it off for this run"


class RequestPair:
    """The two requests of a race as callables, and their answers by actor (0 or 1)."""

    def __init__(self, race: Race) -> None:
        self.answers: dict[int, Answer] = {}
        self._race = race

    @property
    def senders(
        self,
    ) -> tuple[Callable[[], Awaitable[Exchange]], Callable[[], Awaitable[Exchange]]]:
        """Callables that send the first and the second request."""
        return (lambda: self._send(0)), (lambda: self._send(1))

    async def _send(self, actor: int) -> Exchange:
        send = self._race.second if actor else self._race.first
        answer = self.answers[actor] = await send()
        return answer.exchange


Execute = Callable[[RequestPair], Awaitable[ScheduleRun | None]]


@dataclass(frozen=True, slots=True)
class Trial:
    """One run of a race: its outcome, all exchanges, and the schedule as it was executed.

    `execution` is None if nothing was held. A trial is not `conclusive` if a request failed
    because Worksample held it for too long.
    """

    outcome: Outcome
    answers: tuple[Answer, Answer]
    exchanges: tuple[Exchange, ...]
    execution: ScheduleRun | None = None
    conclusive: bool = True

    @property
    def mirrored(self) -> Trial:
        """This trial, had the two requests changed places."""
        return replace(
            self, outcome=self.outcome.mirrored, answers=(self.answers[1], self.answers[0])
        )


class RaceRunner:
    """Runs the races that `new_race` makes on the world's server.

    `with_wire` says whether statements can be held. `serializes_requests` becomes true when the
    server is seen to send no statement of a second request while one of the first is in progress.
    """

    def __init__(self, world: World, new_race: RaceFactory, with_wire: bool) -> None:
        self._world, self._new_race = world, new_race
        self.with_wire = with_wire
        self.serializes_requests = False
        self._patience = Timeouts()
        self._serial_places: dict[int, Mapping[int, HoldPoint]] = {}

    async def serial(self, leader: int) -> Trial:
        """Send the request of `leader` (0 or 1), then the other one, on fresh data."""
        trial = await self._run(lambda pair: self._in_turn(pair, leader))
        assert trial is not None
        if trial.execution is not None:
            self._serial_places[leader] = trial.execution.hold_points
        slowest = max(answer.exchange.seconds for answer in trial.answers)
        computing = max(self._patience.computing, COMPUTING_PER_RESPONSE * slowest)
        self._patience = replace(
            self._patience,
            idle=min(computing, MAX_IDLE),
            computing=min(computing, MAX_COMPUTING),
        )
        return trial

    async def search(self, leaders: Sequence[int], double_preemptions: int) -> AsyncIterator[Trial]:
        """Run every schedule with one preemption of a leader, then a sample of those with two.

        `double_preemptions` is the size of the sample; it is 0 for a server that serializes
        requests, because two requests cannot be held there.
        """
        lengths = [0, 0]
        in_a_row = 0
        for leader in leaders:
            async for trial in self._single_preemptions(leader):
                yield trial
                assert trial.execution is not None
                lengths = [max(pair) for pair in zip(lengths, trial.execution.lengths, strict=True)]
                in_a_row = in_a_row + 1 if _was_serialized(trial.execution) else 0
                if in_a_row == SERIALIZED_IN_A_ROW:
                    self.serializes_requests = True
                    self._patience = replace(self._patience, idle=SHORT_IDLE)
        size = 0 if self.serializes_requests else double_preemptions
        for schedule in self._sample_double_preemptions(leaders, lengths, size):
            if (sampled := await self._interleaved(schedule)) is not None:
                yield sampled

    async def _single_preemptions(self, leader: int) -> AsyncIterator[Trial]:
        """Hold the leader before each round trip, then at every place that was seen but not held.

        Places of the serial runs count as seen: a request that is held early may not reach them.
        """
        hold_points = HoldPointTracker()
        alone = self._serial_places.get(leader, {})
        hold_points.record(alone, 0)
        # Until it is held, the leader is alone: it has no more round trips than in the serial run.
        for hold in range(1, min(max(alone, default=0) + 1, MAX_ROUND_TRIPS)):
            trial = await self._interleaved(Schedule(leader, hold))
            if trial is None:
                break
            assert trial.execution is not None
            hold_points.record(trial.execution.hold_points, hold)
            yield trial
        while hold_point := hold_points.next_unheld():
            trial = await self._interleaved(Schedule(leader, hold_point=hold_point))
            if trial is not None:
                assert trial.execution is not None
                hold_points.record(trial.execution.hold_points, trial.execution.schedule.hold)
                yield trial

    async def bursts(self) -> AsyncIterator[Trial]:
        """Run `BURSTS` bursts of `PAIRS_AT_ONCE` pairs: chance replaces search here."""
        for _ in range(BURSTS):
            for trial in await self.burst(PAIRS_AT_ONCE):
                yield trial

    async def burst(self, pairs: int) -> list[Trial]:
        """Send the requests of `pairs` races at the same moment, each race on fresh data."""
        races = [await self._new_race() for _ in range(pairs)]
        sent = [RequestPair(race) for race in races]
        with self._without_idle_connections():
            await asyncio.gather(*(send() for pair in sent for send in pair.senders))
        return [await self._trial(*each, None, ()) for each in zip(races, sent, strict=True)]

    def _sample_double_preemptions(
        self, leaders: Sequence[int], lengths: Sequence[int], size: int
    ) -> list[Schedule]:
        """Sample schedules that hold both requests, each after its first round trip.

        Held before its first round trip, a request has not begun: that is a single preemption.
        """
        schedules = [
            Schedule(leader, hold, then)
            for leader in leaders
            for hold, then in itertools.product(
                range(2, lengths[leader] + 1), range(2, lengths[1 - leader] + 1)
            )
        ]
        return self._world.rng.sample(schedules, min(size, len(schedules)))

    async def _interleaved(self, schedule: Schedule) -> Trial | None:
        """Run `schedule`, again if a request failed after being held for long.

        Returns None if the leader ended before it could be held.
        """
        trial = None
        for _ in range(MAX_ATTEMPTS):
            trial = await self._run(lambda pair: self._interleave(pair, schedule))
            if trial is None or not trial.outcome.failed:
                return trial
            assert trial.execution is not None
            if trial.execution.held < LONG_HELD or self._is_conflict(trial):
                return trial
        assert trial is not None
        self._world.note(
            message(
                "some interleavings are not judged: a request failed after being held "
                "for {seconds} s or longer",
                seconds=f"{LONG_HELD:.0f}",
            )
        )
        return replace(trial, conclusive=False)

    @contextmanager
    def _without_idle_connections(self) -> Iterator[None]:
        """Keep no connection open: a server with one thread would wait for a request on it."""
        with ExitStack() as stack:
            for client in (self._world.session.client, *self._world.context.extra_clients):
                stack.enter_context(client.without_keep_alive())
            yield

    def _is_conflict(self, trial: Trial) -> bool:
        """Whether a request failed on a database conflict, which no waiting explains."""
        assert trial.execution is not None
        errors = self._world.wire.upstream.errors
        return any(
            each == "failed" and errors.is_conflict(error)
            for each, error in zip(trial.outcome.classes, trial.execution.last_errors, strict=True)
        )

    async def _run(self, execute: Execute) -> Trial | None:
        """Make a race and `execute` it; None if a request was not sent."""
        with self._without_idle_connections() if self.serializes_requests else nullcontext():
            return await self._run_once(execute)

    async def _run_once(self, execute: Execute) -> Trial | None:
        began = len(self._world.session.exchanges)
        race = await self._new_race()
        pair = RequestPair(race)
        execution = await execute(pair)
        if execution is not None and not execution.settled:
            self._patience = replace(self._patience, settling=SHORT_IDLE)
        if len(pair.answers) < 2:
            return None
        return await self._trial(race, pair, execution, self._world.session.exchanges[began:])

    async def _trial(
        self,
        race: Race,
        pair: RequestPair,
        execution: ScheduleRun | None,
        before: Sequence[Exchange],
    ) -> Trial:
        """Read the state after a race; `before` holds the exchanges up to the answers.

        Raises `Skipped` if the server's rate limiter rejected a request.
        """
        known = len(self._world.session.exchanges)
        first, second = pair.answers[0], pair.answers[1]
        if HTTPStatus.TOO_MANY_REQUESTS in (first.status, second.status):
            raise Skipped(_RATE_LIMITED)
        classes = race.classify(first), race.classify(second)
        views = _view(race, first, classes[0]), _view(race, second, classes[1])
        outcome = Outcome(classes, views, await race.read_state())
        after = self._world.session.exchanges[known:]
        exchanges = (*(before or (first.exchange, second.exchange)), *after)
        return Trial(outcome, (first, second), exchanges, execution)

    async def _in_turn(self, pair: RequestPair, leader: int) -> ScheduleRun | None:
        if self.with_wire:
            return await run_serially(self._world.wire, pair.senders, leader, self._patience)
        for actor in (leader, 1 - leader):
            await pair.senders[actor]()
        return None

    async def _interleave(self, pair: RequestPair, schedule: Schedule) -> ScheduleRun | None:
        world = self._world
        return await interleave(
            world.wire, pair.senders, schedule, self._patience, world.server_computes
        )


def _view(race: Race, answer: Answer, response_class: str) -> Any:
    return race.view(answer) if race.view is not None and response_class == "done" else None


def _was_serialized(execution: ScheduleRun) -> bool:
    return execution.follower is RequestState.IDLE and not execution.round_trips
